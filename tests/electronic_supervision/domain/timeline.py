"""Named times, facts and cases that the tests of the domain speak in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.case import fold
from services.electronic_supervision.domain.clocks import TOTAL, Clock, clocks, course
from services.electronic_supervision.domain.facts import (
    Accepted,
    Decided,
    Delivered,
    Fact,
    Happening,
    LimitExtended,
    Paused,
    Resumed,
    StepFinished,
    StepStarted,
    Transferred,
    Voided,
    Withdrawn,
)
from services.electronic_supervision.domain.terms import (
    THREE_WORKING_DAYS,
    Standard,
    Terms,
)
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Due,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office

WUHU = ZoneInfo("Asia/Shanghai")
CALENDAR = published_calendar()
OFFICE = Office(calendar=CALENDAR, zone=WUHU)
LONG_AFTER = datetime(2030, 1, 1, tzinfo=UTC)


def local(text: str) -> datetime:
    """Read a local time of Wuhu, such as 2026-11-23 10:00."""
    return datetime.fromisoformat(text).replace(tzinfo=WUHU).astimezone(UTC)


def fact(id_: str, at: str | datetime, what: Happening, corrects: str | None = None) -> Fact:
    """Note a happening when it happens."""
    when = local(at) if isinstance(at, str) else at
    return Fact(id=id_, at=Moment.instant(when), recorded_at=when, what=what, corrects=corrects)


def accepted(at: str | datetime, unit: str = "housing") -> Fact:
    return fact("accepted", at, Accepted(unit=unit))


def decided(at: str | datetime) -> Fact:
    return fact("decided", at, Decided())


def paused(at: str | datetime, ground: str = "hearing", pause: str = "1") -> Fact:
    return fact(f"paused-{pause}", at, Paused(pause=pause, ground=ground))


def resumed(at: str | datetime, pause: str = "1") -> Fact:
    return fact(f"resumed-{pause}", at, Resumed(pause=pause))


def terms(
    limit: Limit | None, version: int = 1, *, lead: int = 1, grace: Limit = THREE_WORKING_DAYS
) -> Terms:
    rule, clause = "promised-limit", "服务承诺第一条"
    whole = Standard(rule=rule, version=version, clause=clause, lead=lead, grace=grace)
    return Terms(whole=whole, limit=limit)


def total_clock(facts: Iterable[Fact], limit: Limit | None) -> Clock:
    """Return the agency's clock of an accepted case."""
    return next(clock for clock in clocks(fold(facts), terms(limit)) if clock.name == TOTAL)


def due(facts: Iterable[Fact], limit: Limit | None, office: Office = OFFICE) -> Due | None:
    """Return the end of the limit of a case."""
    return course(total_clock(facts, limit), office).due


def due_or_never(facts: Iterable[Fact], limit: Limit | None) -> datetime:
    """Return the end of the limit, a stopped clock's being later than any."""
    end = due(facts, limit)
    return datetime.max.replace(tzinfo=UTC) if end is None else end.at


instants = st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 1)).map(
    lambda naive: naive.replace(microsecond=0, tzinfo=WUHU).astimezone(UTC)
)
spans = st.timedeltas(timedelta(minutes=1), timedelta(days=40))
limits = st.one_of(
    st.integers(1, 60).map(WorkingDays),
    st.integers(1, 90).map(CalendarDays),
    st.timedeltas(timedelta(minutes=1), timedelta(hours=200)).map(OfficeHours),
    st.timedeltas(timedelta(minutes=1), timedelta(days=40)).map(Hours),
)
grounds = st.sampled_from(["hearing", "testing", "expert-review", "publicity"])


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Draw the facts of one case, each of which may happen or not, be corrected or voided."""
    start = draw(instants)

    def later() -> datetime:
        return start + draw(spans)

    facts = [accepted(start)]
    for number in range(draw(st.integers(0, 3))):
        begin = later()
        facts.append(paused(begin, draw(grounds), str(number)))
        if draw(st.booleans()):
            facts.append(resumed(begin + draw(spans), str(number)))
    possible = [
        fact("extended", later(), LimitExtended(by=draw(limits))),
        fact("handed", later(), Transferred(to_unit="planning")),
        fact("begun", later(), StepStarted(step="审核", holder="审核科")),
        fact("done", later(), StepFinished(step="审核")),
        fact("begun-again", later(), StepStarted(step="审核")),
        decided(later()),
        fact("delivered", later(), Delivered()),
        fact("withdrawn", later(), Withdrawn()),
    ]
    facts += [each for each in possible if draw(st.booleans())]
    if draw(st.booleans()):
        mistaken = draw(st.sampled_from(facts))
        facts.append(fact("right", later(), mistaken.what, corrects=mistaken.id))
    if len(facts) > 1 and draw(st.booleans()):
        mistaken = draw(st.sampled_from(facts[1:]))
        facts.append(fact("void", later(), Voided(fact=mistaken.id)))
    return facts

"""The shapes in which cases, clocks and judgements are shown to programs; times are the hall's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from services.electronic_supervision.domain.clocks import Clock, course
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.verdict import Verdict, verdict
from services.electronic_supervision.domain.words import name_of_limit
from services.electronic_supervision.reading.case_record import Opened
from services.electronic_supervision.reading.unit_names import Names


class At(BaseModel):
    """When something happened: an instant, or a day where no more is known."""

    instant: datetime | None = None
    day: date | None = None


class ClockView(BaseModel):
    """How a clock of a case stands; `due_on` is given where a limit in days ends with that day."""

    name: str
    state: str
    """`running`, `paused`, `stopped` or `unlimited`."""
    limits: list[str]
    start: At
    due: datetime | None = None
    due_on: date | None = None
    provisional: bool = False
    end: At | None = None
    verdict: Verdict


class CaseView(BaseModel):
    """A case in short; `total` is missing until it is accepted."""

    id: str
    source: str
    number: str
    unit: str
    unit_name: str | None = None
    """Name in the city's register; missing while the register does not know the unit."""
    item: str
    accepted: At | None = None
    ended: At | None = None
    flags: list[str]
    """What is odd about its facts."""
    judgements: list[str]
    """Levels of the judgements that stand."""
    total: ClockView | None = None


class JudgementView(BaseModel):
    """A judgement; `stands` is false once it was superseded."""

    id: str
    case: str
    """Id of the case, as in /cases/{id}."""
    source: str
    number: str
    unit: str
    clock: str
    level: str
    due: datetime
    fired_at: datetime
    raised_at: datetime
    withheld: str
    """Why it is a lead and no card, "" if it is none."""
    stands: bool
    rule: str
    """The rule it was made by; empty for some that were raised long ago."""
    message: str
    """What is wrong in words where a single act breaks a rule, "" for a limit that ran out."""


def at_view(moment: Moment, zone: ZoneInfo) -> At:
    """Show a moment as precisely as it is known."""
    begin = moment.earliest.astimezone(zone)
    return At(day=begin.date()) if moment.is_day else At(instant=begin)


def clock_view(clock: Clock, office: Office, now: datetime) -> ClockView:
    """Show a clock as it stands. Raises OverflowError where its limit leaves the calendar."""
    run = course(clock, office)
    is_paused = any(pause.begin <= now and pause.end is None for pause in clock.pauses)
    state = "unlimited" if clock.limit is None else "paused" if is_paused else "running"
    due = run.due
    return ClockView(
        name=clock.name,
        state="stopped" if clock.end else state,
        limits=[name_of_limit(limit) for limit in run.limits],
        start=at_view(clock.start.at, office.zone),
        due=None if due is None else due.at.astimezone(office.zone),
        due_on=due.on if due is not None and due.whole_day else None,
        provisional=due is not None and due.provisional,
        end=None if clock.end is None else at_view(clock.end.at, office.zone),
        verdict=verdict(clock, run, now),
    )


def case_view(opened: Opened, office: Office, now: datetime, names: Names) -> CaseView:
    """Show a case in short; `names` are those of the units, by source and code."""
    case = opened.case
    total = next(iter(opened.clocks()), None)
    return CaseView(
        id=opened.id,
        source=opened.key.source,
        number=opened.key.number,
        unit=case.unit,
        unit_name=names.get((opened.key.source, case.unit)),
        item=case.item,
        accepted=None if case.accepted is None else at_view(case.accepted.at, office.zone),
        ended=None if case.ended is None else at_view(case.ended.at, office.zone),
        flags=sorted(flag.value for flag in case.flags),
        judgements=sorted(each.level.value for each in opened.record.standing.values()),
        total=None if total is None else _if_within(total, office, now),
    )


def _if_within(clock: Clock, office: Office, now: datetime) -> ClockView | None:
    try:
        return clock_view(clock, office, now)
    except OverflowError:
        return None

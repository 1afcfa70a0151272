"""The clocks of a case: the agency's, the citizen's, and one for each step with a limit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.electronic_supervision.domain.case import Case, Extension, Mark, Run
from services.electronic_supervision.domain.facts import Accepted
from services.electronic_supervision.domain.spans import stretches
from services.electronic_supervision.domain.terms import SpanTerms, Standard, Terms
from services.electronic_supervision.domain.time.count import end_of
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Due,
    Hours,
    Limit,
    OfficeHours,
    StatedDue,
    WorkingDays,
)
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.time.pauses import STATUTORY_GROUNDS, Pause, effective

TOTAL = "total"
CITIZEN = "citizen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A limit that runs from a start until an end, over what may stop or lengthen it.

    `standard` is what it is judged by. `limit` None: nothing limits this case. `idle` are pauses
    without a legal ground, which stop nothing but are told of.
    """

    name: str
    standard: Standard
    start: Mark
    end: Mark | None
    limit: Limit | StatedDue | None
    pauses: tuple[Pause, ...] = ()
    idle: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One limit of a clock, from where the one before ended; `due` is None while a pause lasts."""

    limit: Limit | StatedDue
    start: Moment
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a clock runs: its limits one after another, and where the last one ends.

    `due` is None without a limit and while a pause lasts. `limits` are all limits that count, also
    those that wait for the pause to end. `counted` are the extensions among them, `too_late` those
    that came when the limit had already passed; they lengthen nothing.
    """

    limits: tuple[Limit | StatedDue, ...]
    legs: tuple[Leg, ...]
    due: Due | None
    counted: tuple[Extension, ...]
    too_late: tuple[Extension, ...]


def clocks(case: Case, terms: Terms) -> Iterator[Clock]:
    """Yield the clocks of a case, the agency's total first; before it is accepted, spans only.

    The citizen's is held against the same limit, to show what waiting is like without pauses.
    """
    if case.accepted is not None and case.acceptance is not None:
        yield from _of_acceptance(case, case.acceptance, case.accepted, terms)
    for span in terms.spans:
        yield from _of_spans(case, span, terms)


def _of_acceptance(
    case: Case, acceptance: Accepted, accepted: Mark, terms: Terms
) -> Iterator[Clock]:
    stated = acceptance.stated_due
    own = acceptance.stated_limit if stated is None else StatedDue(stated)
    limit = terms.limit or (own if terms.takes_stated else None)
    pauses = [_pause(run, terms) for run in case.pauses]
    total = Clock(
        name=TOTAL,
        standard=terms.whole,
        start=accepted,
        end=case.ended,
        limit=limit,
        pauses=effective(pauses),
        idle=tuple(pause for pause in pauses if not pause.clause),
        extensions=case.extensions,
    )
    yield total
    yield replace(total, name=CITIZEN, end=case.received, pauses=(), idle=(), extensions=())
    by_step = replace(total, standard=terms.step or terms.whole, extensions=())
    rounds: Counter[str] = Counter()
    for run in case.steps:
        rounds[run.key] += 1
        if (step_limit := terms.steps.get(run.key)) is not None:
            yield _step(run, rounds[run.key], step_limit, by_step)


def _of_spans(case: Case, span: SpanTerms, terms: Terms) -> Iterator[Clock]:
    pauses = [_pause(run, terms) for run in case.pauses] if span.pauses else []
    for number, (start, end) in enumerate(stretches(case, span), 1):
        yield Clock(
            name=_numbered(span.name, number),
            standard=span.standard,
            start=start,
            end=end,
            limit=span.limit,
            pauses=effective(pauses),
            idle=tuple(pause for pause in pauses if not pause.clause),
        )


def course(clock: Clock, office: Office) -> Course:
    """Work out where a clock's limit ends.

    Raises OverflowError when that lies beyond the year 9999.
    """
    limits: tuple[Limit | StatedDue, ...] = () if clock.limit is None else (clock.limit,)
    legs = _legs(limits, clock, office)
    counted, too_late = [], []
    for extension in clock.extensions if limits else ():
        if legs[-1].due is not None and legs[-1].due.missed_by(extension.at):
            too_late.append(extension)
            continue
        counted.append(extension)
        limits = _lengthened(limits, extension.by)
        legs = _legs(limits, clock, office)
    return Course(
        limits=limits,
        legs=legs,
        due=legs[-1].due if legs else None,
        counted=tuple(counted),
        too_late=tuple(too_late),
    )


def _legs(limits: tuple[Limit | StatedDue, ...], clock: Clock, office: Office) -> tuple[Leg, ...]:
    """Let each limit run from the end of the one before; what follows a guess is a guess."""
    legs: list[Leg] = []
    start, provisional = clock.start.at, False
    for limit in limits:
        if isinstance(limit, StatedDue):
            due: Due | None = _stated(limit.due, office)
        else:
            due = end_of(limit, start, clock.pauses, office)
        if due is not None:
            provisional = provisional or due.provisional
            due = replace(due, provisional=provisional)
        legs.append(Leg(limit=limit, start=start, due=due))
        if due is None:
            break
        start = following(due, office)
    return tuple(legs)


def following(due: Due, office: Office) -> Moment:
    """Return the start of whatever follows a limit."""
    return Moment.day(due.on, office.zone) if due.whole_day else Moment.instant(due.at)


def _stated(due: Moment, office: Office) -> Due:
    """Take the system's own end; one that is only a day ends with that day."""
    return Due(at=due.latest, on=office.local_date(due.earliest), whole_day=due.is_day)


def _lengthened(limits: tuple[Limit | StatedDue, ...], by: Limit) -> tuple[Limit | StatedDue, ...]:
    """Add to the last limit if it is counted the same way, else let the extension follow it."""
    *before, last = limits
    match last, by:
        case WorkingDays(a), WorkingDays(b):
            return (*before, WorkingDays(a + b))
        case CalendarDays(a), CalendarDays(b):
            return (*before, CalendarDays(a + b))
        case OfficeHours(a), OfficeHours(b):
            return (*before, OfficeHours(a + b))
        case Hours(a), Hours(b):
            return (*before, Hours(a + b))
        case _:
            return (*limits, by)


def _pause(run: Run, terms: Terms) -> Pause:
    return Pause(
        ground=run.label,
        clause=STATUTORY_GROUNDS.get(run.label) or terms.grounds.get(run.label, ""),
        begin=run.begin.earliest,
        end=None if run.end is None else run.end.latest,
        facts=run.facts,
    )


def _step(run: Run, number: int, limit: Limit, like: Clock) -> Clock:
    start = Mark(at=run.begin, fact=run.facts[0], label=run.label)
    end = like.end if run.end is None else Mark(at=run.end, fact=run.facts[-1])
    return replace(like, name=_numbered(run.key, number), start=start, end=end, limit=limit)


def _numbered(step: str, number: int) -> str:
    """Name the clock of a step; one gone through again has a clock of its own, `step:名#2`."""
    return f"step:{step}" if number == 1 else f"step:{step}#{number}"

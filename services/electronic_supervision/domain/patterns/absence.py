"""What is missed too long: a word of a source, somebody at a post, a guide, what was due.

A **gap** is a longest stretch without presence. The limit runs from its begin, counted as any other
limit, in the office's own time; the finding becomes true when the limit has passed and the gap has
not ended by then, and it is over when the gap is. Its id derives from the begin of the gap alone,
so that neither the end nor another calendar makes a second one.

Nothing is told of what has not been heard through: the caller's `heard_through` is the clock here.
A limit that needs days which no notice has settled makes a lead; one that leaves the calendar makes
nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from services.electronic_supervision.domain.case import YEARS
from services.electronic_supervision.domain.patterns.count import BEYOND_DOUBT
from services.electronic_supervision.domain.patterns.finding import (
    Kind,
    PatternFinding,
    Window,
    found,
)
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.domain.rules.demands import Absence
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.time.count import end_of
from services.electronic_supervision.domain.time.limits import Due
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office


class Presence(NamedTuple):
    """A stretch [begin, end) in UTC of somebody or something being there; a word is an instant.

    `end` is None while it lasts. `fact` is what told of its begin, if an event did.
    """

    begin: datetime
    end: datetime | None
    fact: Occurrence | None = None


class Gap(NamedTuple):
    """A stretch [begin, end) in UTC without presence; `end` is None while it lasts.

    `rests_on` is the last thing that was there before, if anything was.
    """

    begin: datetime
    end: datetime | None
    rests_on: Occurrence | None = None


class Missed(NamedTuple):
    """A finding, and when what it misses came back (UTC); None while it is missed."""

    finding: PatternFinding
    over_at: datetime | None


class Absences(NamedTuple):
    """What is missed, and the instant (UTC) after which more may be if nothing comes."""

    missed: tuple[Missed, ...]
    next_at: datetime | None


def gaps(
    present: Iterable[Presence], since: datetime, until: datetime | None = None
) -> Iterator[Gap]:
    """Yield the stretches of [since, until) in which nothing of all this was present.

    A source is expected from when it was admitted, a post from when it was established, a guide
    from when its item came into force, a filing from when it was due; each until that ends.
    """
    at, last = since, None
    for stretch in sorted(present, key=_order):
        if until is not None and stretch.begin >= until:
            break
        if stretch.begin > at:
            yield Gap(at, stretch.begin, last)
        if stretch.end is None:
            return
        if max(stretch.begin, stretch.end) >= at:
            at, last = max(stretch.begin, stretch.end), stretch.fact
    if until is None or at < until:
        yield Gap(at, until, last)


def absences(
    rule: Rule,
    demand: Absence,
    group: Group,
    missing: Iterable[Gap],
    office: Office,
    heard_through: datetime,
    *,
    since: date | None = None,
) -> Absences:
    """Tell what was missed too long at `heard_through` (UTC), by all that is known.

    A gap that was there before `since` counts from there: from the first day of this version,
    unless the caller hands in that of one it only amends.
    """
    missed, awaited = [], []
    begin = office.midnight(since or rule.effective_from)
    for whole in missing:
        gap = whole._replace(begin=max(begin, whole.begin))
        due = None if gap.end is not None and gap.end <= gap.begin else _due(demand, gap, office)
        if due is None or _came_back_in_time(gap, due) or not _in_force(rule, gap, office):
            continue
        if heard_through > due.at:
            finding = _finding(rule, demand, group, gap, due)
            over_at = gap.end if gap.end is not None and gap.end <= heard_through else None
            missed.append(Missed(finding, over_at))
        else:
            awaited.append(due.at)
    return Absences(tuple(missed), min(awaited, default=None))


def _due(demand: Absence, gap: Gap, office: Office) -> Due | None:
    if gap.begin.year not in YEARS:
        return None
    try:
        return end_of(demand.after, Moment.instant(gap.begin), (), office)
    except OverflowError:
        return None


def _came_back_in_time(gap: Gap, due: Due) -> bool:
    return gap.end is not None and not due.missed_by(Moment.instant(gap.end))


def _in_force(rule: Rule, gap: Gap, office: Office) -> bool:
    """Tell whether the gap began while this version held; else another judges it, or none."""
    day = office.local_date(gap.begin)
    return rule.effective_from <= day and (
        rule.effective_until is None or day < rule.effective_until
    )


def _finding(rule: Rule, demand: Absence, group: Group, gap: Gap, due: Due) -> PatternFinding:
    window = Window(
        anchor=gap.begin.isoformat(),
        day=due.on,
        at=due.at,
        begin=gap.begin,
        end=due.at,
        rests_on=() if gap.rests_on is None else (gap.rests_on,),
    )
    is_doubtful = due.provisional and demand.level not in BEYOND_DOUBT
    return found(
        rule,
        Kind.ABSENCE,
        group,
        demand.level,
        window,
        {"hours": (due.at - gap.begin).total_seconds() / 3600},
        withheld="provisional-date" if is_doubtful else "",
        detail=demand.of.value,
    )


def _order(stretch: Presence) -> tuple[object, ...]:
    told_by = "" if stretch.fact is None else stretch.fact.id
    return stretch.begin, stretch.end is None, stretch.end or stretch.begin, told_by

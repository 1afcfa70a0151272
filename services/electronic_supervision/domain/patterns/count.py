"""Too many in any days that follow each other, by when they happened.

Let c(D) be the weight of what happened on the `days` local days through D, and D a **full** day of
a level if something happened on it and c(D) is at or above the threshold. A **run** is a longest
chain of full days, each less than `days` days after the one before. It is told once, by its first
day: that day, D, is the anchor of its id, and the `days` days through D are its window. So

- the same occurrences in any order give the same findings under the same ids;
- one more occurrence in a run makes no second finding, though the run of a higher level may begin
  with it; the lower one goes on standing beside the higher, as a yellow card beside a red one;
- nothing counts for two findings of one level: all in the window of a run's first day is later than
  the last full day of the run before;
- what happens after D changes nothing of what is said of it;
- an occurrence that comes late, is corrected or voided on day E touches only runs that begin on E
  or less than two windows after it (`reach.reach_of`).

By calendar year, c(D) counts since the first of January, and the year is the anchor.

Occurrences that can't be true bear no card: cards follow from the others alone, and where only all
together reach the threshold, that is a lead.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.electronic_supervision.domain.patterns.finding import (
    MOST,
    Kind,
    PatternFinding,
    Window,
    found,
)
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.domain.patterns.reach import EVER, Days, later
from services.electronic_supervision.domain.patterns.timeline import Timeline
from services.electronic_supervision.domain.rules.demands import (
    Count,
    Expression,
    Level,
    Threshold,
)
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.time.office import Office

BEYOND_DOUBT = frozenset({Level.LEAD, Level.REMINDER})
"""Levels that no doubt keeps back: they are no cards."""


class Step(NamedTuple):
    """From so much on, this level."""

    at_least: int
    level: Level


StepsOn = Callable[[date], Sequence[Step]]
"""The thresholds that hold for what happens on a local day; a quota may differ from year to year.

For a calendar year the first of January is asked for.
"""


class Crossing(NamedTuple):
    """The first day of a run, that of its window, and what the threshold was."""

    day: date
    first: date
    step: Step


def steps(thresholds: Iterable[Threshold], values: Mapping[str, object]) -> tuple[Step, ...]:
    """Work out thresholds, the formulas among them with these values (`quota`).

    Raises ValueError where one doesn't come to a whole number of at least 1.
    """
    return tuple(Step(_whole(each.at_least, values), each.level) for each in thresholds)


def count(
    rule: Rule,
    demand: Count,
    group: Group,
    occurrences: Iterable[Occurrence],
    office: Office,
    *,
    steps_on: StepsOn | None = None,
    told: Days = EVER,
    since: date | None = None,
) -> tuple[PatternFinding, ...]:
    """Tell the runs of a group that begin on a day of `told`, in order of time.

    `steps_on` is needed where a threshold is a formula. What happened before `since` doesn't count;
    that is the first day of this version unless the caller hands in that of one it only amends.
    """
    timeline = Timeline.of(occurrences, office).since(since or rule.effective_from)
    fixed = steps(demand.thresholds, {}) if steps_on is None else ()
    runs = Runs(
        rule=rule,
        kind=Kind.COUNT,
        group=group,
        days=demand.days,
        steps_on=steps_on or (lambda _day: fixed),
    )
    return tuple(runs.told(timeline, office, told))


class Runs(NamedTuple):
    """By what runs are told, whatever is added up."""

    rule: Rule
    kind: Kind
    group: Group
    days: int | None
    steps_on: StepsOn

    def told(self, timeline: Timeline, office: Office, told: Days) -> Iterator[PatternFinding]:
        """Yield a finding for each run that begins on one of these days while the rule holds."""
        crossings = self._without_doubt(timeline, told)
        for each, rests_on in sorted(crossings, key=lambda pair: pair[0]):
            if self._in_force(each.day):
                yield self._finding(each, rests_on, office)

    def _without_doubt(self, timeline: Timeline, told: Days) -> Iterator[tuple[Crossing, Timeline]]:
        """Let cards follow from what is sure alone, and what needs more be leads."""
        sure = timeline.without_doubt()
        for crossing in self._crossings(timeline, told):
            total = sure.weight(crossing.first, crossing.day)
            if crossing.step.level in BEYOND_DOUBT or total < crossing.step.at_least:
                yield crossing, timeline
        for crossing in self._crossings(sure, told):
            if crossing.step.level not in BEYOND_DOUBT:
                yield crossing, sure

    def _crossings(self, timeline: Timeline, told: Days) -> Iterator[Crossing]:
        """Yield the first days of runs."""
        full: dict[Level, date] = {}
        for day in dict.fromkeys(timeline.days):
            first = self._first(day)
            total = timeline.weight(first, day)
            for step in self._lowest(first if self.days is None else day):
                if total < step.at_least:
                    continue
                begins = full.get(step.level, date.min) < first
                full[step.level] = day
                if begins and told.include(day):
                    yield Crossing(day, first, step)

    def _lowest(self, day: date) -> Iterator[Step]:
        """Yield the thresholds of a day, the lowest of each level."""
        lowest: dict[Level, Step] = {}
        for step in self.steps_on(day):
            lowest[step.level] = min(lowest.get(step.level, step), step)
        yield from lowest.values()

    def _first(self, day: date) -> date:
        return date(day.year, 1, 1) if self.days is None else later(day, 1 - self.days)

    def _in_force(self, day: date) -> bool:
        until = self.rule.effective_until
        return self.rule.effective_from <= day and (until is None or day < until)

    def _finding(self, crossing: Crossing, timeline: Timeline, office: Office) -> PatternFinding:
        day, first, step = crossing
        window = Window(
            anchor=str(day.year) if self.days is None else day.isoformat(),
            day=day,
            at=timeline.reached(first, step.at_least).at.earliest,
            begin=office.midnight(first),
            end=office.midnight(later(day, 1)),
            rests_on=timeline.newest(first, day, MOST),
        )
        figures = {
            "total": float(timeline.weight(first, day)),
            "occurrences": float(timeline.amount(first, day)),
            "threshold": float(step.at_least),
            "days": float((day - first).days + 1),
        }
        doubt = "" if step.level in BEYOND_DOUBT else timeline.doubt(first, day)
        return found(self.rule, self.kind, self.group, step.level, window, figures, withheld=doubt)


def _whole(at_least: int | Expression, values: Mapping[str, object]) -> int:
    value = at_least.value(values) if isinstance(at_least, Expression) else at_least
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"a threshold has to be a whole number of at least 1, not {value!r}")
    return value

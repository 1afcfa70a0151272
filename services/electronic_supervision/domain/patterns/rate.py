"""Shares that stand out, looked at where each local day ends, so that it can be replayed.

At the end of day D the occurrences of the `days` days through D are tallied for each group and
compared (`comparison`). A group is told on D if it stands out then and did not at the end of any of
the days less than `days` before: looking every day makes one finding of a state that lasts or
flickers. D is the anchor of its id. What comes late changes shares, also those that others are held
against; how far, says `reach.reach_of`. Occurrences that can't be true are in no tally.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.electronic_supervision.domain.patterns.comparison import (
    Outlier,
    Yardstick,
    outliers,
)
from services.electronic_supervision.domain.patterns.finding import (
    MOST,
    Kind,
    PatternFinding,
    Window,
    found,
)
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.domain.patterns.reach import Days, later
from services.electronic_supervision.domain.patterns.timeline import Timeline
from services.electronic_supervision.domain.rules.demands import Level, Rate
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.time.office import Office

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What is looked at, over how many days, by what yardstick, and what it makes of an outlier."""

    kind: Kind
    days: int
    level: Level
    yardstick: Yardstick
    detail: str = ""


def rates(
    rule: Rule,
    demand: Rate,
    groups: Mapping[Group, Iterable[Occurrence]],
    office: Office,
    told: Days,
) -> tuple[PatternFinding, ...]:
    """Tell whose share stands out on a day of `told`; all groups of the kind are handed in.

    `told` ends with a day that is over and heard through. What happened before this version of the
    rule is in no tally.
    """
    looking = Looking(
        kind=Kind.RATE,
        days=demand.days,
        level=demand.level,
        yardstick=Yardstick(
            least=demand.least, confidence=demand.confidence, baseline=demand.baseline
        ),
    )
    return looked_through(rule, looking, groups, office, told)


def looked_through(
    rule: Rule,
    looking: Looking,
    groups: Mapping[Group, Iterable[Occurrence]],
    office: Office,
    told: Days,
) -> tuple[PatternFinding, ...]:
    """Look at the end of each day, from as many days before `told` as it takes."""
    timelines = {
        group: Timeline.of(each, office).without_doubt().since(rule.effective_from)
        for group, each in groups.items()
    }
    first = max(later(told.first, 1 - looking.days), rule.effective_from)
    last = told.last
    if rule.effective_until is not None:
        last = min(last, later(rule.effective_until, -1))
    findings: list[PatternFinding] = []
    recent: deque[frozenset[Group]] = deque(maxlen=looking.days - 1)
    for day in _through(first, last):
        out = _standing_out(timelines, looking, day)
        if told.include(day):
            fresh = sorted(out.keys() - frozenset[Group]().union(*recent))
            findings += (
                _finding(rule, looking, out[group], timelines[group], day, office)
                for group in fresh
            )
        recent.append(frozenset(out))
    return tuple(findings)


def _standing_out(
    timelines: Mapping[Group, Timeline], looking: Looking, day: date
) -> Mapping[Group, Outlier]:
    first = later(day, 1 - looking.days)
    tallies = {group: timeline.tally(first, day) for group, timeline in timelines.items()}
    return {each.group: each for each in outliers(tallies, looking.yardstick)}


def _through(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


def _finding(
    rule: Rule, looking: Looking, outlier: Outlier, timeline: Timeline, day: date, office: Office
) -> PatternFinding:
    first, end = later(day, 1 - looking.days), office.midnight(later(day, 1))
    window = Window(
        anchor=day.isoformat(),
        day=day,
        at=end,
        begin=office.midnight(first),
        end=end,
        rests_on=timeline.newest_hits(first, day, MOST),
    )
    return found(
        rule,
        looking.kind,
        outlier.group,
        looking.level,
        window,
        figures_of(outlier, looking.days),
        detail=looking.detail,
    )


def figures_of(outlier: Outlier, days: int) -> Mapping[str, float]:
    """Return the numbers behind an outlier, shares and confidences in 0…1.

    `expected` is what it is held against; the `others`, `compared` with it, made that share if the
    rule has none of its own. `chance` is not corrected for their number, `confidence` is.
    """
    others = outlier.others
    made_by = {} if others is None else {"others_hits": others.hits, "others_of": others.of}
    return {
        "hits": float(outlier.tally.hits),
        "of": float(outlier.tally.of),
        "share": outlier.tally.share,
        "low": outlier.interval.low,
        "high": outlier.interval.high,
        "confidence": outlier.confidence,
        "expected": outlier.baseline,
        "chance": outlier.chance,
        "compared": float(outlier.compared),
        "days": float(days),
        **{name: float(value) for name, value in made_by.items()},
    }

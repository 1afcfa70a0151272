"""Judgements that add up: three reminders on one problem, two yellow cards, points of a unit.

They are counted as events are (`count`), by when they became true, with the points of their level
as weights. One that is superseded no longer stands and is no longer handed in: what rested on it
alone is lifted with it. A level without points counts nothing, so that a lead never does unless the
rule names leads. No cumulation counts itself, and none goes round in a circle with others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.patterns.count import Runs, StepsOn, steps
from services.electronic_supervision.domain.patterns.finding import Kind, PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence, Source
from services.electronic_supervision.domain.patterns.reach import EVER, Days
from services.electronic_supervision.domain.patterns.timeline import Timeline
from services.electronic_supervision.domain.rules.demands import By, Cumulation
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement that stands: a clock's, an irregularity, or another pattern.

    `level` is its code, `yellow-lead` for a lead that would be a yellow card; `at` (UTC) when it
    became true. `keys` say of whom it is: unit, item, post, … as far as known.
    """

    id: str
    rule: str
    level: str
    at: datetime
    keys: Mapping[By, str] = field(hash=False)
    case: CaseKey | None = None
    facts: tuple[Source, ...] = ()


def added_up(
    rule: str, demand: Cumulation, judged: Judged, cumulations: frozenset[str]
) -> tuple[Group, Occurrence] | None:
    """Return for whom a judgement counts and how much; None if it counts nothing.

    `cumulations` are the ids of all rules of that kind, which only count where `of` names them.
    """
    points = demand.points.get(judged.level, 0)
    key = judged.keys.get(demand.by, "")
    is_meant = judged.rule in demand.of if demand.of else judged.rule not in cumulations
    if points < 1 or not key or not is_meant or judged.rule == rule:
        return None
    unit = judged.keys.get(By.UNIT, "")
    problem = judged.rule if demand.same_rule else ""
    occurrence = Occurrence(
        id=judged.id,
        at=Moment.instant(judged.at),
        facts=judged.facts,
        case=judged.case,
        weight=points,
        judgement=judged.id,
    )
    return Group(rule, demand.by, key, unit, problem), occurrence


def cumulate(
    rule: Rule,
    demand: Cumulation,
    group: Group,
    occurrences: Iterable[Occurrence],
    office: Office,
    *,
    steps_on: StepsOn | None = None,
    told: Days = EVER,
    since: date | None = None,
) -> tuple[PatternFinding, ...]:
    """Tell the runs of a group that begin on a day of `told`, as `count.count` does."""
    timeline = Timeline.of(occurrences, office).since(since or rule.effective_from)
    fixed = steps(demand.thresholds, {}) if steps_on is None else ()
    runs = Runs(
        rule=rule,
        kind=Kind.CUMULATION,
        group=group,
        days=demand.days,
        steps_on=steps_on or (lambda _day: fixed),
    )
    return tuple(runs.told(timeline, office, told))


def circle(of: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Return the cumulations that would count each other for ever, () if none would.

    `of` holds for each cumulation the rules it names. A rule that names itself counts nothing of
    its own and is no circle.
    """
    rest = {rule: {other for other in named if other in of} - {rule} for rule, named in of.items()}
    while settled := {rule for rule, named in rest.items() if not named & rest.keys()}:
        rest = {rule: named for rule, named in rest.items() if rule not in settled}
    return tuple(sorted(rest))

"""Whether a tactic is more frequent in a unit than chance allows: a lead for people, never a card.

The statistic is the share of hits among the cases observed, its uncertainty Wilson's interval, what
it is held against the share that the rule says nobody wonders at (`rate`, `comparison`).
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from services.electronic_supervision.domain.patterns.comparison import Yardstick
from services.electronic_supervision.domain.patterns.finding import Kind, PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.domain.patterns.rate import Looking, looked_through
from services.electronic_supervision.domain.patterns.reach import Days
from services.electronic_supervision.domain.patterns.tactics import (
    close_and_reopen,
    closures_on_limit,
    late_recording,
    pauses_before_limit,
    repeated_supplements,
)
from services.electronic_supervision.domain.patterns.tactics.observation import (
    Observation,
    Seen,
    occurrence_of,
)
from services.electronic_supervision.domain.rules.demands import HonestClock, Level, Tactic
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.time.office import Office

OBSERVED: Mapping[Tactic, Callable[[Seen], Observation | None]] = MappingProxyType(
    {
        Tactic.PAUSES_BEFORE_LIMIT: pauses_before_limit.observed,
        Tactic.REPEATED_SUPPLEMENTS: repeated_supplements.observed,
        Tactic.CLOSURES_ON_LIMIT: closures_on_limit.observed,
        Tactic.LATE_RECORDING: late_recording.observed,
        Tactic.CLOSE_AND_REOPEN: close_and_reopen.observed,
    }
)
SENTENCES: Mapping[str, Callable[[str, Mapping[str, float]], str]] = MappingProxyType(
    {
        Tactic.PAUSES_BEFORE_LIMIT.value: pauses_before_limit.sentence,
        Tactic.REPEATED_SUPPLEMENTS.value: repeated_supplements.sentence,
        Tactic.CLOSURES_ON_LIMIT.value: closures_on_limit.sentence,
        Tactic.LATE_RECORDING.value: late_recording.sentence,
        Tactic.CLOSE_AND_REOPEN.value: close_and_reopen.sentence,
    }
)


def observe(tactic: Tactic, seen: Seen) -> Occurrence | None:
    """Return what a case counts for a tactic, None if it is not of those that are looked at."""
    observation = OBSERVED[tactic](seen)
    return None if observation is None else occurrence_of(seen, observation)


def honest_clocks(
    rule: Rule,
    demand: HonestClock,
    groups: Mapping[Group, Iterable[Occurrence]],
    office: Office,
    told: Days,
) -> tuple[PatternFinding, ...]:
    """Tell in which units a tactic stands out on a day of `told`; all units are handed in."""
    looking = Looking(
        kind=Kind.HONEST_CLOCK,
        days=demand.days,
        level=Level.LEAD,
        yardstick=Yardstick(
            least=demand.least, confidence=demand.confidence, baseline=demand.expected
        ),
        detail=demand.tactic.value,
    )
    return looked_through(rule, looking, groups, office, told)

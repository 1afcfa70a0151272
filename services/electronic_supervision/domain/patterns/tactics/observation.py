"""What of one case is looked at for a tactic."""

from dataclasses import dataclass
from typing import NamedTuple

from services.electronic_supervision.domain.case import Case, Mark
from services.electronic_supervision.domain.clocks import Clock, Course
from services.electronic_supervision.domain.facts import Fact
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.patterns.occurrence import Occurrence, Source
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A case as a whole, as it is known.

    `facts` are those that stand, in order of time. `total` is its total clock, None before it is
    accepted, and `course` how that runs, None where it leaves the calendar. `supplements` are the
    requests for missing materials, `closings` every end of the agency's clock and `reopenings`
    every return to work, each in order of time.
    """

    key: CaseKey
    case: Case
    facts: tuple[Fact, ...] = ()
    total: Clock | None = None
    course: Course | None = None
    supplements: tuple[Mark, ...] = ()
    closings: tuple[Mark, ...] = ()
    reopenings: tuple[Mark, ...] = ()
    office: Office


class Observation(NamedTuple):
    """That a case shows the tactic (`hit`) or might have and doesn't, with the numbers behind it.

    `at` is when it counts: fixed by what the case did, so that later facts rarely move it.
    """

    at: Moment
    hit: bool
    facts: tuple[str, ...]
    numbers: tuple[tuple[str, float], ...]


def occurrence_of(seen: Seen, observation: Observation) -> Occurrence:
    """Make an occurrence of it, one for each case and tactic; doubts of the case go along."""
    return Occurrence(
        id="\n".join(seen.key),
        at=observation.at,
        facts=tuple(Source(seen.key.source, id_) for id_ in observation.facts),
        case=seen.key,
        hit=observation.hit,
        numbers=observation.numbers,
        doubt=min((flag.value for flag in seen.case.doubts), default=""),
    )

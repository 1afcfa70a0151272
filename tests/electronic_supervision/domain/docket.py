"""A docket to play changes into, and the words to read it by."""

from services.electronic_supervision.domain.engine import (
    Change,
    Docket,
    Event,
    TimeReached,
    react,
)
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.domain.time.limits import WorkingDays
from tests.electronic_supervision.domain.timeline import (
    OFFICE,
    accepted,
    local,
    terms,
)

KEY = CaseKey(source="/wuhu/permits", number="办件1")
FIVE_DAYS = terms(WorkingDays(5))
ACCEPTED = accepted("2026-11-23 10:00")  # due at the end of Monday the 30th


def empty(rule: Terms = FIVE_DAYS) -> Docket:
    return Docket(key=KEY, terms=rule, office=OFFICE, now=local("2026-11-01 00:00"))


def play(docket: Docket, *changes: Change) -> tuple[Docket, list[Event]]:
    told: list[Event] = []
    for change in changes:
        docket, events = react(docket, change)
        told += events
    return docket, told


def levels(docket: Docket) -> list[str]:
    return [judgement.level.value for judgement in docket.standing.values()]


def at(text: str) -> TimeReached:
    return TimeReached(now=local(text))

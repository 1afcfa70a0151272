"""A busy month: what the approvals system tells of some dozens of cases, all of it long past."""

from collections.abc import Sequence
from itertools import chain

from tests.electronic_supervision.live.said import Said, accepted, decided, event

BEGIN = "2026-03-02"


def _late(case: str) -> list[Said]:
    return [accepted(f"{BEGIN} 10:00", case)]


def _in_time(case: str) -> list[Said]:
    return [accepted(f"{BEGIN} 10:00", case), decided("2026-03-06 16:00", case)]


def _paused(case: str) -> list[Said]:
    return [
        accepted(f"{BEGIN} 10:00", case),
        event("clock-paused", "2026-03-04 09:00", case, pause="1", ground="hearing"),
        event("clock-resumed", "2026-03-11 09:00", case, pause="1"),
        decided("2026-03-13 16:00", case),
    ]


def _voided(case: str) -> list[Said]:
    mistaken = decided("2026-03-03 16:00", case)
    return [
        accepted(f"{BEGIN} 10:00", case),
        mistaken,
        event("fact-voided", "2026-03-05 09:00", case, voids=mistaken["id"], reason="误录"),
    ]


def _extended(case: str) -> list[Said]:
    return [
        accepted(f"{BEGIN} 10:00", case),
        event("limit-extended", "2026-03-06 09:00", case, by={"amount": 3, "unit": "working-days"}),
        decided("2026-03-13 17:00", case),
    ]


def _odd(case: str) -> list[Said]:
    return [
        accepted(f"{BEGIN} 10:00", case),
        event("clock-resumed", f"{BEGIN} 11:00", case, pause="9"),
    ]


KINDS = (_late, _in_time, _paused, _voided, _extended, _odd)


def month(name: str, cases: int) -> Sequence[Said]:
    """Tell of so many cases, called by `name` and a number, of every kind in turn."""
    return list(chain.from_iterable(KINDS[n % len(KINDS)](f"{name}{n}") for n in range(cases)))


MONTH = month("办件", 60)
"""What nearly every test tells."""

"""Times at the ends of the era: legal to report, believed by nobody, and no end of the loop."""

import pytest

from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import Said, accepted, decided, event

TIMES = (
    "0001-01-01T00:00:00+08:00",
    "0001-01-01T00:00:00+23:59",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00-23:59",
    "9999-12-31T09:00:00+08:00",
    "9999-12-31T23:59:59.999999+08:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59",
)
LIMITS = (
    {"amount": 1, "unit": "working-days"},
    {"amount": 1, "unit": "calendar-days"},
    {"amount": 1, "unit": "office-minutes"},
    {"amount": 1, "unit": "minutes"},
    {"amount": 1_000, "unit": "minutes"},
    {"amount": 1_000_000, "unit": "minutes"},
)
GOOD = "2026-11-02 10:00"


def at_the_end(time: str, known: str) -> list[Said]:
    """Tell cases of which everything that has a time has this one, or only some of it."""
    said: list[Said] = []
    for number, limit in enumerate(LIMITS):
        case = f"始末{number}"
        said.append(accepted(GOOD, case, limit, time_known=known) | {"time": time})
        said.append(accepted(GOOD, f"{case}止", limit) | {"recordedtime": time})
        said.append(decided(GOOD, f"{case}止", time_known=known) | {"time": time})
        said.append(accepted(GOOD, f"{case}停", limit))
        paused = event("clock-paused", GOOD, f"{case}停", pause="p", ground="hearing")
        said.append(paused | {"time": time})
        extended = event("limit-extended", GOOD, f"{case}停", by=limit, time_known=known)
        said.append(extended | {"time": time})
    said.append(accepted(GOOD, "自报期限", stated_due=time))
    return said


@pytest.mark.parametrize("known", ["instant", "day"])
@pytest.mark.parametrize("time", TIMES)
async def test_a_time_at_the_end_of_the_era_stops_no_other_case_from_being_judged(
    supervision: Supervision, time: str, known: str
) -> None:
    told = at_the_end(time, known)
    good = accepted(GOOD)
    heard = await supervision.hears(*told, good, at="2026-11-02 11:00")
    assert heard["new"] == len(told) + 1, "a time with its offset is legal"
    await supervision.until("2026-11-20 10:00")
    assert "yellow" in await supervision.levels(), "one case at the end of time stopped the others"

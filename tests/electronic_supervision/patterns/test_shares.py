"""A tactic that stands out in a unit is a lead for people, told once the local day has ended."""

from tests.electronic_supervision.live.said import accepted, decided, event
from tests.electronic_supervision.patterns.conftest import BEGIN, HEAD, Watch

MANY_REQUESTS = f"""id: many-requests
title: 多次补正
{HEAD.replace("regularity", "honest-records")}
honest_clock:
  tactic: repeated-supplements
  days: 30
  expected: 0.1
  least: 10
message: '{{subject}}在{{days}}日内{{of}}件中有{{hits}}件。'
examples:
  - name: 显著偏高
    tallies: [[80, 100], [5, 100], [5, 100]]
    as_of: 2026-11-20 10:00
    expect: lead
  - name: 件数太少
    tallies: [[2, 2], [5, 100], [5, 100]]
    as_of: 2026-11-20 10:00
    expect: nothing
"""


async def test_repeated_requests_are_a_lead_once_the_day_has_ended(watch: Watch) -> None:
    await watch.enact(MANY_REQUESTS)
    for number in range(20):
        case = f"办件{number}"
        asked = [
            event("supplement-requested", f"{BEGIN} 1{hour}:00", case, materials=[{"name": "图"}])
            for hour in (0, 1)
        ]
        again = event("supplement-requested", "2026-11-03 10:00", case, materials=[{"name": "表"}])
        await watch.city.hears(
            accepted(f"{BEGIN} 09:00", case),
            *asked,
            again,
            decided("2026-11-03 16:00", case),
            at="2026-11-03 17:00",
        )
    await watch.until("2026-11-03 18:00")
    found = await watch.found()
    assert [(rule, level) for rule, level, _ in found] == [("many-requests", "lead")]
    assert found[0][2] == BEGIN, "the first request counts, on the day on which it was made"

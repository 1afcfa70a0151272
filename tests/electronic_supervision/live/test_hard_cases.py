"""No case stops the judging of others, whatever was told of it."""

import pytest

from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import Said, accepted, decided, event
from tests.electronic_supervision.live.test_published import published

AT = "2026-11-23 10:00"
LATER = "2026-12-02 10:00"
FIRST, LAST = "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"
"""What some systems write for "never": in UTC there is no such date."""


def at(said: Said, time: str) -> Said:
    return said | {"time": time}


async def test_a_card_whose_acceptance_was_a_mistake_is_lifted_in_the_name_of_its_unit(
    supervision: Supervision,
) -> None:
    mistaken = accepted(AT)
    await supervision.hears(mistaken, at=AT)
    await supervision.until(LATER)
    voided = event("fact-voided", LATER, voids=mistaken["id"], reason="误录")
    await supervision.hears(voided, at=LATER)
    await supervision.until("2026-12-02 11:00")
    assert await supervision.levels() == []
    last = (await published(supervision))[-1]["data"]
    assert (last["unit"], last["reason"]) == ("housing", "fact-voided")


@pytest.mark.parametrize("time", [FIRST, LAST])
@pytest.mark.parametrize("known", ["instant", "day"])
async def test_a_date_that_utc_can_not_express_keeps_cards_back_and_stops_nobody(
    supervision: Supervision, time: str, known: str
) -> None:
    odd = at(decided(AT, time_known=known), time)
    await supervision.hears(accepted(AT), odd, accepted(AT, "办件2"), at=AT)
    await supervision.until(LATER)
    assert await supervision.levels("办件2") == ["reminder", "yellow"]
    assert "yellow" not in await supervision.levels("办件1")


@pytest.mark.parametrize("time", [FIRST, LAST])
async def test_a_stated_end_that_utc_can_not_express_stops_nobody(
    supervision: Supervision, time: str
) -> None:
    odd = accepted(AT, stated_due=time)
    await supervision.hears(odd, accepted(AT, "办件2"), at=AT)
    await supervision.until(LATER)
    assert await supervision.levels("办件2") == ["reminder", "yellow"]
    assert "yellow" not in await supervision.levels("办件1")


async def test_a_case_that_our_code_fails_on_keeps_no_other_from_being_judged(
    supervision: Supervision,
) -> None:
    await supervision.hears(accepted(AT, "坏办件"), accepted(AT, "好办件"), at=AT)
    await supervision.connection.execute(
        "update event set data = replace(data, '许可', '') where data like '%坏办件%'"
    )
    await supervision.until("2026-12-20 10:00")
    assert await supervision.levels("好办件") == ["reminder", "yellow", "red"]
    assert await supervision.levels("坏办件") == []
    stuck = await supervision.connection.fetch("select number from docket where is_stuck")
    assert [row["number"] for row in stuck] == ["坏办件"]
    # once the code is mended, an hour later at the latest, it is judged too
    await supervision.connection.execute(
        'update event set data = replace(data, \'"item":""\', \'"item":"许可"\')'
    )
    await supervision.until("2026-12-20 11:01")
    assert await supervision.levels("坏办件") == ["reminder", "yellow", "red"]
    assert not await supervision.connection.fetch("select from docket where is_stuck")

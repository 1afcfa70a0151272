"""What breaks a rule at once is shown with what is wrong, and not as a limit that ran out."""

from datetime import date

import pytest

from services.electronic_supervision.rules.keep import bring_shipped
from tests.electronic_supervision.live.said import accepted, event, local
from tests.electronic_supervision.reading.conftest import HOUSING, Hall

MONDAY, REFUSED_AT = date(2026, 11, 23), "2026-11-24 15:30"
WRONG = "决定不予办理，没有说明理由"


@pytest.fixture
async def refused(hall: Hall) -> Hall:
    """Return a city in which a case was refused without a word of why."""
    await bring_shipped(hall.supervision.connection, local("2026-11-23 08:00"), MONDAY)
    await hall.hears(
        accepted("2026-11-23 09:00", unit=HOUSING),
        event("case-decided", REFUSED_AT, unit=HOUSING, outcome="refused", reasons=[]),
    )
    return hall


@pytest.mark.parametrize("view", ["cards", "table"])
async def test_the_wall_says_what_is_wrong_instead_of_a_deadline(refused: Hall, view: str) -> None:
    page = await refused.page("office", "/console/alerts", view=view, state="all")
    assert WRONG in page
    assert "超期" not in page.split('<li id="a-')[-1].split("<tr id=")[-1]


async def test_the_case_names_the_clause_that_an_act_broke(refused: Hall) -> None:
    page = await refused.page("office", f"/console/cases/{await refused.id_of('办件1')}")
    assert WRONG in page
    assert "超出可信范围" not in page, "an act has no clock that could be explained"
    assert "行政许可法第三十八条第二款（规则 refused-without-reasons 第1版）" in page


async def test_programs_are_told_the_rule_and_what_is_wrong(refused: Hall) -> None:
    told = (await refused.asks("office", "/judgements")).json()["items"]
    assert [each["rule"] for each in told] == ["refused-without-reasons"]
    assert WRONG in told[0]["message"]


async def test_a_wall_can_be_limited_to_a_rule_and_to_acts(refused: Hall) -> None:
    for params, is_shown in [
        ({"rule": "refused-without-reasons"}, True),
        ({"rule": "promised-limit"}, False),
        ({"about": "act"}, True),
        ({"about": "limit"}, False),
    ]:
        page = await refused.page("office", "/console/alerts", state="all", **params)
        assert (WRONG in page) == is_shown, params


async def test_the_wall_offers_the_rules_that_speak_with_how_often(refused: Hall) -> None:
    page = await refused.page("office", "/console/alerts", state="all")
    assert '<option value="refused-without-reasons">' in page
    assert "（1）</option>" in page.split('value="refused-without-reasons">')[1]

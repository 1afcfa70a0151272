"""A handler sees the cases of his own units, whatever city systems call them, and no others."""

import random

import pytest
from fastapi.routing import iter_route_contexts

from kernel.access.policy import Role
from kernel.web.access import digest_of
from services.electronic_supervision.reading.scope import Scope, may_know
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import APPROVALS, event
from tests.electronic_supervision.reading.conftest import (
    AT,
    HOUSING,
    NAMES,
    OTHERS,
    TAX,
    Hall,
    card,
    somebody,
)

OF_A_CASE = (
    "/cases/{}",
    "/cases/{}/clocks",
    "/cases/{}/timeline",
    "/cases/{}/explanation",
    "/cases/{}/judgements",
    "/console/cases/{}",
    "/console/cases/{}/brief",
)
UNITS = ("u1", "u2", "u3")


async def told(hall: Hall) -> None:
    """Tell of a case of each unit, each with a card."""
    await hall.hears(card("房1", HOUSING), card("税1", TAX))


async def test_a_handler_is_shown_the_cases_of_his_unit_and_the_office_all(hall: Hall) -> None:
    await told(hall)
    assert await hall.sees("office") == ["房1", "税1"]
    assert await hall.sees("housing") == ["房1"]
    assert await hall.sees("tax") == ["税1"]
    both = somebody(Role.HANDLER, HOUSING, TAX)
    hall.lets_in("both", both)
    assert await hall.sees("both") == ["房1", "税1"]


async def test_a_handler_without_a_unit_is_shown_nothing_and_not_all(hall: Hall) -> None:
    hall.lets_in("adrift", somebody(Role.HANDLER))
    await told(hall)
    assert await hall.sees("adrift") == []
    for path in ("/console", "/console/alerts", "/console/cases"):
        assert "房1" not in await hall.page("adrift", path), path


async def test_a_foreign_case_is_answered_as_one_that_does_not_exist(hall: Hall) -> None:
    await told(hall)
    foreign, nothing = await hall.id_of("税1"), "00000000-0000-0000-0000-000000000000"
    for path in OF_A_CASE:
        own = await hall.asks("tax", path.format(foreign))
        assert own.status_code == 200, path
        got = await hall.asks("housing", path.format(foreign))
        missing = await hall.asks("housing", path.format(nothing))
        assert (got.status_code, got.text) == (
            missing.status_code,
            missing.text.replace(nothing, foreign),
        ), f"{path} tells that the case exists"
        assert got.status_code == 404 or got.json() == [], path


async def test_a_foreign_judgement_is_answered_as_one_that_does_not_exist(hall: Hall) -> None:
    await told(hall)
    standing = (await hall.asks("office", "/judgements")).json()["items"]
    assert {each["number"] for each in standing} == {"房1", "税1"}
    for each in standing:
        token = {"房1": "housing", "税1": "tax"}[each["number"]]
        other = {"房1": "tax", "税1": "housing"}[each["number"]]
        assert (await hall.asks(token, f"/judgements/{each['id']}")).json() == each
        assert (await hall.asks(other, f"/judgements/{each['id']}")).status_code == 404
    own = (await hall.asks("housing", "/judgements")).json()["items"]
    assert {each["number"] for each in own} == {"房1"}


async def test_asking_for_a_foreign_unit_shows_nothing(hall: Hall) -> None:
    await told(hall)
    assert await hall.sees("office", unit=TAX) == ["税1"]
    assert await hall.sees("housing", unit=TAX) == []
    assert (await hall.asks("housing", "/judgements", unit=TAX)).json()["items"] == []
    wall = await hall.page("housing", "/console/alerts", unit=TAX)
    assert "没有符合条件的预警" in wall
    assert "税1" not in wall


def of_the_hall(hall: Hall) -> list[str]:
    """Return the paths of all routes that are read, those of streams and of one thing left out."""
    paths = [
        route.path
        for route in iter_route_contexts(hall.house.app.routes)
        if route.path is not None and "GET" in (route.methods or ())
    ]
    return [path for path in paths if "{" not in path and "stream" not in path]


async def test_no_page_and_no_list_names_anything_of_another_unit(hall: Hall) -> None:
    await hall.hears(card("房1", HOUSING, OTHERS), card("税1", TAX))
    seen = set()
    for path in of_the_hall(hall):
        for params in ({}, {"q": "房1"}, {"unit": HOUSING}):
            answer = await hall.asks("tax", path, **params)
            for name in ("房1的许可", NAMES[HOUSING], OTHERS.title):
                assert name not in answer.text, f"{path} {params} tells {name}"
            if answer.status_code == 200:
                seen.add(path)
    assert seen >= {"/cases", "/judgements", "/console", "/console/alerts", "/console/cases"}
    whole = await hall.page("office", "/console/cases")
    assert "房1的许可" in whole
    assert OTHERS.title in whole


async def test_the_figures_of_the_front_page_are_those_of_the_unit(hall: Hall) -> None:
    await hall.hears(card("房1", HOUSING), card("税1", TAX), card("税2", TAX))
    for token, count in (("office", 3), ("housing", 1), ("tax", 2)):
        page = await hall.page(token, "/console")
        assert f'在办</span> <b>{count}</b> <span class="tile-note">其中已超期 {count}' in page, (
            token
        )
        assert f"红牌</span> <b>{count}</b>" in page, token


async def test_an_alias_shows_a_case_to_the_unit_at_once_and_taking_it_back_hides_it(
    hall: Hall,
) -> None:
    await hall.hears(card("旧1", "旧代码", OTHERS))
    case = await hall.id_of("旧1")
    assert await hall.sees("housing") == []
    assert (await hall.asks("housing", f"/cases/{case}")).status_code == 404
    await hall.names(OTHERS.source, "旧代码", HOUSING)
    assert await hall.sees("housing") == ["旧1"]
    assert await hall.sees("tax") == []
    line = (await hall.asks("housing", f"/cases/{case}/timeline")).json()
    assert [each["what"].split(".")[-2] for each in line if "." in each["what"]] == [
        "case-accepted"
    ], "the history of the case before the alias is lost"
    judged = (await hall.asks("housing", f"/cases/{case}/judgements")).json()
    assert [each["level"] for each in judged] == ["reminder", "yellow", "red"]
    for token, count in (("office", 1), ("housing", 1), ("tax", 0)):
        assert f"全部 <b>{count}</b>" in await hall.page(token, "/console/alerts"), token
        assert f"红牌</span> <b>{count}</b>" in await hall.page(token, "/console"), token
    await hall.names(OTHERS.source, "旧代码", TAX)
    assert (await hall.sees("housing"), await hall.sees("tax")) == ([], ["旧1"])
    await hall.forgets(OTHERS.source, "旧代码")
    assert (await hall.sees("housing"), await hall.sees("tax")) == ([], [])
    assert await hall.sees("office") == ["旧1"]


async def test_a_code_that_one_source_means_otherwise_is_another_units_there_only(
    hall: Hall,
) -> None:
    await hall.names(OTHERS.source, HOUSING, TAX)
    await hall.hears(card("甲", HOUSING), card("乙", HOUSING, OTHERS))
    assert await hall.sees("housing") == ["甲"]
    assert await hall.sees("tax") == ["乙"]
    for token, own, foreign in (
        ("housing", "甲的许可", "乙的许可"),
        ("tax", "乙的许可", "甲的许可"),
    ):
        wall = await hall.page(token, "/console/alerts")
        assert own in wall, token
        assert foreign not in wall, token
        found = (await hall.asks(token, "/judgements")).json()["items"]
        assert {each["number"] for each in found} == {own[0]}, token


async def test_a_case_handed_over_is_open_to_who_holds_it_and_to_who_has_its_card(
    hall: Hall,
) -> None:
    await hall.hears(card("转1", HOUSING))
    await hall.hears(event("case-transferred", AT, "转1", unit=HOUSING, to_unit=TAX))
    case = await hall.id_of("转1")
    assert await hall.sees("tax") == ["转1"], "who holds the case now is not shown it"
    for token in ("housing", "tax"):
        assert (await hall.asks(token, f"/cases/{case}")).status_code == 200, token
    found = (await hall.asks("housing", "/judgements")).json()["items"]
    assert {each["case"] for each in found} == {case}, "the card of a unit is hidden from it"
    assert f"/console/cases/{case}" in await hall.page("housing", "/console/alerts")


async def test_a_case_whose_unit_nobody_told_is_no_handlers(hall: Hall) -> None:
    hall.lets_in("nobody", somebody(Role.HANDLER, "x"))
    await hall.hears(event("step-started", AT, "缺1", step="初审", unit=HOUSING))
    assert await hall.sees("office") == ["缺1"]
    for token in ("housing", "tax", "nobody"):
        assert await hall.sees(token) == []


async def test_the_pages_say_for_which_unit_they_are(hall: Hall) -> None:
    await told(hall)
    for path in ("/console", "/console/alerts", "/console/cases"):
        own = await hall.page("housing", path)
        assert f"本单位：{NAMES[HOUSING]}" in own, path
        assert "本单位" not in await hall.page("office", path), path


async def test_who_sees_nothing_yet_is_told_what_that_means(hall: Hall) -> None:
    assert "本单位还没有办件" in await hall.page("housing", "/console/cases")
    assert "本单位的办件中没有现行的预警" in await hall.page("housing", "/console/alerts")


async def test_who_has_no_right_to_the_sources_is_told_nothing_of_them(hall: Hall) -> None:
    await told(hall)
    page = await hall.page("housing", "/console")
    assert "报送来源" not in page
    assert "报送来源" in await hall.page("office", "/console")


async def test_the_calendar_counts_the_cases_of_the_unit_and_none_for_who_sees_none(
    hall: Hall,
) -> None:
    limit = {"amount": 60, "unit": "working-days"}
    await hall.hears(card("远1", HOUSING) | {}, card("税1", TAX))
    far = event("case-accepted", AT, "远2", unit=HOUSING, item="许可", stated_limit=limit)
    await hall.hears(far)
    hall.lets_in("reception", somebody(Role.RECEPTION))
    assert "<b>1</b> 件在办件的届满日暂定" in await hall.page("office", "/console/calendar")
    assert "<b>1</b> 件在办件的届满日暂定" in await hall.page("housing", "/console/calendar")
    assert "在办件的届满日均已确定" in await hall.page("tax", "/console/calendar")
    assert "在办件" not in await hall.page("reception", "/console/calendar")


async def test_grants_taken_away_take_effect_at_the_next_look(hall: Hall) -> None:
    await told(hall)
    assert await hall.sees("housing") == ["房1"]
    hall.holders[digest_of("housing")] = somebody(Role.HANDLER, TAX)
    assert await hall.sees("housing") == ["税1"]
    hall.turns_out("housing")
    assert (await hall.asks("housing", "/cases")).status_code == 401


DOCKET = """
insert into docket (id, source, number, unit, item, is_ended, heard, position, calendar)
values ($1, $2, $1, $3, '', false, $4, 0, '')
"""
SLOW = """
select coalesce(alias.unit, docket.unit) from docket
left join unit_alias alias on (alias.source, alias.code) = (docket.source, docket.unit)
where id = $1
"""


@pytest.mark.parametrize("seed", range(8))
async def test_all_ways_to_tell_whose_a_case_is_agree_whatever_the_aliases(
    supervision: Supervision, seed: int
) -> None:
    chance, connection = random.Random(seed), supervision.connection
    sources, codes = ("/a", "/b", "/c"), (*UNITS, "x", "y", "")
    for number in range(60):
        source, code = chance.choice(sources), chance.choice(codes)
        await connection.execute(DOCKET, f"{number:032x}", source, code, number)
    for _ in range(6):
        source, code, unit = chance.choice(sources), chance.choice(codes[:-1]), chance.choice(UNITS)
        await connection.execute(
            "delete from unit_alias where ($1, $2) = (source, code)", source, code
        )
        await connection.execute("insert into unit_alias values ($1, $2, $3)", source, code, unit)
    ids = [row["id"] for row in await connection.fetch("select id from docket order by heard")]
    for some in ({"u1"}, {"u2", "u3"}, {"x"}, {""}, set()):
        scope = Scope(units=frozenset(some))
        statement = scope.over("select id from {dockets} order by heard")
        listed = [row["id"] for row in await connection.fetch(statement, scope.codes)]
        known = [id_ for id_ in ids if await may_know(connection, scope, id_)]
        held = [id_ for id_ in ids if await connection.fetchval(SLOW, id_) in some - {""}]
        assert listed == known == held, f"seed {seed}, units {some}, source of {APPROVALS.name}"

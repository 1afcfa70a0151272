"""The front page by plain requests: its figures are those of the wall and of the town."""

import re
from html import unescape

import httpx
import pytest

from services.electronic_supervision.doors.systems import admit
from tests.console import town
from tests.electronic_supervision.live.said import APPROVALS, decided
from tests.system.stack import REPORTER, Process, Stack
from tests.waiting import until

PAGE = "/console"


async def text(console: httpx.AsyncClient, url: str = PAGE) -> str:
    answer = await console.get(url)
    assert answer.status_code == 200, answer.text
    return answer.text


def tile(page: str, name: str) -> tuple[str, str]:
    """Return the figure of a tile, and its note."""
    found = re.search(
        rf'{name}</span> <b[^>]*>([^<]+)</b> <span class="tile-note">([^<]*)</span>', page
    )
    assert found, f"no tile for {name}"
    return found[1], found[2]


async def test_the_first_page_is_the_front_page(console: httpx.AsyncClient) -> None:
    answer = await console.get("/")
    assert answer.headers["Location"] == PAGE
    page = await text(console)
    assert page.count("<h1") == 1
    assert re.search(r'<a href="/console" aria-current="page">总览', page)
    wall = await text(console, "/console/alerts")
    assert wall.count('aria-current="page"') == 1


@pytest.mark.parametrize(
    ("words", "kind"), [("红牌", "red"), ("黄牌", "yellow"), ("预警", "reminder")]
)
async def test_each_level_has_the_walls_number_and_leads_there(
    console: httpx.AsyncClient, words: str, kind: str
) -> None:
    page = await text(console)
    assert f'<a href="/console/alerts?level={kind}"' in page
    wall = await text(console, f"/console/alerts?level={kind}")
    found = re.search(rf'id="kind-{kind}".*?<b>(\d+)</b>', wall, re.DOTALL)
    assert found
    assert tile(page, words)[0] == found[1]
    assert int(found[1]) > 0


async def test_a_case_that_is_told_of_is_counted_where_it_belongs(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    before = await text(console)

    def figure(page: str, name: str) -> int:
        return int(tile(page, name)[0])

    fresh, late = town.number(), town.number()
    told = [
        town.opened(0, 5, fresh),
        town.opened(30, 5, late),
        decided("2026-11-25 09:00", late),
    ]
    await town.tell(supervision, told)

    async def counted() -> str | None:
        page = await text(console)
        return page if figure(page, "今日办结") == figure(before, "今日办结") + 1 else None

    page = await until(counted)
    assert figure(page, "今日受理") == figure(before, "今日受理") + 1
    assert figure(page, "在办") == figure(before, "在办") + 1
    assert "其中超期 1" in tile(page, "今日办结")[1]
    assert tile(page, "近30天按期率")[0] == "样本不足"
    assert tile(page, "近30天按期率")[1].endswith(" 1")


async def test_the_newest_alert_comes_first_and_links_to_its_case(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    case = town.number()
    await town.tell(supervision, [town.overdue(9, case, unit=1)])

    async def first() -> bool:
        page = await text(console)
        listed = re.findall(r'<ol class="latest">.*?</ol>', page, re.DOTALL)[0]
        numbers = re.findall(r'<a href="/console/cases/[^"]+"[^>]*>([^<]+)</a>', listed)
        assert len(numbers) <= 10
        return bool(numbers[0] == case)

    await until(first)


async def test_units_lead_to_their_cards(console: httpx.AsyncClient) -> None:
    page = await text(console)
    found = re.search(r'<a href="(/console/alerts\?unit=[^"]+)">([^<]+)</a></td>', page)
    assert found
    wall = await text(console, unescape(found[1]))
    units = set(re.findall(r'card-unit">([^<]+)<', wall))
    assert units == {found[2]}


async def test_judging_that_keeps_up_says_until_when(console: httpx.AsyncClient) -> None:
    async def keeps_up() -> bool:
        return "已全部判定" in await text(console)

    await until(keeps_up)


async def test_a_town_without_trouble_is_told_to_be_well(console: httpx.AsyncClient) -> None:
    async def is_well() -> bool:
        page = await text(console)
        return "一切正常" in page and "1 个系统报送正常" in page and "需要关注" not in page

    await until(is_well)


async def test_a_city_without_systems_is_not_called_well(
    console: httpx.AsyncClient, shared_city: Stack
) -> None:
    database = await shared_city.database()
    try:
        await database.execute("delete from city_system")
        page = await text(console)
        assert "尚未接入任何系统" in page
        assert "正常" not in page, "nothing was heard that could be well"
    finally:
        await admit(database, APPROVALS)
        await database.close()


async def test_a_judgement_is_made_and_a_card_is_issued_by_people_only(
    console: httpx.AsyncClient,
) -> None:
    checked = "红牌须经人工核查后才正式发出"
    for path in (PAGE, "/console/alerts", "/console/alerts?view=table"):
        page = await text(console, path)
        assert "作出" in page
        assert "发出" not in page.replace(checked, ""), f"{path} says that a judgement is issued"


async def test_overdue_cases_without_a_card_are_explained(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    explained = "已超期的办件不一定已发牌"
    assert explained not in await text(console), "all overdue cases have a card"
    case = town.number()
    twice = [town.opened(30, 5, case), town.opened(28, 5, case)]
    await town.tell(supervision, twice)

    async def is_explained() -> bool:
        return explained in await text(console)

    await until(is_explained)


async def test_a_tab_that_asks_anew_gets_the_part_and_no_more(console: httpx.AsyncClient) -> None:
    part = await console.get(PAGE, headers={"HX-Request-Type": "partial"})
    assert part.text.lstrip().startswith('<div id="overview"')
    assert "<html" not in part.text


async def test_the_front_page_is_for_those_who_may_read(supervision: Process) -> None:
    async with supervision.client(REPORTER) as reporter:
        assert (await reporter.get(PAGE)).status_code == 403

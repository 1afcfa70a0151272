"""The list of cases: found by number, filtered, every one on exactly one page."""

import re
from collections.abc import Sequence
from html import unescape

import httpx
import pytest

from services.electronic_supervision.pages.cases.list import PER_PAGE
from tests.console import town
from tests.console.looked_up import CASE, found, plain, shown, text
from tests.electronic_supervision.live.said import APPROVALS, decided
from tests.system.stack import Process
from tests.waiting import until

LIST = "/console/cases"
NEXT = re.compile(r'<a href="([^"]+)" rel="next">')


def numbers(page: str) -> list[str]:
    return re.findall(r'<td class="case-cell">.*?>([^<]+)</a>', page)


async def listed(console: httpx.AsyncClient, **params: str) -> Sequence[str]:
    """Return the numbers of the cases on all pages."""
    names, url = [], str(httpx.URL(LIST, params=params))
    while url:
        page = await text(console, url)
        names += numbers(page)
        following = NEXT.search(page)
        url = unescape(following[1]) if following else ""
    return names


async def test_each_case_is_on_exactly_one_page(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    many = [f"页-{town.number()}" for _ in range(PER_PAGE * 2 + 7)]
    await town.tell(supervision, [town.opened(1, 9, number) for number in many])

    async def all_in() -> bool:
        return len(await listed(console, q="页-")) == len(many)

    await until(all_in)
    names = await listed(console, q="页-")
    assert sorted(names) == sorted(many)
    assert names == sorted(many, reverse=True), "the last told of is not the first"


async def test_a_case_is_found_by_its_number_or_a_part_of_it(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = f"Abc%_{town.number()}"
    await town.tell(supervision, [town.opened(1, 9, number)])
    await found(console, number)
    for part in (number[2:9], number.lower(), number.upper(), f"  {number}  ", "c%_3"):
        assert number in await listed(console, q=part), part
    assert await listed(console, q=f"{number}x") == []
    assert await listed(console, q="Abc%%") == [], "a sign of SQL was taken for one"
    assert number in await listed(console, q=number, source=APPROVALS.source)
    assert await listed(console, q=number, source="/elsewhere") == []


@pytest.fixture
async def five(console: httpx.AsyncClient, supervision: Process) -> dict[str, str]:
    """Return cases of every state by what they are."""
    names = ("在办", "超期", "按期", "晚了", "暂定")
    cases = {name: f"{name}{town.number()}" for name in names}
    await town.tell(
        supervision,
        [
            town.opened(1, 9, cases["在办"]),
            town.opened(20, 5, cases["超期"]),
            town.opened(20, 5, cases["按期"]),
            decided("2026-11-06 10:00", cases["按期"]),
            town.opened(20, 5, cases["晚了"]),
            decided("2026-11-24 10:00", cases["晚了"]),
            town.opened(1, 40, cases["暂定"]),
        ],
    )
    for name, words in (("超期", "超期"), ("晚了", "超期办结"), ("按期", "按期办结")):
        await shown(console, cases[name], words)
    for name in names:
        await found(console, cases[name])
    return cases


FILTERS = {
    "open": {"在办", "超期", "暂定"},
    "overdue": {"超期"},
    "ended": {"按期", "晚了"},
    "late": {"晚了"},
    "provisional": {"暂定"},
    "awaiting": set[str](),
    "": {"在办", "超期", "按期", "晚了", "暂定"},
}


async def test_each_filter_lets_pass_what_it_says(
    console: httpx.AsyncClient, five: dict[str, str]
) -> None:
    for state, wanted in FILTERS.items():

        async def are_these(state: str = state, wanted: set[str] = wanted) -> bool:
            names = await listed(console, state=state)
            return {name for name, number in five.items() if number in names} == wanted

        await until(are_these)


async def test_a_line_tells_due_and_state_in_words(
    console: httpx.AsyncClient, five: dict[str, str]
) -> None:
    async def line(name: str) -> str:
        return plain(await text(console, LIST, q=five[name])).partition("来源 ")[2]

    for name, words in {
        "超期": ("红牌", "在办", "11月12日（周四）", "超期9个工作日"),
        "晚了": ("超期办结", "11月24日 10:00", "超期8个工作日"),
        "按期": ("按期办结",),
        "暂定": ("在办", "2027年1月20日（周三） 暂定", "还剩39个工作日"),
    }.items():

        async def says(name: str = name, words: tuple[str, ...] = words) -> bool:
            told = await line(name)
            return all(each in told for each in words)

        await until(says)
    assert "超期" not in (await line("按期"))


async def test_nothing_found_says_what_to_do(console: httpx.AsyncClient) -> None:
    page = await text(console, LIST, q="没有这样的编号")
    assert "没有符合条件的办件" in plain(page)
    assert CASE.findall(page) == []


@pytest.mark.parametrize("after", ["x", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
async def test_a_made_up_page_is_refused(console: httpx.AsyncClient, after: str) -> None:
    answer = await console.get(LIST, params={"after": after})
    assert (answer.status_code, "翻页位置无效" in answer.text) == (400, True)

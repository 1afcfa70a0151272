"""The page of the working calendar: which days count, and how far that is settled."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from kernel.web.problem import ProblemError
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.house import ZONE
from services.electronic_supervision.pages.calendar.page import year_told
from services.electronic_supervision.pages.calendar.year import exceptions, months
from tests.console import town
from tests.console.looked_up import found, plain, text
from tests.system.stack import Process
from tests.waiting import until

PAGE = "/console/calendar"
CALENDAR = published_calendar()
OFFICE = Office(calendar=CALENDAR, zone=ZONE)
TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)


def words_of(year: int) -> Mapping[date, str]:
    return {
        day.on: day.word
        for month in months(CALENDAR, year, TODAY)
        for week in month.weeks
        for day in week
        if day is not None
    }


@pytest.mark.parametrize("year", [2004, 2015, 2020, 2026, 2027, 2028])
def test_a_year_shows_each_of_its_days_once_as_the_calendar_counts_it(year: int) -> None:
    words = words_of(year)
    assert len(words) == (date(year + 1, 1, 1) - date(year, 1, 1)).days
    for on, word in words.items():
        assert CALENDAR.day(on).working == (word in {"", "班"}), on
    working = sum(month.working for month in months(CALENDAR, year, TODAY))
    assert working == CALENDAR.working_days(date(year - 1, 12, 31), date(year, 12, 31))


def test_days_off_and_days_worked_for_them_are_told_together() -> None:
    told = {each["name"]: each for each in exceptions(CALENDAR, 2026, TODAY)}
    spring = told["春节"]
    assert spring["off"] == ["2月15日（周日）至2月23日（周一）"]
    assert (spring["count"], spring["is_provisional"]) == (9, False)
    assert spring["swapped"] == ["2月14日（周六）", "2月28日（周六）"]


def test_the_table_has_every_exception_of_the_year() -> None:
    for year in (2015, 2023, 2026, 2028):
        told: list[Any] = list(exceptions(CALENDAR, year, TODAY))
        assert sum(each["count"] for each in told) == sum(on.year == year for on in CALENDAR.rest)
        swapped = sum(len(each["swapped"]) for each in told)
        assert swapped == sum(on.year == year for on in CALENDAR.work)


def test_festivals_that_fall_together_are_both_named() -> None:
    assert "中秋节、国庆节" in {each["name"] for each in exceptions(CALENDAR, 2028, TODAY)}


def test_a_year_without_a_notice_is_provisional_in_every_month() -> None:
    assert {month.settled for month in months(CALENDAR, 2027, TODAY)} == {"暂定"}
    assert {month.settled for month in months(CALENDAR, 2026, TODAY)} == {""}


def test_a_horizon_within_a_year_is_told_where_it_lies() -> None:
    short = replace(CALENDAR, confirmed_through=date(2026, 12, 28))
    assert months(short, 2026, TODAY)[11].settled == "29日起暂定"
    told = year_told(Office(calendar=short, zone=ZONE), 2026, NOW)
    assert told["settled"] == "12月28日以后的日期暂定：须待下一年的放假通知。"


@pytest.mark.parametrize("year", [2003, 2029])
def test_other_years_are_refused(year: int) -> None:
    with pytest.raises(ProblemError) as refused:
        year_told(OFFICE, year, NOW)
    assert (refused.value.status_code, refused.value.problem.code) == (404, "year-unknown")


async def test_the_page_opens_on_this_year_and_says_how_far_it_is_settled(
    console: httpx.AsyncClient,
) -> None:
    page = await text(console, PAGE)
    told = plain(page)
    assert "2026年工作日历" in told
    assert "放假安排已公布至 2026年12月31日" in told
    assert page.count('<table class="month">') == 12
    assert re.search(r"year-today.*?25.*?今日", page, re.DOTALL)
    assert "2027年的放假安排尚未公布" in plain(await text(console, PAGE, year="2027"))


async def test_cases_that_end_on_a_provisional_day_are_counted_and_listed(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    async def count() -> int:
        told = re.search(r"(\d+) 件在办件的届满日暂定", plain(await text(console, PAGE)))
        return int(told[1]) if told else 0

    before, number = await count(), town.number()
    await town.tell(supervision, [town.opened(1, 40, number)])
    await found(console, number)

    async def one_more() -> bool:
        return await count() == before + 1

    await until(one_more)
    assert 'href="/console/cases?state=provisional"' in await text(console, PAGE)


@pytest.mark.parametrize("year", ["1990", "2029", "0", "99999", "x"])
async def test_a_year_that_is_not_there_gets_a_page_that_says_so(
    console: httpx.AsyncClient, year: str
) -> None:
    answer = await console.get(PAGE, params={"year": year})
    assert answer.status_code in {404, 422}
    assert "<h1>" in answer.text

"""What the front page counts, at the edges of days, of limits and of what is known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.intake.numbering import Gap
from kernel.store.migrate import migrate
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors.systems import admit
from services.electronic_supervision.pages.overview import figures
from services.electronic_supervision.pages.overview.figures import Cases, Span
from services.electronic_supervision.pages.overview.words import (
    FEW,
    bars,
    calendar_words,
    days_ahead,
    judged_words,
    rate_words,
    span_of,
    troubles,
)
from services.electronic_supervision.reading.scope import Scope
from services.electronic_supervision.reading.sources import SourceState
from services.electronic_supervision.tenancy import TENANCY
from tests.console.quarantined import put
from tests.electronic_supervision.live.said import APPROVALS, WUHU, decided, local

NUMBERS = count(1)
OFFICE = Office(calendar=published_calendar(), zone=WUHU)
NOW = local("2026-11-25 10:00")
SPAN = Span(
    now=NOW,
    today=local("2026-11-25 00:00"),
    tomorrow=local("2026-11-26 00:00"),
    since=local("2026-10-27 00:00"),
)
CITY = Scope(units=None)
MICROSECOND = timedelta(microseconds=1)
DOCKET = """
insert into docket (id, source, number, unit, item, is_ended, heard, position, next_at, calendar,
                    accepted_at, ended_at, due_at, is_provisional, is_late)
values ($1, '/approvals', $1, $2, '许可', $4::timestamptz is not null, 1, 1, $8, '', $3, $4, $5, $6,
        $7)
"""
ALERT = """
insert into alert (docket, judgement, clock, level, unit, due_at, fired_at, raised_at, withheld,
                   hidden)
values ($1, $1, 'total', $2, $3, $4, $4, $4, '', 0)
"""


@pytest.fixture
async def tables(server: Postgres) -> AsyncIterator[asyncpg.Connection]:
    """Return a connection to the empty tables of electronic supervision."""
    schema = f"front_page_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    await migrate(connection, schema, *TENANCY.migrations)
    yield connection
    await connection.close()


async def keep(
    tables: asyncpg.Connection,
    *,
    accepted: datetime | None = None,
    ended: datetime | None = None,
    due: datetime | None = None,
    provisional: bool = False,
    late: bool | None = None,
    next_at: datetime | None = None,
    unit: str = "住建局",
) -> str:
    id_ = f"{next(NUMBERS):032x}"
    await tables.execute(DOCKET, id_, unit, accepted, ended, due, provisional, late, next_at)
    return id_


def test_thirty_days_of_the_city_end_with_today() -> None:
    assert span_of(OFFICE, NOW) == SPAN
    assert (SPAN.tomorrow - SPAN.since).days == 30
    assert span_of(OFFICE, SPAN.today).today == SPAN.today
    assert span_of(OFFICE, SPAN.today - MICROSECOND).tomorrow == SPAN.today


async def test_a_day_begins_and_ends_at_midnight_of_the_city(tables: asyncpg.Connection) -> None:
    for at in (SPAN.today, SPAN.tomorrow - MICROSECOND):
        await keep(tables, accepted=at, ended=at)
    for at in (SPAN.today - MICROSECOND, SPAN.tomorrow):
        await keep(tables, accepted=at, ended=at)
    found = await figures.cases(tables, CITY, SPAN)
    assert (found.accepted, found.ended) == (2, 2)


async def test_a_case_known_by_its_end_alone_is_not_in_hand(tables: asyncpg.Connection) -> None:
    await keep(tables)
    await keep(tables, accepted=NOW)
    await keep(tables, accepted=NOW, ended=NOW)
    assert (await figures.cases(tables, CITY, SPAN)).in_hand == 1


async def test_a_case_is_overdue_from_its_very_end_and_never_once_it_ended(
    tables: asyncpg.Connection,
) -> None:
    await keep(tables, accepted=SPAN.since, due=NOW)
    await keep(tables, accepted=SPAN.since, due=NOW + MICROSECOND)
    await keep(tables, accepted=SPAN.since, due=NOW, ended=NOW, late=True)
    assert (await figures.cases(tables, CITY, SPAN)).overdue == 1


async def test_a_rate_counts_only_cases_with_a_limit_that_ended_of_late(
    tables: asyncpg.Connection,
) -> None:
    await keep(tables, ended=SPAN.since, late=False)
    await keep(tables, ended=SPAN.today, late=True)
    await keep(tables, ended=SPAN.today - MICROSECOND, late=True)
    await keep(tables, ended=SPAN.today)  # without a limit
    await keep(tables, ended=SPAN.since - MICROSECOND, late=False)
    await keep(tables, accepted=SPAN.today)
    found = await figures.cases(tables, CITY, SPAN)
    assert (found.on_time, found.judged) == (1, 3)
    assert (found.ended, found.late) == (2, 1)


async def test_a_limit_that_ends_at_24_00_falls_due_on_its_last_day(
    tables: asyncpg.Connection,
) -> None:
    days = days_ahead(OFFICE, NOW)
    ends = [OFFICE.midnight(day + timedelta(days=1)) for day in days]
    for due in (
        NOW,  # overdue already
        NOW + MICROSECOND,
        local("2026-11-26 00:00"),  # the end of today
        local("2026-11-26 09:00"),
        local("2026-11-29 12:00"),  # a Sunday: it has to be done by Monday
        local("2026-12-02 00:00"),
        local("2026-12-02 00:00") + MICROSECOND,  # the sixth working day
    ):
        await keep(tables, due=due)
    assert list(await figures.falling_due(tables, CITY, NOW, ends)) == [2, 1, 0, 1, 1]


async def test_units_with_most_cards_come_first_and_reminders_are_no_cards(
    tables: asyncpg.Connection,
) -> None:
    for unit, level in (
        ("住建局", "yellow"),
        ("住建局", "yellow"),
        ("市监局", "red"),
        ("市监局", "yellow"),
        ("人社局", "red"),
        ("林业局", "reminder"),
        ("林业局", "red-lead"),
    ):
        await tables.execute(ALERT, await keep(tables, unit=unit), level, unit, NOW)
    ended = await keep(tables, unit="人社局", ended=NOW)
    await tables.execute(ALERT, ended, "red", "人社局", NOW)
    found = [(unit.name, unit.red, unit.yellow) for unit in await figures.units(tables, CITY)]
    assert found == [("市监局", 1, 1), ("住建局", 0, 2), ("人社局", 1, 0)]


async def test_what_waits_to_be_judged_holds_back_until_when_everything_was(
    tables: asyncpg.Connection,
) -> None:
    assert await figures.judged_through(tables, "CITY") is None
    await tables.execute("insert into checkpoint (stream) values ('CITY')")
    await keep(tables, next_at=NOW - timedelta(hours=3))
    assert await figures.judged_through(tables, "CITY") is None, "nobody heard the stream yet"
    await tables.execute("update checkpoint set heard_through = $1", NOW)
    assert await figures.judged_through(tables, "CITY") == NOW - timedelta(hours=3)
    await tables.execute("update docket set next_at = $1", NOW + timedelta(hours=3))
    assert await figures.judged_through(tables, "CITY") == NOW


async def test_the_newest_alerts_come_first_and_those_of_ended_cases_not_at_all(
    tables: asyncpg.Connection,
) -> None:
    open_ones = [await keep(tables) for _ in range(figures.NEWEST + 2)]
    for age, id_ in enumerate(open_ones):
        await tables.execute(ALERT, id_, "red", "住建局", NOW - timedelta(minutes=age))
    await tables.execute(ALERT, await keep(tables, ended=NOW), "red", "住建局", NOW)
    found = [alert.id for alert in await figures.latest(tables, CITY)]
    assert found == open_ones[: figures.NEWEST]


async def test_only_open_cases_wait_for_the_notice(tables: asyncpg.Connection) -> None:
    await keep(tables, due=NOW, provisional=True)
    await keep(tables, due=NOW)
    await keep(tables, due=NOW, provisional=True, ended=NOW)
    assert await figures.provisional(tables, CITY) == 1


async def test_a_case_that_our_code_fails_on_and_a_message_of_nobody_are_counted(
    tables: asyncpg.Connection,
) -> None:
    stuck = await keep(tables)
    await keep(tables)
    await tables.execute("update docket set is_stuck = true where id = $1", stuck)
    assert await figures.count(tables, figures.STUCK) == 1
    await admit(tables, APPROVALS)
    for source in (APPROVALS.source, "", "/nobody"):
        await put(tables, decided("2026-11-25 09:00", f"件{source}"), source=source)
    assert await figures.count(tables, figures.UNCLAIMED) == 2


def state(*, missing: int = 0, held: int = 0, heard: datetime | None = NOW) -> SourceState:
    return SourceState(
        system=APPROVALS,
        heard_at=heard,
        last_sequence=9,
        missing=[Gap(source=APPROVALS.source, first=1, last=missing)] if missing else [],
        held=held,
    )


def test_only_what_is_amiss_is_trouble() -> None:
    assert troubles([state()], 0, 0, OFFICE, NOW) == []
    told = troubles([state(missing=3, held=2, heard=None)], 4, 1, OFFICE, NOW)
    assert [(each.name, list(each.words)) for each in told] == [
        (APPROVALS.name, ["尚未报送过", "缺 3 个号", "隔离 2 条"]),
        ("来源不明", ["隔离 4 条"]),
        ("判定程序", ["1 件出错未判定，请查看运行日志"]),
    ]


def cases(on_time: int, judged: int) -> Cases:
    return Cases(in_hand=0, overdue=0, accepted=0, ended=0, late=0, judged=judged, on_time=on_time)


def test_one_late_case_of_thousands_keeps_the_rate_below_a_hundred() -> None:
    assert rate_words(cases(9_999, 10_000)) == ("99.9%", "按期 9,999 / 办结 10,000")
    assert rate_words(cases(FEW, FEW))[0] == "100.0%"


def test_a_rate_of_few_cases_is_not_told() -> None:
    assert rate_words(cases(FEW - 1, FEW - 1)) == ("样本不足", "按期 29 / 办结 29")
    assert rate_words(cases(0, 0)) == ("—", "近30天没有设定时限的办结件")


def test_five_working_days_leave_weekends_and_festivals_out() -> None:
    saturday = days_ahead(OFFICE, local("2026-11-28 10:00"))
    assert [f"{day:%m-%d}" for day in saturday] == ["11-30", "12-01", "12-02", "12-03", "12-04"]
    eve = days_ahead(OFFICE, local("2026-09-30 10:00"))
    assert eve[0].day == 30
    assert f"{eve[1]:%m-%d}" == "10-08"


def test_a_bar_names_today_and_an_empty_week_has_no_bars() -> None:
    days = days_ahead(OFFICE, NOW)
    told = bars(days, [1, 4, 0, 2, 0], days[0])
    assert [(each["day"], each["share"]) for each in told][:3] == [
        ("今日（周三）", 25),
        ("11月26日（周四）", 100),
        ("11月27日（周五）", 0),
    ]
    assert {each["share"] for each in bars(days, [0] * 5, days[0])} == {0}


def test_judging_that_lags_says_until_when_it_came() -> None:
    utc = NOW.astimezone(UTC)
    assert judged_words(utc - timedelta(seconds=9), OFFICE, NOW) == (
        False,
        "截至 09:59:51 已全部判定",
    )
    assert judged_words(utc - timedelta(minutes=12), OFFICE, NOW) == (
        True,
        "判定滞后，仅截至 11月25日 09:48:00",
    )
    assert judged_words(None, OFFICE, NOW)[0]


def test_the_calendar_tells_how_many_cases_wait_for_the_notice() -> None:
    through = OFFICE.calendar.confirmed_through
    settled = f"放假安排已公布至 {through.year}年{through.month}月{through.day}日"
    assert calendar_words(OFFICE, 1234) == f"{settled}；1,234 件在办件的届满日暂定"
    assert calendar_words(OFFICE, 0) == f"{settled}；在办件的届满日均已确定"

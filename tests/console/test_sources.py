"""The page of the sources by plain requests: who was heard, what is held, what an operator does."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape

import asyncpg
import httpx
import nats
import pytest

from contracts.subjects import city as city_subject
from kernel.database import instant
from kernel.intake.numbering import note_numbers
from services.electronic_supervision.doors.systems import CitySystem, admit
from services.electronic_supervision.pages.sources.quarantine_list import PER_PAGE
from tests.console import town
from tests.console.quarantined import put
from tests.electronic_supervision.live.said import APPROVALS, decided
from tests.system.stack import OPERATOR, REPORTER, Process, Stack
from tests.waiting import until

PAGE = "/console/sources"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
APPLICANT = "张三 340202199001011234"


@pytest.fixture
async def database(shared_city: Stack) -> AsyncIterator[asyncpg.Connection]:
    connection = await shared_city.database()
    yield connection
    await connection.close()


@pytest.fixture
async def held(shared_city: Stack, supervision: Process, database: asyncpg.Connection) -> str:
    """Send something unreadable of a case that is on the wall, and return its name."""
    case = town.number()
    await town.tell(supervision, [town.overdue(9, case)])
    about = city_subject(
        APPROVALS.name, "xiaoneng.approvals.case-decided.v1", unit="housing", key=case
    )
    client = await nats.connect(
        shared_city.system_url, inbox_prefix=f"_INBOX_city-{APPROVALS.name}"
    )
    body = f'{{"id": "{case}-1", "applicant": "{APPLICANT}", oops'.encode()
    await client.jetstream().publish(about, body)
    await client.close()

    async def look() -> str | None:
        found: str | None = await database.fetchval(
            "select id from quarantine where subject = $1", about
        )
        return found

    return await until(look)


def entry(page: str, name: str) -> str:
    """Return what a page tells of a message, without its tags."""
    found = re.search(f'<li id="held-{name}".*?</li>', page, re.DOTALL)
    assert found, "the message is not on the page"
    return unescape(" ".join(re.sub("<[^>]+>", " ", found[0]).split()))


def names(page: str) -> list[str]:
    return re.findall(r'<li id="held-(\w+)"', page)


async def text(console: httpx.AsyncClient, url: str = PAGE, **more: str) -> str:
    answer = await console.get(url, params=more or None, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


async def listed(console: httpx.AsyncClient) -> str:
    return await text(console, source=APPROVALS.source)


async def test_a_held_message_says_why_in_chinese_and_repeats_nothing_it_held(
    console: httpx.AsyncClient, held: str
) -> None:
    told = entry(await listed(console), held)
    assert "办结" in told
    assert "不是有效的 JSON：第1行" in told
    for page in (told, await text(console, f"/console/quarantine/{held}")):
        assert "applicant" not in page
        assert "340202199001011234" not in page


async def test_a_case_is_linked_once_it_exists(
    console: httpx.AsyncClient, database: asyncpg.Connection, held: str
) -> None:
    case = await database.fetchval("select noted_in from quarantine where id = $1", held)
    unheard = await put(database, decided("2026-11-25 10:00", town.number()))
    page = await listed(console)
    assert f'href="/console/cases/{case}"' in page
    assert "尚无该办件" not in entry(page, held)
    assert "尚无该办件" in entry(page, unheard)


async def test_what_still_cannot_be_read_stays_and_the_page_says_why(
    console: httpx.AsyncClient, held: str
) -> None:
    url = f"/console/quarantine/{held}/resubmit"
    part = await console.post(url, headers=PART)
    assert (part.status_code, part.headers["HX-Trigger"]) == (200, "settled")
    assert "<html" not in part.text
    whole = await console.post(url, follow_redirects=True)
    for page in (part.text, whole.text):
        assert "仍无法读取，继续隔离。不是有效的 JSON" in page
        assert held in names(page)


async def test_what_can_be_read_by_now_is_released_and_counted(
    console: httpx.AsyncClient, supervision: Process, database: asyncpg.Connection
) -> None:
    case = town.number()
    await town.tell(supervision, [town.overdue(9, case)])
    end = decided("2026-11-25 09:00", case)
    name = await put(database, end)
    answer = await console.post(f"/console/quarantine/{name}/resubmit", headers=PART)
    assert f"{case} 的办结消息已重新读取并放行" in answer.text
    assert name not in names(answer.text)

    async def is_ended() -> bool:
        ended: bool = await database.fetchval("select is_ended from docket where number = $1", case)
        return ended

    await until(is_ended)


async def test_nothing_is_discarded_without_a_reason(console: httpx.AsyncClient, held: str) -> None:
    url = f"/console/quarantine/{held}/discard"
    for form in ({}, {"reason": ""}, {"reason": " 　\n"}):
        part = await console.post(url, data=form, headers=PART)
        assert (part.status_code, "请填写理由" in part.text) == (422, True)
        assert part.headers["HX-Retarget"] == "#drawer"
        assert (await console.post(url, data=form)).status_code == 422
    long = await console.post(url, data={"reason": "长" * 1001})
    assert long.status_code == 422
    assert held in names(await listed(console))


async def test_the_record_keeps_who_discarded_and_why(
    console: httpx.AsyncClient, database: asyncpg.Connection, held: str
) -> None:
    reason = "来源系统确认是误发"
    url = f"/console/quarantine/{held}/discard"
    answer = await console.post(url, data={"reason": reason}, follow_redirects=False)
    assert answer.status_code == 303
    page = await text(console, answer.headers["Location"])
    assert "办结消息已作废" in page
    assert held not in names(page)
    kept = await database.fetchval(
        "select metadata from event where type = 'MessageSettled' and data like $1", f"%{held}%"
    )
    assert '"role": "office"' in kept
    assert reason in kept
    assert "已作废" in await text(console, f"/console/quarantine/{held}")


async def test_a_message_is_settled_once_and_a_stranger_is_not_found(
    console: httpx.AsyncClient, held: str
) -> None:
    url = f"/console/quarantine/{held}/discard"
    await console.post(url, data={"reason": "误发"})
    again = await console.post(url, data={"reason": "再次"})
    assert (again.status_code, "该消息已经处理" in again.text) == (409, True)
    part = await console.post(url, data={"reason": "再次"}, headers=PART)
    assert "已有人先行处理，本次未作处理" in part.text
    assert part.headers["HX-Trigger"] == "settled", "the drawer would hide the words"
    for asked in (f"{PAGE}?message=nothing", "/console/quarantine/nothing"):
        answer = await console.get(asked)
        assert (answer.status_code, "没有这条消息" in answer.text) == (404, True)


async def test_no_other_site_settles_a_message_and_nobody_without_the_right(
    supervision: Process, console: httpx.AsyncClient, held: str
) -> None:
    for action in ("resubmit", "discard"):
        url = f"/console/quarantine/{held}/{action}"
        form = {"reason": "误发"}
        foreign = await console.post(url, data=form, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        async with supervision.client(REPORTER) as reporter:
            assert (await reporter.post(url, data=form)).status_code == 403
    assert held in names(await listed(console))


async def test_pages_of_quarantine_leave_none_out_and_repeat_none(
    console: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    source = "/wuhu/many"
    put_in = {
        await put(database, decided("2026-11-25 10:00", town.number()), source=source)
        for _ in range(2 * PER_PAGE + 3)
    }
    seen: list[str] = []
    url: str | None = f"{PAGE}?source={source}"
    while url:
        page = await text(console, url)
        assert f"{len(put_in)} 条待处理" in page
        seen += names(page)
        found = re.search(r'<a href="([^"]+)" rel="next">', page)
        url = unescape(found[1]) if found else None
    assert len(seen) == len(put_in), "a message was left out or repeated"
    assert set(seen) == put_in
    assert not put_in & set(names(await text(console, source=APPROVALS.source)))


async def test_an_answer_keeps_to_the_page_it_was_asked_from(
    console: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    source = "/wuhu/two-pages"
    for _ in range(PER_PAGE + 2):
        await put(database, decided("2026-11-25 10:00", town.number()), source=source)
    first = await text(console, source=source)
    found = re.search(r'<a href="[^"]*after=([^"&#]+)[^"]*" rel="next">', first)
    assert found
    second = names(await text(console, source=source, after=found[1]))
    answer = await console.post(
        f"/console/quarantine/{second[0]}/discard",
        params={"source": source, "after": found[1]},
        data={"reason": "误发"},
        headers=PART,
    )
    assert names(answer.text) == second[1:]


async def test_a_page_that_never_was_is_refused(console: httpx.AsyncClient) -> None:
    answer = await console.get(PAGE, params={"after": "nonsense"})
    assert (answer.status_code, "翻页位置无效" in answer.text) == (400, True)


async def test_a_bytes_gone_message_cannot_be_read_again_but_discarded(
    console: httpx.AsyncClient, database: asyncpg.Connection, held: str
) -> None:
    await database.execute("update quarantine set raw = null where id = $1", held)
    assert "原文已过保存期" in entry(await listed(console), held)
    answer = await console.post(f"/console/quarantine/{held}/resubmit")
    assert answer.status_code == 410
    await console.post(f"/console/quarantine/{held}/discard", data={"reason": "已过期"})
    assert held not in names(await listed(console))


def line(page: str, system: str) -> str:
    rows = re.findall(r'<tr id="source-.*?</tr>', page, re.DOTALL)
    found = [each for each in rows if f">{system}<" in each]
    assert found, f"{system} is not on the page"
    return unescape(" ".join(re.sub("<[^>]+>", " ", found[0]).split()))


async def test_a_system_is_told_of_from_its_first_message_on(
    console: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    system = CitySystem(name="new", source="/wuhu/new", settle=timedelta(hours=26), title="新系统")
    await admit(database, system)
    told = line(await text(console), system.title)
    assert "尚未报送过" in told
    assert "26 小时" in told
    await put(database, decided("2026-11-25 10:00", town.number()), source=system.source)
    told = line(await text(console), system.title)
    assert "尚未报送过" not in told, "what could not be read was said all the same"
    assert "隔离 1 条" in told


async def test_what_a_system_left_out_is_named(
    console: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    system = CitySystem(name="缺号系统", source="/wuhu/gaps")
    await admit(database, system)
    await note_numbers(
        database, {system.source: [1, 2, 5, 7]}, await instant(database) - timedelta(days=9999)
    )
    told = line(await text(console), system.name)
    assert "3～4、6" in told
    assert "缺 3 个号" in told
    assert "缺" not in line(await text(console), APPROVALS.name), "another system left them out"


async def test_the_last_event_of_a_system_is_told(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    await town.tell(supervision, [town.overdue(9)])

    async def just_now() -> bool:
        told = line(await text(console), APPROVALS.name)
        return "11月25日 10:" in told and "刚刚" in told

    await until(just_now)


async def test_the_page_is_for_those_who_may_read(supervision: Process) -> None:
    base = f"http://127.0.0.1:{supervision.port}"
    for path in (PAGE, "/console/quarantine/nothing"):
        async with httpx.AsyncClient(base_url=base, cookies={"xiaoneng": "wrong"}) as stranger:
            assert (await stranger.get(path)).status_code == 401
        async with httpx.AsyncClient(base_url=base, cookies={"xiaoneng": REPORTER}) as reporter:
            assert (await reporter.get(path)).status_code == 403
        async with httpx.AsyncClient(base_url=base, cookies={"xiaoneng": OPERATOR}) as operator:
            assert (await operator.get(path)).status_code in {200, 404}

"""The page of a case: what stands against it and why, by plain requests."""

import json
import re
from datetime import timedelta
from html import unescape

import httpx
import nats
import pytest

from tests.console import town
from tests.console.looked_up import found, plain, shown, text
from tests.electronic_supervision.live.said import Said, decided, event, raw, subject
from tests.system.stack import REPORTER, Process, Stack
from tests.waiting import until

CODES = re.compile(
    r"(case|clock|step|fact|limit)-[a-z]+|(expert|working|calendar|start|swapped)-[a-z]+"
    r"|(red|yellow)-lead|provisional-date|message-in|on_time|open_overdue|granted|counter|discarded"
)
FIVE = {"amount": 5, "unit": "working-days"}


def accepted(case: str, at: str = "2026-11-02 10:00", **data: object) -> Said:
    told = {"unit": town.UNITS[0], "item": town.ITEMS[0], "stated_limit": FIVE} | data
    return event("case-accepted", at, case, **told)


def happened(kind: str, at: str, case: str, **data: object) -> Said:
    return event(kind, at, case, **({"unit": town.UNITS[0]} | data))


def row_of(page: str, anchor: str) -> str:
    """Return what the row of a judgement says."""
    row = re.search(f'<tr id="{anchor}".*?</tr>', page, re.DOTALL)
    assert row, "the judgement is not on the page"
    return plain(row[0])


def links_within(page: str) -> set[str]:
    return set(re.findall(r'href="#([^"]+)"', page))


async def test_who_got_a_red_card_sees_it_and_by_how_much_and_why(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    await town.tell(supervision, [accepted(number)])
    # the arithmetic tells of a red card before one is raised
    told = plain(await shown(console, number, "也已届满，没有按期办结"))
    for words in (
        f"办件 {number}",
        "在办，已超期，超期12个工作日",
        town.UNITS[0],
        town.ITEMS[0],
        "时限11月9日（周一）24时届满，其后的督办期限至11月12日（周四）也已届满，没有按期办结。",
        "时限5个工作日，11月2日（周一）10:00开始。当日和其间休息日2天不计入。",
        "被监察系统自报的办理期限",
        "放假安排已公布至2026年12月31日",
        "机关钟",
        "群众钟",
    ):
        assert words in told


async def test_nothing_is_told_in_codes(console: httpx.AsyncClient, supervision: Process) -> None:
    number = town.number()
    told = [
        accepted(number, "2026-09-21 15:00", channel="counter", holder="建设科"),
        happened("supplement-requested", "2026-09-22 09:00", number, materials=[{"name": "图纸"}]),
        happened("clock-paused", "2026-09-23 09:00", number, ground="supplement", pause="1"),
        happened("clock-paused", "2026-09-28 09:00", number, ground="expert-review", pause="2"),
        happened("clock-resumed", "2026-10-12 16:00", number, pause="2"),
        happened("step-started", "2026-10-12 16:30", number, step="审核"),
        happened("step-finished", "2026-10-13 16:30", number, step="审核"),
        happened("limit-extended", "2026-10-13 10:00", number, by=FIVE, reason="情况复杂"),
        happened("case-transferred", "2026-10-16 10:00", number, to_unit=town.UNITS[1]),
        happened("fee-charged", "2026-10-19 10:00", number, amount_fen=12050, purpose="工本费"),
        happened("result-delivered", "2026-11-24 10:00", number, channel="post"),
        decided("2026-11-20 10:00", number),
    ]
    await town.tell(supervision, told)
    page = await shown(console, number, "超期办结")
    ids = {str(each["id"]) for each in told}
    visible = re.sub('<span class="code">.*?</span>', "", page, flags=re.DOTALL)
    words = " ".join(word for word in plain(visible).split() if word not in ids)
    assert not CODES.search(words), CODES.findall(words)
    for words_of_fields in (
        "中止（专家评审，《行政许可法》第四十五条）",
        "无法定依据的中止1次，不停钟",
        "其中延期5个工作日。",
        f"由 {town.UNITS[0]} 转至 {town.UNITS[1]}",
        "收费：120.50元，工本费",
        "收件方式：窗口",
        "送达方式：邮寄",
        "所缺材料：图纸",
    ):
        assert words_of_fields in plain(page)


async def test_a_voided_fact_stays_on_the_line_and_counts_no_more(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    wrong = decided("2026-11-06 10:00", number)
    void = happened("fact-voided", "2026-11-07 10:00", number, voids=wrong["id"], reason="误点")
    await town.tell(supervision, [accepted(number), wrong, void])
    page = await shown(console, number, "红牌")
    entry = re.search(r'<li id="f-\d+" class="[^"]*is-struck">.*?</li>', page, re.DOTALL)
    assert entry
    assert "不计入" in plain(entry[0])
    assert str(wrong["id"]) in plain(entry[0])
    assert page.count("is-struck") == 1


async def test_what_arrived_late_says_so(console: httpx.AsyncClient, supervision: Process) -> None:
    number = town.number()
    early = event("case-accepted", town.at(town.TODAY), number, unit="u", item="i")
    await town.tell(supervision, [early, decided("2026-11-20 10:00", number)])
    page = await shown(console, number, "5天后收到")
    assert plain(page).count("天后收到") == 1


async def test_a_card_that_was_lifted_stays_with_what_lifted_it(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    await town.tell(supervision, [accepted(number)])
    await shown(console, number, "红牌")
    done = decided("2026-11-06 10:00", number)
    await town.tell(supervision, [done])
    page = await shown(console, number, "红牌不再成立")
    assert f"收到“办结”（{done['id']}）" in plain(page)
    assert "按期办结" in plain(page)
    states = [row_of(page, anchor) for anchor in re.findall(r'<tr id="(j-\d+)"', page)]
    assert [("不再成立" in state, "现行" in state) for state in states] == [
        (True, False),
        (True, False),
        (False, True),
    ]


@pytest.fixture
async def doubted(shared_city: Stack, supervision: Process, console: httpx.AsyncClient) -> str:
    """Return the page of a red case once a message about it can't be read."""
    number = town.number()
    await town.tell(supervision, [accepted(number)])
    await shown(console, number, "红牌")
    said = happened("case-decided", "2026-11-06 10:00", number, outcome="maybe", reasons=[])
    client = await nats.connect(shared_city.system_url, inbox_prefix="_INBOX_city-approvals")
    await client.jetstream().publish(subject(said), raw(said))
    await client.close()
    return await shown(console, number, "红牌线索")


async def test_a_lead_says_why_it_is_no_card_and_which_it_replaced(doubted: str) -> None:
    told = plain(doubted)
    assert "有 1 条消息无法读取，处理以前不发牌" in told
    assert "本应红牌；因“有消息无法读取”，不发牌，只作线索，须人工核查。" in told
    rows = {anchor: row_of(doubted, anchor) for anchor in re.findall(r'<tr id="(j-\d+)"', doubted)}
    assert any("现行 取代 红牌" in row for row in rows.values())
    assert any("隔离区中有关该办件的消息有变化 由 红牌线索 取代" in row for row in rows.values())
    assert "/console/quarantine/" in doubted


async def test_every_link_within_the_page_leads_somewhere(doubted: str) -> None:
    places = set(re.findall(r' id="([^"]+)"', doubted))
    assert links_within(doubted) <= places
    assert len(re.findall(r' id="', doubted)) == len(places), "an id is there twice"


async def test_the_citizens_clock_explains_itself_too(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    pause = happened("clock-paused", "2026-11-04 10:00", number, ground="hearing", pause="1")
    await town.tell(supervision, [accepted(number), pause])
    page = await shown(console, number, "在办，中止中")
    assert "现在中止，时限停止计算，恢复后顺延。" in plain(page)
    assert "尚未送达，已超期，超期12个工作日" in plain(page)
    case = await found(console, number)
    citizen = plain(await text(console, f"/console/cases/{case}", clock="citizen"))
    assert "11月9日（周一）24时届满。 至今尚未结束，超期12个工作日。" in citizen


async def test_an_unknown_clock_and_an_unknown_case_are_told_as_such(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    await town.tell(supervision, [accepted(number)])
    case = await found(console, number)
    none = await console.get(f"/console/cases/{case}", params={"clock": "step:没有"})
    assert (none.status_code, "该办件没有这个计时" in none.text) == (404, True)
    for path in ("no-such-case", f"{case}0", "no-such-case/brief"):
        answer = await console.get(f"/console/cases/{path}")
        assert (answer.status_code, "没有这个办件" in answer.text) == (404, True)
        assert "<h1>" in answer.text


async def test_the_data_behind_the_page_give_the_same_verdict(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    await town.tell(supervision, [accepted(number)])
    page = await shown(console, number, "红牌")
    url = re.search(r'href="(/cases/[^"]+/explanation[^"]+)"', page)
    assert url
    data = (await console.get(unescape(url[1]))).json()["data"]
    assert (data["verdict"], data["over"]) == ("open_overdue", 12)
    assert "超期12个工作日" in plain(page)


async def test_the_drawer_holds_the_gist(console: httpx.AsyncClient, supervision: Process) -> None:
    number = town.number()
    await town.tell(supervision, [accepted(number)])
    await shown(console, number, "红牌")
    case = await found(console, number)
    drawer = await text(console, f"/console/cases/{case}/brief")
    assert "<html" not in drawer
    assert drawer.lstrip().startswith('<div class="drawer-head">')
    for words in (number, "超期12个工作日", "红牌", town.UNITS[0], "关闭", "查看全部"):
        assert words in plain(drawer)
    assert f'href="/console/cases/{case}"' in drawer
    assert all(link.endswith("-title") for link in links_within(drawer))


LIMITS: dict[str, tuple[dict[str, object], str]] = {
    "none": ({"stated_limit": None}, "没有可据以计算的时限"),
    "stated": ({"stated_limit": None, "stated_due_on": "2026-11-20"}, "届满日由系统自报，照录。"),
    "ancient": ({"stated_limit": None, "stated_due_on": "0001-01-02"}, "不逐日说明"),
    "before": ({"stated_limit": None, "stated_due_on": "2026-10-20"}, "自报期限早于受理"),
    "hours": ({"stated_limit": {"amount": 90, "unit": "office-minutes"}}, "1小时30分（办公时间）"),
    "minutes": ({"stated_limit": {"amount": 30, "unit": "minutes"}}, "30分（连续计时）"),
    "calendar": ({"stated_limit": {"amount": 12, "unit": "calendar-days"}}, "12个自然日"),
    "long": ({"stated_limit": {"amount": 3650, "unit": "working-days"}}, "3650个工作日"),
}


@pytest.mark.parametrize("kind", LIMITS)
async def test_any_limit_can_be_shown(
    console: httpx.AsyncClient, supervision: Process, kind: str
) -> None:
    number = town.number()
    data, words = LIMITS[kind]
    said = {"unit": "u", "item": "i"} | {name: it for name, it in data.items() if it is not None}
    await town.tell(supervision, [event("case-accepted", "2026-11-02 10:00", number, **said)])
    page = await shown(console, number, words)
    assert len(page) < 200_000


UNTOLD = "时间或期限超出可信范围，不逐日说明。"
TIMES = {
    "9999-12-31T23:59:59-12:00": UNTOLD,
    "9998-03-02T10:00:00+08:00": UNTOLD,
    "0001-01-01T00:00:00+08:00": UNTOLD,
    "2018-03-02T10:00:00+08:00": "中间 3136 天从略",
}


@pytest.mark.parametrize("at", TIMES)
async def test_any_time_can_be_shown(
    console: httpx.AsyncClient, supervision: Process, at: str
) -> None:
    number = town.number()
    limit = {"amount": 3000 if at.startswith("9") else 20, "unit": "working-days"}
    begun = accepted(number, stated_limit=limit)
    asked = happened("supplement-requested", "2026-11-03 09:00", number, materials=[])
    ended = decided("2026-11-03 09:00", other := town.number())
    for each in (begun, asked, ended):
        each["time"] = each["recordedtime"] = at
    await town.tell(supervision, [begun, asked, accepted(other), ended])
    await found(console, other)
    page = await shown(console, number, TIMES[at])
    assert len(page) < 200_000
    case = await found(console, number)
    await text(console, f"/console/cases/{case}/brief")


async def test_a_case_without_its_acceptance_says_that_nothing_runs(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    await town.tell(supervision, [decided("2026-11-20 10:00", number)])
    told = plain(await shown(console, number, "没有收到受理，没有起算"))
    assert "（单位未明）" in told


async def test_what_a_system_says_is_shown_and_never_marked_up(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = f"<b>{town.number()}</b>"
    reasons = ["<script>alert(1)</script>"]
    evil = happened("case-decided", "2026-11-06 10:00", number, outcome="other", reasons=reasons)
    evil["id"] = f'"><img src=x>{number}'
    await town.tell(supervision, [accepted(number, item="<i>许可</i>"), evil])
    page = await shown(console, number, "按期办结")
    for mark in ("<script>alert", "<img", "<b>340200", "<i>许可"):
        assert mark not in page


async def test_who_may_not_read_sees_no_case(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    await town.tell(supervision, [accepted(number)])
    case = await found(console, number)
    paths = ("/console/cases", f"/console/cases/{case}", f"/console/cases/{case}/brief")
    async with supervision.client(REPORTER) as reporter:
        for path in (*paths, "/console/calendar"):
            assert (await reporter.get(path)).status_code == 403
    async with supervision.client("nobody's") as stranger:
        for path in paths:
            assert (await stranger.get(path)).status_code == 401


async def test_the_time_line_for_programs_tells_when_each_fact_happened(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    asked = happened("supplement-requested", "2026-11-03 09:00", number, materials=[])
    await town.tell(supervision, [accepted(number), asked])
    case = await found(console, number)

    async def both() -> list[dict[str, object]] | None:
        told = json.loads((await console.get(f"/cases/{case}/timeline")).text)
        entries: list[dict[str, object]] = [each for each in told if each["counts"] is not None]
        return entries if len(entries) == 2 else None

    entry = (await until(both))[1]
    assert entry["at"] == {"instant": "2026-11-03T09:00:00+08:00", "day": None}


async def test_a_page_that_asks_again_gets_the_part_that_changes(
    console: httpx.AsyncClient, supervision: Process
) -> None:
    number = town.number()
    await town.tell(supervision, [accepted(number, town.at(town.TODAY - timedelta(days=1)))])
    case = await found(console, number)
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = await console.get(f"/console/cases/{case}", headers=part)
    assert "<html" not in answer.text
    assert '<div id="case"' in answer.text

"""What was known on a day, by the facts and the law of that day, whatever came after."""

from dataclasses import replace

from services.electronic_supervision.catalogue.keep import carry_out
from services.electronic_supervision.domain.catalogue.item_acts import (
    AddItemAlias,
    Command,
    ItemAlias,
)
from tests.electronic_supervision.domain.lawful import PERMIT, days
from tests.electronic_supervision.live.said import APPROVALS, accepted, event, local
from tests.electronic_supervision.live.test_law import ISSUED, OPERATOR
from tests.electronic_supervision.reading.conftest import AT, HOUSING, NOW, Hall, card

THEN, MONDAY = "2026-11-23 11:00", "2026-11-23 10:00"


async def decree(hall: Hall, command: Command, at: str) -> None:
    await carry_out(hall.supervision.connection, command, now=local(at), acting=OPERATOR)


def instant(at: str) -> str:
    return local(at).isoformat()


async def test_a_verdict_is_known_by_the_law_of_its_day(hall: Hall) -> None:
    content = replace(PERMIT, promised=days(2), green_card=None)
    await decree(hall, replace(ISSUED, code="JZ-01", content=content), AT)
    await hall.supervision.hears(accepted(MONDAY, unit=HOUSING), at=MONDAY)
    await hall.supervision.until(THEN)
    alias = ItemAlias(source=APPROVALS.source, code="许可")
    await decree(hall, AddItemAlias(code="JZ-01", alias=alias), NOW)
    await hall.supervision.until("2026-11-25 10:01")
    path = f"/cases/{await hall.id_of('办件1')}"
    now = (await hall.asks("office", path)).json()
    then = (await hall.asks("office", path, known_at=instant(THEN))).json()
    assert (now["total"]["due_on"], then["total"]["due_on"]) == ("2026-11-25", "2026-11-30")


async def test_a_list_of_judgements_is_that_of_its_day(hall: Hall) -> None:
    told = card("一号", HOUSING)
    await hall.supervision.hears(told, at=AT)
    await hall.supervision.until(MONDAY)
    voided = event("fact-voided", MONDAY, "一号", unit=HOUSING, voids=told["id"], reason="误录")
    await hall.supervision.hears(voided, at=THEN)
    await hall.supervision.until(NOW)

    async def levels(token: str, **params: str) -> list[str]:
        items = (await hall.asks(token, "/judgements", **params)).json()["items"]
        return sorted(each["level"] for each in items)

    assert await levels("office") == []
    assert await levels("office", known_at=instant(THEN)) == ["red", "reminder", "yellow"]
    assert await levels("office", known_at=instant(AT)) == []
    assert await levels("housing", known_at=instant(THEN)) == ["red", "reminder", "yellow"]
    assert await levels("tax", known_at=instant(THEN)) == []


async def test_a_list_of_cases_is_that_of_its_day(hall: Hall) -> None:
    await hall.supervision.hears(card("一号", HOUSING), at=AT)
    await hall.supervision.hears(card("二号", HOUSING), at=NOW)
    await hall.supervision.until(NOW)
    assert await hall.sees("office") == ["一号", "二号"]
    assert await hall.sees("office", known_at=instant(THEN)) == ["一号"]


async def test_the_page_of_a_case_shows_what_was_known_when_a_day_ended(hall: Hall) -> None:
    told = card("一号", HOUSING)
    await hall.supervision.hears(told, at=AT)
    await hall.supervision.until(MONDAY)
    voided = event("fact-voided", MONDAY, "一号", unit=HOUSING, voids=told["id"], reason="误录")
    await hall.supervision.hears(voided, at="2026-11-24 09:00")
    await hall.supervision.until(NOW)
    path = f"/console/cases/{await hall.id_of('一号')}"
    now = await hall.page("housing", path)
    then = await hall.page("housing", path, known_on="2026-11-23")
    assert "没有收到受理" in now
    assert "已超期" in then
    assert "以下是截至11月23日（周一）24时已知的情况" in then
    assert "hx-trigger" not in then.partition('id="case"')[2].partition(">")[0], "it stays as it is"
    assert "known_on=2026-11-23" in then, "the arithmetic of the other clock is that of the day"
    for day in ("", "2026-11-25", "2027-01-01"):
        assert "以下是截至" not in await hall.page("housing", path, known_on=day), day
    early = await hall.asks("housing", path, known_on="2026-11-01")
    assert (early.status_code, "当时还没有这个办件" in early.text) == (404, True)
    foreign = await hall.asks("tax", path, known_on="2026-11-01")
    assert "当时还没有这个办件" not in foreign.text, "nobody learns that it exists"


async def test_the_pages_of_alerts_and_cases_show_what_was_known_when_a_day_ended(
    hall: Hall,
) -> None:
    told = card("一号", HOUSING)
    await hall.supervision.hears(told, at=AT)
    await hall.supervision.until(MONDAY)
    voided = event("fact-voided", MONDAY, "一号", unit=HOUSING, voids=told["id"], reason="误录")
    await hall.supervision.hears(voided, card("二号", HOUSING), at="2026-11-24 09:00")
    await hall.supervision.until("2026-11-24 10:00")
    alerts, cases = "/console/alerts/known", "/console/cases"
    for token, is_told in (("office", True), ("housing", True), ("tax", False)):
        then = await hall.page(token, alerts, known_on="2026-11-23")
        assert ("一号" in then) is is_told, token
    listed = await hall.page("office", cases, known_on="2026-11-23")
    assert ("一号" in listed, "二号" in listed) == (True, False), "the other came a day later"
    then = await hall.page("housing", alerts, known_on="2026-11-23")
    assert {level for level in ("红牌", "黄牌", "预警") if f"{level}</span>" in then} == {
        "红牌",
        "黄牌",
        "预警",
    }
    assert "known_on=2026-11-23" in then, "a case opens as it was known on that day"
    red = await hall.page("housing", alerts, known_on="2026-11-23", level="red")
    assert red.count("data-row") == 1
    now = await hall.page("housing", alerts, known_on="2026-11-24")
    assert "一号" not in now
    early = await hall.page("housing", alerts, known_on="2026-11-02")
    assert "当时没有符合条件的预警" in early
    assert "红牌" in listed
    assert "一号" not in await hall.page("tax", cases, known_on="2026-11-23")

"""Findings are shown to those whom they concern, and leads to those who look into them."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter
from prometheus_client import CollectorRegistry

from contracts.grants import filters_of
from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from kernel.bell import Bell
from kernel.database import instant, open_pool
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from services.electronic_supervision.api.findings import findings_router
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.pages.leads.page import leads_router
from services.electronic_supervision.pages.routers import pages
from services.electronic_supervision.reading.desk import Desk
from tests.contracts.test_subjects import matches
from tests.electronic_supervision.live.conftest import OFFICE
from tests.electronic_supervision.live.said import event, local
from tests.electronic_supervision.patterns.conftest import MANY_STEPS, Watch, steps_on
from tests.electronic_supervision.reading.conftest import Hall, hall_of, somebody

STREAM = "/judgements/stream"
END = "2027-01-10 10:00"
STEPS = steps_on([0, 0, 0, 20, 20, 20])
LEAD = (
    MANY_STEPS.replace("id: many-steps", "id: many-steps-lead")
    .replace("level: yellow", "level: lead")
    .replace("expect: yellow", "expect: lead")
)
NAME = "insert into unit_told (code, name) values ($1, '市住建局')"
PEOPLE = {
    "office": Grant(role=Role.OFFICE),
    "discipline": Grant(role=Role.DISCIPLINE),
    "auditor": Grant(role=Role.AUDITOR),
    "leader": Grant(role=Role.LEADER),
}
EVERYBODY = ("office", "discipline", "auditor", "leader", "own", "other")


def words(page: str) -> str:
    """Return what people read of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page)))


@pytest.fixture
async def unit(watch: Watch) -> str:
    """Have a unit whose steps are too many, by a rule for cards and one for leads."""
    await watch.enact(LEAD)
    await watch.city.hears(*STEPS, at="2026-12-01 10:00")
    await watch.until("2026-12-01 10:01")
    await watch.until(END)
    found: str = await watch.connection.fetchval("select min(unit) from pattern_finding")
    await watch.connection.execute(NAME, found)
    return found


@pytest.fixture
async def door(watch: Watch, unit: str) -> AsyncIterator[httpx.AsyncClient]:
    pool = await open_pool(watch.city.url, watch.city.settings["search_path"])
    desk = Desk(
        pool=pool,
        court=Court(law=stated_law(OFFICE), settle={}),
        facts=Bell(pool, "facts"),
        clock=lambda: local(END),
        now=instant,
    )
    grants = PEOPLE | {
        "own": Grant(role=Role.HANDLER, unit=unit),
        "other": Grant(role=Role.HANDLER, unit="another"),
    }
    holders = {
        digest_of(name): Principal(name=name, grants=(grant,)) for name, grant in grants.items()
    }
    routers: list[APIRouter] = [findings_router(desk), leads_router(desk)]
    app = create_app(
        title="test",
        routers=routers,
        checks=[],
        registry=CollectorRegistry(),
        keyring=Keyring.of(holders),
        pages=[pages("")],
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://hall") as client:
        yield client
    await pool.close()


async def asked(door: httpx.AsyncClient, who: str, path: str, **params: str) -> httpx.Response:
    accept = "text/html" if path.startswith("/console") else "application/json"
    headers = {"Authorization": f"Bearer {who}", "Accept": accept}
    return await door.get(path, params=params, headers=headers)


async def rules(door: httpx.AsyncClient, who: str, **params: str) -> list[str]:
    items = (await asked(door, who, "/findings", **params)).json()["items"]
    return sorted(each["rule"] for each in items)


BOTH = ["many-steps", "many-steps", "many-steps-lead", "many-steps-lead"]
CARDS = ["many-steps", "many-steps"]


async def test_leads_are_seen_by_those_who_look_into_them_and_cards_by_those_concerned(
    door: httpx.AsyncClient,
) -> None:
    seen = {who: await rules(door, who) for who in EVERYBODY}
    assert seen == {
        "office": BOTH,
        "discipline": BOTH,
        "auditor": BOTH,
        "leader": CARDS,
        "own": CARDS,
        "other": [],
    }
    for who in EVERYBODY:
        page = words((await asked(door, who, "/console/leads")).text)
        assert ("线索 环节过多" in page) == (seen[who] == BOTH), who
        assert ("黄牌 环节过多" in page) == bool(seen[who]), who


async def test_what_somebody_may_not_know_of_is_not_there_for_him(door: httpx.AsyncClient) -> None:
    items = (await asked(door, "office", "/findings")).json()["items"]
    for each in items:
        is_lead = each["level"] == "lead"
        for who in EVERYBODY:
            is_seen = who != "other" and not (is_lead and who in ("leader", "own"))
            for path in (f"/findings/{each['id']}", f"/console/leads/{each['id']}"):
                answer = await asked(door, who, path)
                assert answer.status_code == (200 if is_seen else 404), (who, path)
    assert (await asked(door, "office", "/findings/nothing")).json()["code"] == "finding-unknown"


async def test_a_code_that_a_source_means_another_unit_by_shows_a_unit_nothing(
    door: httpx.AsyncClient, watch: Watch, unit: str
) -> None:
    await watch.connection.execute(
        "insert into unit_alias (source, code, unit) values ('/elsewhere', $1, 'another')", unit
    )
    assert await rules(door, "own") == []
    assert await rules(door, "other") == []
    assert await rules(door, "office") == BOTH


async def test_a_finding_explains_itself_with_clause_figures_and_the_cases_it_counts(
    door: httpx.AsyncClient,
) -> None:
    (last, *_) = (await asked(door, "own", "/findings")).json()["items"]
    whole = (await asked(door, "own", f"/findings/{last['id']}")).json()
    assert whole["clause"] == "《芜湖市机关效能建设规定》第九条"
    assert whole["figures"]["total"] == len(whole["counted"]) >= 3
    page = words((await asked(door, "own", f"/console/leads/{last['id']}")).text)
    for part in ("《芜湖市机关效能建设规定》第九条", "市住建局", "已达3次的界限", "黄牌"):
        assert part in page, part
    for each in whole["counted"]:
        assert each["case"]
        assert each["number"] in page
    assert "线索只供人工核查" not in page


async def test_a_lead_says_that_nobody_is_held_to_it(door: httpx.AsyncClient) -> None:
    (lead, *_) = (await asked(door, "office", "/findings", level="lead")).json()["items"]
    page = words((await asked(door, "office", f"/console/leads/{lead['id']}")).text)
    assert "线索只供人工核查，不据此发牌，也不计入考核。" in page


async def test_the_list_is_narrowed_by_level_rule_unit_and_state_and_read_page_by_page(
    door: httpx.AsyncClient,
) -> None:
    assert await rules(door, "office", level="yellow") == CARDS
    assert await rules(door, "office", level="red") == []
    assert await rules(door, "office", rule="many-steps-lead") == ["many-steps-lead"] * 2
    assert await rules(door, "office", unit="another") == []
    assert await rules(door, "office", stands="false") == []
    read: list[str] = []
    after: dict[str, str] = {}
    for _ in BOTH:
        told = (await asked(door, "office", "/findings", limit="1", **after)).json()
        read += [each["id"] for each in told["items"]]
        after = {"after": told["next"]} if told["next"] else {}
    assert (len(set(read)), after) == (len(BOTH), {})


async def test_what_no_longer_holds_is_called_lifted_and_kept(
    door: httpx.AsyncClient, watch: Watch
) -> None:
    voided = event("fact-voided", END, "办件5", voids=STEPS[-1]["id"], reason="误录")
    await watch.city.hears(voided, at=END)
    await watch.until("2027-01-10 10:01")
    assert await rules(door, "office") == ["many-steps", "many-steps-lead"]
    (lifted, _) = (await asked(door, "office", "/findings", stands="false")).json()["items"]
    page = words((await asked(door, "office", f"/console/leads/{lifted['id']}")).text)
    assert "已撤回" in page
    assert "不再成立" in page
    listed = words((await asked(door, "office", "/console/leads", state="lifted")).text)
    assert listed.count("环节过多") >= 2


async def test_who_may_see_no_cases_sees_no_findings(door: httpx.AsyncClient) -> None:
    for path in ("/findings", "/console/leads"):
        assert (await asked(door, "stranger", path)).status_code in (303, 401), path


async def followed(hall: Hall, token: str) -> set[str]:
    """Return the rules that somebody hears of over the live stream, of all findings over time."""
    last = await hall.supervision.connection.fetchval("select max(sequence) from publication")
    headers = {"Authorization": f"Bearer {token}"}
    heard, through, asked = set(), 0, {"after": "0"}
    async with (
        asyncio.timeout(10),
        hall.house.client.stream("GET", STREAM, params=asked, headers=headers) as answer,
    ):
        lines = answer.aiter_lines()
        while through < last:
            line = await anext(lines)
            if line.startswith("id:"):
                through = int(line.removeprefix("id:"))
            if line.startswith("data:"):
                said = json.loads(line.removeprefix("data:"))
                if "pattern-found" in said["type"] or "finding-lifted" in said["type"]:
                    heard.add(str(said["data"]["rule"]["id"]))
    return heard


async def test_who_follows_live_hears_of_leads_only_where_he_looks_into_them(
    watch: Watch, unit: str
) -> None:
    voided = event("fact-voided", END, "办件5", voids=STEPS[-1]["id"], reason="误录")
    await watch.city.hears(voided, at=END)
    await watch.until("2027-01-10 10:01")
    async with hall_of(watch.city) as hall:
        running = asyncio.create_task(hall.feed.run())
        for name, principal in {
            "office": somebody(Role.OFFICE),
            "leader": somebody(Role.LEADER),
            "own": somebody(Role.HANDLER, unit),
            "system": somebody(Role.SUBSCRIBER, subscribes=("supervision.all",)),
            "system of the unit": somebody(Role.SUBSCRIBER, unit, subscribes=("supervision.all",)),
        }.items():
            hall.lets_in(name, principal)
            leads = {"many-steps-lead"} if name in ("office", "system") else set()
            assert await followed(hall, name) == {"many-steps"} | leads, name
        running.cancel()


@pytest.mark.usefixtures("unit")
async def test_on_the_bus_no_subscription_of_a_unit_brings_leads_about_it(watch: Watch) -> None:
    voided = event("fact-voided", END, "办件5", voids=STEPS[-1]["id"], reason="误录")
    await watch.city.hears(voided, at=END)
    await watch.until("2027-01-10 10:01")
    rows = await watch.connection.fetch("select subject, body from publication")
    heard: dict[str, set[bool]] = {}
    for row in rows:
        said = json.loads(row["body"])
        if "pattern-found" in said["type"] or "finding-lifted" in said["type"]:
            own = filters_of(["supervision.all"], [said["data"]["unit"]])
            city = filters_of(["supervision.findings"])
            assert any(matches(each, row["subject"]) for each in city)
            is_heard = any(matches(each, row["subject"]) for each in own)
            heard.setdefault(said["data"]["rule"]["id"], set()).add(is_heard)
    assert heard == {"many-steps": {True}, "many-steps-lead": {False}}

"""The door for programs to the registers."""

import json
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from prometheus_client import CollectorRegistry

from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from kernel.store.store import read
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from services.electronic_supervision.api.registers import registers_router
from services.electronic_supervision.registers.clerk import Clerk
from tests.electronic_supervision.domain.registers.city import DEPOT, MILL, YARD
from tests.electronic_supervision.registers.papers import NOW, city

KEEPER = Principal(name="王效能", grants=(Grant(role=Role.OFFICE),))
YAML = {"Content-Type": "application/yaml"}
CARD = f"/registers/green-card/{MILL}"


@pytest.fixture
async def door(pool: asyncpg.Pool) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(
        title="test",
        routers=[registers_router(Clerk(pool=pool, clock=lambda: NOW))],
        checks=[],
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of("keeper"): KEEPER}),
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://registers",
        headers={"Authorization": "Bearer keeper"},
    ) as client:
        yield client


async def take_in(door: httpx.AsyncClient, content: bytes) -> httpx.Response:
    told = await door.post("/registers/preview", content=content, headers=YAML)
    digest = {"digest": told.json()["digest"]}
    return await door.post("/registers/import", params=digest, content=content, headers=YAML)


async def codes(door: httpx.AsyncClient, kind: str, **params: str) -> list[str]:
    answer = await door.get(f"/registers/{kind}", params=params)
    assert answer.status_code == 200, answer.text
    return [each["code"] for each in answer.json()["items"]]


async def test_what_was_imported_is_read_by_day(door: httpx.AsyncClient) -> None:
    assert (await take_in(door, city())).status_code == 200
    today = (await door.get(f"/registers/green-card/{YARD}")).json()
    assert (today["state"], today["reason"]) == ("suspended", "欠缴税款")
    in_may = (await door.get(f"/registers/green-card/{YARD}", params={"on": "2012-05-31"})).json()
    assert in_may["state"] == "valid"
    later = (await door.get(CARD, params={"on": "2013-01-01"})).json()
    assert later["state"] == "expired"
    earlier = (await door.get(CARD, params={"on": "2011-01-01"})).json()
    assert earlier["state"] == "future"
    chain = (await door.get("/registers/service-chain/ZS")).json()
    assert [each["limit"] for each in chain["stages"]] == [
        None,
        {"amount": 3, "unit": "working-days"},
    ]
    quota = (await door.get("/registers/inspection-quota/2012-WHAJJ")).json()
    assert quota["exceptions"] == [{"enterprise": YARD, "times": 4, "reason": "重大危险源"}]


async def test_entries_are_found_by_words_unit_and_state(door: httpx.AsyncClient) -> None:
    await take_in(door, city())
    assert await codes(door, "green-card") == sorted([MILL, YARD])
    assert await codes(door, "green-card", q="造船") == [YARD]
    assert await codes(door, "green-card", state="valid") == [MILL]
    assert await codes(door, "green-card", state="valid", on="2012-05-31") == sorted([MILL, YARD])
    assert await codes(door, "inspection-approval", q=YARD) == ["芜优检〔2012〕7号"]
    assert await codes(door, "inspection-approval", unit="WHAJJ", state="expired") == [
        "芜优检〔2012〕7号"
    ]
    assert await codes(door, "inspection-approval", unit="WH") == []
    assert await codes(door, "discretion-band", q="拒不改正") == ["AY01"]


async def test_pages_follow_each_other_without_a_gap(door: httpx.AsyncClient) -> None:
    await take_in(door, city())
    first = (await door.get("/registers/green-card", params={"limit": "1"})).json()
    second = (
        await door.get("/registers/green-card", params={"limit": "1", "after": first["next"]})
    ).json()
    assert [first["items"][0]["code"], second["items"][0]["code"]] == sorted([MILL, YARD])
    assert second["next"] is None


async def test_a_card_is_given_suspended_and_remembered(door: httpx.AsyncClient) -> None:
    grant = {"name": "芜湖仓储", "effective_from": "2012-01-01", "last_day": "2012-12-31"}
    path = f"/registers/green-card/{DEPOT}"
    assert (await door.post(f"{path}/grant", json=grant)).json()["state"] == "valid"
    rest = {"reason": "欠税", "effective_from": "2012-07-01"}
    assert (await door.post(f"{path}/suspend", json=rest)).json()["state"] == "suspended"
    told = (await door.get(f"{path}/history")).json()["items"]
    assert [(each["type"], each["by"], each["role"]) for each in told] == [
        ("GreenCardGranted", "王效能", "office"),
        ("GreenCardSuspended", "王效能", "office"),
    ]


async def test_a_chain_is_published_with_limits_as_in_events(door: httpx.AsyncClient) -> None:
    limit = {"amount": 90, "unit": "office-minutes"}
    stage = {"code": "1", "name": "签约", "unit": "WHZSJ", "limit": limit}
    body = {"name": "项目", "stages": [stage], "effective_from": "2012-01-01"}
    answer = await door.post("/registers/service-chain/ZS/publish-chain", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["stages"] == [stage]


async def test_a_key_makes_telling_it_again_harmless(door: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "7"}
    path = "/registers/inspection-quota/2012-WHAJJ/set-quota"
    for times in (2, 2):
        answer = await door.post(path, json={"times": times}, headers=key)
        assert answer.status_code == 200
    answer = await door.post(path, json={"times": 3}, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")


async def test_what_was_taken_back_on_its_own_day_is_shown_no_more(
    door: httpx.AsyncClient,
) -> None:
    await take_in(door, city())
    taken = {"reason": "误发", "effective_from": "2012-01-01"}
    answer = await door.post(f"{CARD}/withdraw-card", json=taken)
    assert (answer.status_code, answer.json()) == (200, None)
    assert (await door.get(CARD)).json()["code"] == "green-card-unknown"
    assert len((await door.get(f"{CARD}/history")).json()["items"]) == 2


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("green-card/x/grant", {}, 422, "invalid-request"),
        (
            f"green-card/{MILL[:-1]}M/grant",
            {"name": "x", "effective_from": "2012-01-01", "last_day": "2012-12-31"},
            422,
            "credit-code-wrong",
        ),
        (f"green-card/{MILL}/resume", {"effective_from": "2012-01-01"}, 404, "green-card-unknown"),
        ("inspection-quota/WHAJJ/set-quota", {"times": 1}, 422, "quota-code-wrong"),
        ("inspection-quota/0000-WHAJJ/set-quota", {"times": 1}, 422, "quota-code-wrong"),
        ("inspection-quota/２０１２-WHAJJ/set-quota", {"times": 1}, 422, "quota-code-wrong"),
        ("inspection-quota/2012-WHAJJ/set-quota", {"times": -1}, 422, "invalid-request"),
        ("inspection-quota/2012-WHAJJ/lift", {"enterprise": MILL}, 404, "quota-unknown"),
        ("nothing/x/grant", {}, 404, "not-found"),
        (
            "discretion-band/AY/set-bands",
            {
                "name": "x",
                "clause": "x",
                "effective_from": "2012-01-01",
                "grades": [
                    {"code": "1", "circumstances": "x", "least_fen": 2, "most_fen": 1},
                ],
            },
            422,
            "bounds-inverted",
        ),
    ],
)
async def test_bad_input_gets_a_clear_answer_and_changes_nothing(
    door: httpx.AsyncClient,
    pool: asyncpg.Pool,
    path: str,
    body: dict[str, object],
    status: int,
    code: str,
) -> None:
    answer = await door.post(f"/registers/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await pool.fetchval("select count(*) from event") == 0


async def test_overlaps_are_remarked_upon_when_previewed_and_when_shown(
    door: httpx.AsyncClient,
) -> None:
    content = city(('least: "10000", most', 'least: "5000", most'))
    told = (await door.post("/registers/preview", content=content, headers=YAML)).json()
    assert told["counts"]["refused"] == 0
    assert "重叠" in told["remarks"][0]
    await take_in(door, content)
    assert "重叠" in (await door.get("/registers/discretion-band/AY01")).json()["remarks"][0]


@pytest.mark.parametrize("kind", ["xlsx", "yaml"])
async def test_an_export_changes_nothing_when_it_comes_back(
    door: httpx.AsyncClient, kind: str
) -> None:
    await take_in(door, city())
    exported = await door.get("/registers/export", params={"format": kind})
    headers = {"Content-Type": exported.headers["content-type"].split(";")[0]}
    told = await door.post("/registers/preview", content=exported.content, headers=headers)
    assert told.status_code == 200, told.text
    assert told.json()["counts"] == {"new": 0, "changed": 0, "unchanged": 9, "refused": 0}


async def test_who_takes_the_registers_away_is_on_record(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await door.get("/registers/export", params={"format": "yaml"})
    (noted,) = [each async for each in read(connection)]
    assert (noted.stream, noted.type) == ("exports", "DocumentExported")
    assert json.loads(noted.data) == {"what": "registers", "kind": "yaml"}
    assert json.loads(noted.metadata)["by"] == KEEPER.name


async def test_an_entry_that_begins_later_is_listed_with_its_first_version(
    door: httpx.AsyncClient,
) -> None:
    await take_in(door, city())
    for day in ("0001-01-01", "2011-12-31"):
        answer = await door.get("/registers/green-card", params={"on": day})
        told = [(each["code"], each["state"], each["first_day"]) for each in answer.json()["items"]]
        assert told == sorted([(MILL, "future", "2012-01-01"), (YARD, "future", "2012-02-01")])
    answer = await door.get("/registers/green-card", params={"state": "future", "on": "2012-01-15"})
    assert [each["code"] for each in answer.json()["items"]] == [YARD]

"""What officials and programs are told at the door of the register."""

import asyncio
import json
from datetime import datetime

import asyncpg
import httpx
import pytest
from prometheus_client import CollectorRegistry

from contracts.wire import read
from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from kernel.bell import Bell
from kernel.relay.epoch import open_epoch
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from services.evaluation.api.routers import routers
from services.evaluation.desk import Desk
from services.evaluation.domain.unit_acts import Group
from tests.contracts.published_schemas import validator
from tests.evaluation.units import (
    CLOSING_FORM,
    HEALTH_FORM,
    HOUSING_FORM,
    NOW,
    RENAMING_FORM,
)

HOUSING = "/units/WHZJW"


async def register(door: httpx.AsyncClient, code: str = "WHZJW", **changed: object) -> None:
    answer = await door.put(f"/units/{code}", json={**HOUSING_FORM, **changed})
    assert answer.status_code == 201, answer.text


def problem(answer: httpx.Response) -> tuple[int, str, str | None]:
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, told["code"], told.get("field")


async def recorded(connection: asyncpg.Connection) -> int:
    count: int = await connection.fetchval("select count(*) from event")
    return count


async def said(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch("select body from publication order by sequence")
    return [row["body"] for row in rows]


async def test_a_unit_that_was_registered_is_shown(door: httpx.AsyncClient) -> None:
    await register(door)
    assert (await door.get(HOUSING)).json() == {
        "code": "WHZJW",
        "name": "芜湖市住房和城乡建设委员会",
        "name_from": "2011-09-20",
        "group": "government",
        "aliases": [
            {"source": "/wuhu/12345", "code": "住建委"},
            {"source": "/wuhu/administrative-approval", "code": "340200-ZJ"},
        ],
        "effective_from": "2011-09-20",
        "closed_from": None,
        "successor": None,
    }


async def test_registering_again_changes_nothing(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await register(door)
    turned = {**HOUSING_FORM, "aliases": [*reversed(HOUSING_FORM["aliases"])]}
    for form in (HOUSING_FORM, turned):
        answer = await door.put(HOUSING, json=form)
        assert (answer.status_code, answer.json()["code"]) == (200, "WHZJW")
    assert await recorded(connection) == 1


async def test_a_unit_is_renamed_and_closed_and_its_history_tells_when_and_by_whom(
    door: httpx.AsyncClient,
) -> None:
    await register(door)
    await register(door, "WHWSJ", aliases=[])
    renamed = (await door.post(f"{HOUSING}/rename", json=RENAMING_FORM)).json()
    assert (renamed["name"], renamed["name_from"]) == ("芜湖市住房和城乡建设局", "2012-06-01")
    closed = (await door.post(f"{HOUSING}/close", json=CLOSING_FORM)).json()
    assert (closed["closed_from"], closed["successor"]) == ("2013-01-01", "WHWSJ")
    assert len(closed["aliases"]) == 2, "what a closed unit was called is forgotten"
    history = (await door.get(f"{HOUSING}/history")).json()
    assert [each["kind"] for each in history["items"]] == ["registered", "renamed", "closed"]
    assert {each["by"] for each in history["items"]} == {"operator"}
    assert {datetime.fromisoformat(each["recorded_at"]) for each in history["items"]} == {NOW}
    assert history["items"][1] == {
        "version": 2,
        "kind": "renamed",
        "recorded_at": history["items"][1]["recorded_at"],
        "by": "operator",
        "role": "office",
        "effective_from": "2012-06-01",
        "name": "芜湖市住房和城乡建设局",
    }


async def test_units_are_shown_page_by_page_each_once(door: httpx.AsyncClient) -> None:
    codes = ["A", "B", "C", "单位", "单位二"]
    for code in reversed(codes):
        await register(door, code, aliases=[])
    shown: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await door.get("/units", params={"limit": "2", **after})).json()
        shown += [each["code"] for each in page["items"]]
        if "next" not in page or page["next"] is None:
            break
        after = {"after": page["next"]}
    assert shown == codes


async def test_a_history_is_shown_page_by_page(door: httpx.AsyncClient) -> None:
    await register(door)
    await door.post(f"{HOUSING}/rename", json=RENAMING_FORM)
    first = (await door.get(f"{HOUSING}/history", params={"limit": 1})).json()
    after = {"limit": "1", "after": first["next"]}
    second = (await door.get(f"{HOUSING}/history", params=after)).json()
    assert [each["kind"] for each in first["items"] + second["items"]] == ["registered", "renamed"]
    assert second.get("next") is None
    after["after"] = "MA"  # version 0
    answer = await door.get(f"{HOUSING}/history", params=after)
    assert problem(answer) == (400, "invalid-cursor", "after")


@pytest.mark.parametrize(
    ("path", "form", "expected"),
    [
        ("rename", {**RENAMING_FORM, "effective_from": "2011-09-19"}, "effective-date-too-early"),
        ("close", {**CLOSING_FORM, "effective_from": "2011-09-19"}, "effective-date-too-early"),
        ("close", CLOSING_FORM, "successor-unknown"),
        ("close", {**CLOSING_FORM, "successor": "WHZJW"}, "successor-itself"),
    ],
)
async def test_a_wish_that_can_not_be_granted_is_answered_and_changes_nothing(
    door: httpx.AsyncClient,
    connection: asyncpg.Connection,
    path: str,
    form: dict[str, str],
    expected: str,
) -> None:
    await register(door)
    before = (await door.get(HOUSING)).json()
    status, code, field = problem(await door.post(f"{HOUSING}/{path}", json=form))
    assert (status, code) == (422, expected)
    assert field == ("effective_from" if "date" in expected else "successor")
    assert (await door.get(HOUSING)).json() == before
    assert await recorded(connection) == 1


async def test_a_code_is_registered_once(door: httpx.AsyncClient) -> None:
    await register(door)
    other = {**HOUSING_FORM, "name": "另一个单位"}
    assert problem(await door.put(HOUSING, json=other)) == (409, "unit-exists", "code")


async def test_a_closed_unit_takes_no_wishes(door: httpx.AsyncClient) -> None:
    await register(door)
    closing = {"effective_from": "2013-01-01"}
    await door.post(f"{HOUSING}/close", json=closing)
    for answer in (
        await door.put(HOUSING, json=HOUSING_FORM),
        await door.post(f"{HOUSING}/rename", json=RENAMING_FORM),
        await door.post(f"{HOUSING}/close", json=CLOSING_FORM),
    ):
        assert problem(answer) == (409, "unit-closed", "code")
    assert (await door.post(f"{HOUSING}/close", json=closing)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("GET", "", None),
        ("GET", "/history", None),
        ("POST", "/rename", RENAMING_FORM),
        ("POST", "/close", CLOSING_FORM),
    ],
)
async def test_a_unit_that_nobody_registered_is_not_found(
    door: httpx.AsyncClient, method: str, path: str, form: object
) -> None:
    answer = await door.request(method, f"{HOUSING}{path}", json=form)
    assert problem(answer) == (404, "unit-unknown", "code")


async def test_a_code_of_a_city_system_means_one_open_unit(door: httpx.AsyncClient) -> None:
    await register(door)
    other = {**HEALTH_FORM, "aliases": HOUSING_FORM["aliases"][:1]}
    assert problem(await door.put("/units/WHWSJ", json=other)) == (409, "alias-taken", "aliases")
    assert (await door.get("/units/WHWSJ")).status_code == 404, "a refused unit is shown"
    elsewhere = [{"source": "/wuhu/elsewhere", "code": "340200-ZJ"}]
    await register(door, "WHWSJ", aliases=elsewhere)
    await door.post(f"{HOUSING}/close", json=CLOSING_FORM)
    await register(door, "WHGTJ")  # now that the code is free


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " 住建委"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": None}, "name"),
        ({"group": "ministry"}, "group"),
        ({"effective_from": "2011-02-29"}, "effective_from"),
        ({"effective_from": 86400}, "effective_from"),
        ({"effective_from": "86400"}, "effective_from"),
        ({"effective_from": "2011-09-20T00:00:00Z"}, "effective_from"),
        ({"effective_from": "2011-09-20T00:00:01"}, "effective_from"),
        ({"aliases": [{"source": "no uri", "code": "1"}]}, "aliases[0].source"),
        ({"aliases": [{"source": "/a", "code": "\u0000"}]}, "aliases[0].code"),
        ({"aliases": [{"source": "/a", "code": str(n)} for n in range(101)]}, "aliases"),
        ({"parent": "WHSZF"}, "parent"),
    ],
)
async def test_a_form_that_is_filled_in_wrongly_names_the_field_and_changes_nothing(
    door: httpx.AsyncClient, connection: asyncpg.Connection, change: dict[str, object], field: str
) -> None:
    answer = await door.put(HOUSING, json={**HOUSING_FORM, **change})
    assert problem(answer) == (422, "invalid-request", field)
    assert await recorded(connection) == 0


async def test_a_code_out_of_shape_is_refused(door: httpx.AsyncClient) -> None:
    for code in ("%20", "x" * 101, "%1F"):
        answer = await door.put(f"/units/{code}", json=HOUSING_FORM)
        assert problem(answer) == (422, "invalid-request", "code")


async def test_a_request_told_again_under_its_key_is_carried_out_once(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await register(door)
    key = {"Idempotency-Key": "form-1"}
    back = {"name": "芜湖市住房和城乡建设委员会", "effective_from": "2012-06-01"}
    for form, headers in ((RENAMING_FORM, key), (back, {}), (RENAMING_FORM, key)):
        answer = await door.post(f"{HOUSING}/rename", json=form, headers=headers)
        assert answer.status_code == 200
    name = (await door.get(HOUSING)).json()["name"]
    assert name == back["name"], "a request told again undid a later one"
    assert await recorded(connection) == 3
    other = await door.post(f"{HOUSING}/rename", json=back, headers=key)
    assert problem(other) == (422, "key-reused", "Idempotency-Key")


async def test_the_relay_is_woken_at_once(door: httpx.AsyncClient, bell: Bell) -> None:
    with bell.ear() as ear:
        await register(door)
        async with asyncio.timeout(10):
            await ear.wait(600)


@pytest.mark.parametrize("token", ["", "Bearer another"])
async def test_nobody_comes_in_without_a_token(door: httpx.AsyncClient, token: str) -> None:
    door.headers["Authorization"] = token
    for method, path in (("GET", "/units"), ("PUT", HOUSING), ("POST", f"{HOUSING}/close")):
        assert problem(await door.request(method, path))[0] == 401


async def test_who_may_only_read_changes_nothing(desk: Desk) -> None:
    reader = Principal(name="大屏", grants=(Grant(role=Role.LEADER),))
    app = create_app(
        title="test",
        routers=routers(desk),
        checks=(),
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of("reader"): reader}),
    )
    headers = {"Authorization": "Bearer reader"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://register", headers=headers
    ) as client:
        assert (await client.get("/units")).json()["items"] == []
        for answer in (
            await client.put(HOUSING, json=HOUSING_FORM),
            await client.post(f"{HOUSING}/rename", json=RENAMING_FORM),
            await client.post(f"{HOUSING}/close", json=CLOSING_FORM),
        ):
            assert problem(answer) == (403, "forbidden", None)


async def test_what_is_said_of_a_unit_is_what_was_published(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await register(door)
    await register(door, "WHWSJ", aliases=[])
    await door.post(f"{HOUSING}/rename", json=RENAMING_FORM)
    await door.post(f"{HOUSING}/close", json=CLOSING_FORM)
    bodies = await said(connection)
    for body in bodies:
        document = json.loads(body)
        validator(document["type"].removeprefix("xiaoneng.")).validate(document)
    events = [read(body.encode()) for body in bodies]
    assert [event.position for event in events] == [1, 2, 3, 4]
    assert [event.data.model_dump(mode="json") for event in events] == [
        {
            "unit": "WHZJW",
            **HOUSING_FORM,
            "aliases": [*reversed(HOUSING_FORM["aliases"])],
        },
        {"unit": "WHWSJ", **HOUSING_FORM, "aliases": []},
        {"unit": "WHZJW", **RENAMING_FORM},
        {"unit": "WHZJW", **CLOSING_FORM},
    ]
    assert {(event.time, event.recordedtime) for event in events} == {(NOW, NOW)}


@pytest.mark.parametrize("group", Group)
async def test_every_group_can_be_published(
    door: httpx.AsyncClient, connection: asyncpg.Connection, group: Group
) -> None:
    await register(door, "单位." * 25, group=group.value)
    (body,) = await said(connection)
    assert json.loads(body)["data"]["group"] == group.value


async def test_in_a_new_epoch_the_register_speaks_under_a_new_source(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await register(door)
    assert await open_epoch(connection) == 2
    await door.post(f"{HOUSING}/rename", json=RENAMING_FORM)
    events = [read(body.encode()) for body in await said(connection)]
    assert [(event.source, event.position) for event in events] == [
        ("/xiaoneng/evaluation", 1),
        ("/xiaoneng/evaluation/epoch-2", 1),
    ]


async def test_a_register_whose_tables_are_too_old_is_not_ready(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    assert (await door.get("/readyz")).status_code == 200
    await connection.execute("delete from migration where name = '0001_units.sql'")
    answer = await door.get("/readyz")
    assert answer.status_code == 503
    assert [each["code"] for each in answer.json()["problems"]] == ["migrations-pending"]


async def test_the_doors_describe_themselves(door: httpx.AsyncClient) -> None:
    told = (await door.get("/openapi.json")).json()
    assert {path for path in told["paths"] if path.startswith("/units")} == {
        "/units",
        "/units/{code}",
        "/units/{code}/rename",
        "/units/{code}/regroup",
        "/units/{code}/aliases",
        "/units/{code}/aliases/remove",
        "/units/{code}/close",
        "/units/{code}/history",
    }
    day = told["components"]["schemas"]["Registration"]["properties"]["effective_from"]
    assert (day["type"], day["format"]) == ("string", "date")

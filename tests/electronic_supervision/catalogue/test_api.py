"""What officials and programs are told at the door of the catalogue."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import asyncpg
import httpx
import pytest
from openpyxl import load_workbook
from prometheus_client import CollectorRegistry

from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from kernel.document.formats import MEDIA_TYPES, Format
from kernel.store.store import read
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from services.electronic_supervision.api.catalogue import catalogue_router
from services.electronic_supervision.api.catalogue_documents import catalogue_documents_router
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.catalogue.forms import ContentForm
from services.electronic_supervision.domain.catalogue.item_content import ItemContent
from tests.electronic_supervision.domain.catalogue.items import PERMIT, SHORTER, calendar, working

NOW = datetime(2011, 12, 1, 1, tzinfo=UTC)
OPERATOR = Principal(name="operator", grants=(Grant(role=Role.OFFICE),))
XLSX, YAML = MEDIA_TYPES[Format.XLSX], MEDIA_TYPES[Format.YAML]
ITEM = "/items/FGW-001"
PARTNER = {"source": "/wuhu/approvals", "code": "施工许可"}


def form(content: ItemContent = PERMIT, day: str = "2012-01-01", **more: Any) -> dict[str, Any]:
    told = ContentForm.of(content).model_dump(mode="json")
    return {"content": told, "effective_from": day, **more}


@pytest.fixture
async def door(pool: asyncpg.Pool) -> AsyncIterator[httpx.AsyncClient]:
    desk = CatalogueDesk(pool=pool, clock=lambda: NOW)
    app = create_app(
        title="test",
        routers=[catalogue_router(desk), catalogue_documents_router(desk)],
        checks=[],
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of(OPERATOR.name): OPERATOR}),
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://catalogue",
        headers={"Authorization": f"Bearer {OPERATOR.name}"},
    ) as client:
        yield client


async def publish(door: httpx.AsyncClient, code: str = "FGW-001", **told: Any) -> None:
    answer = await door.put(f"/items/{code}", json=form(**told))
    assert answer.status_code == 201, answer.text


def problem(answer: httpx.Response) -> tuple[int, str, str | None]:
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["fix"]
    return answer.status_code, told["code"], told.get("field")


async def export(door: httpx.AsyncClient, kind: str = "yaml") -> bytes:
    answer = await door.get("/catalogue/export", params={"format": kind})
    assert answer.status_code == 200
    return answer.content


async def preview(door: httpx.AsyncClient, content: bytes, kind: str = YAML) -> dict[str, Any]:
    answer = await door.post("/catalogue/preview", content=content, headers={"Content-Type": kind})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def take_in(door: httpx.AsyncClient, content: bytes, digest: str) -> httpx.Response:
    return await door.post(
        "/catalogue/import",
        params={"digest": digest},
        content=content,
        headers={"Content-Type": YAML},
    )


async def imported(door: httpx.AsyncClient, content: bytes) -> None:
    told = await preview(door, content)
    assert not told["counts"]["refused"], told["lines"]
    answer = await take_in(door, content, told["digest"])
    assert answer.status_code == 200, answer.text


async def recorded(connection: asyncpg.Connection) -> int:
    """Count what changed; who took something away is told of apart."""
    count: int = await connection.fetchval(
        "select count(*) from event where type <> 'DocumentExported'"
    )
    return count


async def test_an_item_is_shown_as_it_is_on_a_day_with_all_its_versions(
    door: httpx.AsyncClient,
) -> None:
    await publish(door, aliases=[PARTNER])
    answer = await door.post(f"{ITEM}/revise", json=form(SHORTER, "2012-06-01"))
    assert answer.status_code == 200, answer.text
    told = (await door.get(ITEM, params={"on": "2012-03-01"})).json()
    assert (told["standing"], told["version"], told["effective_from"]) == (
        "current",
        1,
        "2012-01-01",
    )
    assert told["content"] == form()["content"]
    assert [each["version"] for each in told["versions"]] == [1, 2]
    assert told["aliases"] == [PARTNER]
    later = (await door.get(ITEM, params={"on": "2012-06-01"})).json()
    assert later["content"]["promised_limit"] == {"amount": 5, "unit": "working-days"}
    assert (await door.get(ITEM)).json()["standing"] == "coming"


@pytest.mark.parametrize(("day", "version"), [("0001-01-01", 1), ("9999-12-31", 2)])
async def test_the_first_and_the_last_of_all_days_are_days(
    door: httpx.AsyncClient, day: str, version: int
) -> None:
    await publish(door)
    await door.post(f"{ITEM}/revise", json=form(SHORTER, "2012-06-01"))
    answer = await door.get(ITEM, params={"on": day})
    assert (answer.status_code, answer.json()["version"]) == (200, version)


async def test_the_history_tells_who_said_what_and_why(door: httpx.AsyncClient) -> None:
    await publish(door, day="2011-11-01", reason="补录")
    await door.post(f"{ITEM}/aliases", json=PARTNER)
    await door.post(f"{ITEM}/withdraw", json={"effective_from": "2012-06-01"})
    told = (await door.get(f"{ITEM}/history")).json()["items"]
    assert [each["kind"] for each in told] == ["published", "alias-added", "withdrawn"]
    assert (told[0]["by"], told[0]["is_backdated"], told[0]["reason"]) == ("operator", True, "补录")
    assert problem(await door.get("/items/none/history")) == (404, "item-unknown", "code")


async def test_items_are_listed_page_by_page_and_by_what_is_asked_for(
    door: httpx.AsyncClient,
) -> None:
    for number in range(5):
        unit = "WHZJW" if number % 2 else "WHWSJ"
        await publish(door, f"K{number}", content=replace(PERMIT, unit=unit, name=f"事项{number}"))
    await door.post("/items/K0/withdraw", json={"effective_from": "2012-01-01"})

    async def codes(**params: str) -> list[str]:
        answer = await door.get("/items", params={"on": "2012-01-02", **params})
        return [each["code"] for each in answer.json()["items"]]

    assert await codes() == ["K0", "K1", "K2", "K3", "K4"]
    assert await codes(standing="current", unit="WHWSJ") == ["K2", "K4"]
    assert await codes(standing="withdrawn") == ["K0"]
    assert await codes(q="事项3") == ["K3"]
    assert await codes(nature="penalty") == []
    first = (await door.get("/items", params={"limit": "2"})).json()
    after = (await door.get("/items", params={"limit": "9", "after": first["next"]})).json()
    assert [each["code"] for each in first["items"] + after["items"]] == await codes()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (form(replace(PERMIT, promised=working(16))), (422, "promise-over-statute", "promised")),
        (form(replace(PERMIT, promised=calendar(16))), (422, "limits-not-comparable", "promised")),
        (form(day="2011-11-30"), (422, "reason-required", "reason")),
        ({**form(), "telephone": "1"}, (422, "invalid-request", "telephone")),
        (form(day="2012-02-30"), (422, "invalid-request", "effective_from")),
    ],
)
async def test_what_can_not_be_published_is_refused_and_changes_nothing(
    door: httpx.AsyncClient,
    connection: asyncpg.Connection,
    told: dict[str, Any],
    expected: tuple[int, str, str],
) -> None:
    status, code, field = problem(await door.put(ITEM, json=told))
    assert (status, field) == (expected[0], expected[2])
    assert expected[1] in {code, "invalid-request"}
    assert await recorded(connection) == 0


async def test_a_request_told_again_is_carried_out_once(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await publish(door)
    key = {"Idempotency-Key": "k"}
    revision = form(SHORTER, "2012-06-01")
    for _ in range(2):
        answer = await door.post(f"{ITEM}/revise", json=revision, headers=key)
        assert answer.status_code == 200
    assert (await door.put(ITEM, json=form())).status_code == 200
    assert await recorded(connection) == 2
    other = await door.post(f"{ITEM}/revise", json=form(PERMIT, "2012-06-01"), headers=key)
    assert problem(other) == (422, "key-reused", "Idempotency-Key")


@pytest.mark.parametrize(("kind", "media"), [("yaml", YAML), ("xlsx", XLSX)])
async def test_an_export_imported_again_changes_nothing(
    door: httpx.AsyncClient, connection: asyncpg.Connection, kind: str, media: str
) -> None:
    await publish(door, aliases=[PARTNER])
    await publish(door, "K2", content=replace(PERMIT, name="=HYPERLINK(1)", fee=None))
    await door.post("/items/K2/withdraw", json={"effective_from": "2012-06-01"})
    told = await preview(door, await export(door, kind), media)
    assert told["counts"]["unchanged"] == 15
    assert told["lines"] == []
    assert await recorded(connection) == 3


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
async def test_who_takes_the_catalogue_away_is_on_record(
    door: httpx.AsyncClient, connection: asyncpg.Connection, kind: str
) -> None:
    await export(door, kind)
    (noted,) = [each async for each in read(connection)]
    assert (noted.stream, noted.type) == ("exports", "DocumentExported")
    assert json.loads(noted.data) == {"what": "catalogue", "kind": kind}
    assert json.loads(noted.metadata)["by"]


async def test_an_export_fills_an_empty_catalogue(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await publish(door, aliases=[PARTNER])
    content = await export(door)
    await connection.execute(
        "delete from item_alias; delete from item_version; delete from item;"
        "alter table event disable trigger user; truncate event cascade"
    )
    await imported(door, content)
    assert await export(door) == content


async def test_a_document_is_tried_out_line_by_line_and_imported_as_a_whole(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await publish(door)
    content = (
        (await export(door))
        .replace("7个工作日".encode(), "6个工作日".encode())
        .replace("4个工作日".encode(), "3个工作日".encode())
        .replace(b"2012-01-01", b"2012-06-01")
    )
    told = await preview(door, content)
    lines = {(each["sheet"], each["code"]): each for each in told["lines"]}
    assert {key: each["outcome"] for key, each in lines.items()} == {
        ("items", "FGW-001"): "changed",
        ("steps", "SC"): "changed",
    }
    fields = [each["field"] for each in lines["items", "FGW-001"]["changes"]]
    assert fields == ["effective_from", "promised", "steps"]
    assert await recorded(connection) == 1, "a preview changes nothing"
    await imported(door, content)
    item = (await door.get(ITEM, params={"on": "2012-06-01"})).json()
    assert item["content"]["promised_limit"]["amount"] == 6
    assert item["content"]["steps"][1]["limit"]["amount"] == 3
    assert (await door.get(ITEM, params={"on": "2012-05-31"})).json()["version"] == 1
    again = await take_in(door, content, (await preview(door, content))["digest"])
    assert again.json()["counts"]["unchanged"] == 7


async def test_sheets_that_a_document_leaves_out_stay_and_lines_left_out_go(
    door: httpx.AsyncClient,
) -> None:
    await publish(door)
    item = b"items:\n- {code: FGW-001, name: X, unit: WHZJW, nature: approval,"
    only = item + b" effective_from: 2012-02-01}\n"
    await imported(door, only)
    kept = (await door.get(ITEM, params={"on": "2012-02-01"})).json()["content"]
    assert (kept["name"], len(kept["steps"]), len(kept["materials"])) == ("X", 3, 2)
    fewer = only.replace(b"02-01", b"03-01") + b"steps:\n- {item: FGW-001, code: SL, name: A}\n"
    await imported(door, fewer)
    left = (await door.get(ITEM, params={"on": "2012-03-01"})).json()["content"]
    assert [each["code"] for each in left["steps"]] == ["SL"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (b"promised: 16\xe4\xb8\xaa\xe5\xb7\xa5\xe4\xbd\x9c\xe6\x97\xa5", "clause-missing"),
        ("promised: 十天".encode(), "value-wrong"),
        (b"fee_most: 3", "fee-needless"),
        (b"fee: standard", "fee-clause-missing"),
        (b"arrangement: handed-down", "handed-to-missing"),
        (b"effective_from: 2011-11-30", "reason-required"),
    ],
)
async def test_a_line_that_can_not_be_granted_is_refused_with_the_reason(
    door: httpx.AsyncClient, connection: asyncpg.Connection, more: bytes, expected: str
) -> None:
    day = b"" if b"effective" in more else b", effective_from: 2012-02-01"
    content = b"items:\n- {code: N1, name: X, unit: U, nature: service, " + more + day + b"}\n"
    told = await preview(door, content)
    assert [each["reason"] for each in told["lines"]] == [expected]
    assert told["lines"][0]["fix"]
    answer = await take_in(door, content, told["digest"])
    assert problem(answer)[1] == "document-refused"
    assert await recorded(connection) == 0


async def test_a_part_of_an_item_that_the_document_does_not_tell_of_is_refused(
    door: httpx.AsyncClient,
) -> None:
    await publish(door)
    told = await preview(door, b"steps:\n- {item: FGW-001, code: SL, name: A}\n")
    assert [each["reason"] for each in told["lines"]] == ["item-not-in-document"]


async def test_a_preview_holds_until_the_catalogue_changes(door: httpx.AsyncClient) -> None:
    content = (
        b"items:\n- {code: N1, name: X, unit: U, nature: service, effective_from: 2012-02-01}\n"
    )
    told = await preview(door, content)
    await publish(door)
    assert problem(await take_in(door, content, told["digest"]))[:2] == (409, "catalogue-changed")


async def test_an_alias_moves_from_one_item_to_another_in_one_document(
    door: httpx.AsyncClient,
) -> None:
    await publish(door, aliases=[PARTNER])
    await publish(door, "K2")
    await imported(
        door, "aliases:\n- {item: K2, source: /wuhu/approvals, code: 施工许可}\n".encode()
    )
    assert (await door.get("/items/K2")).json()["aliases"] == [PARTNER]
    assert (await door.get(ITEM)).json()["aliases"] == []


async def test_formulas_do_not_leave_in_a_workbook(door: httpx.AsyncClient) -> None:
    await publish(door, content=replace(PERMIT, name="=1+1"))
    book = load_workbook(BytesIO(await export(door, "xlsx")))
    assert book["事项"]["B2"].value == "'=1+1"


async def test_the_report_sets_promises_against_the_law_where_they_are_counted_alike(
    door: httpx.AsyncClient,
) -> None:
    day = "2011-12-01"
    cases = {
        "K1": PERMIT,
        "K2": replace(PERMIT, statutory=working(5), promised=working(5)),
        "K3": replace(PERMIT, statutory=working(20), promised=calendar(10), green_card=None),
        "K4": replace(PERMIT, promised=None, promised_clause=""),
        "K5": replace(PERMIT, unit="WHWSJ", statutory=None, statutory_clause=""),
    }
    for code, content in cases.items():
        await publish(door, code, content=content, day=day)
    city, health, housing = (await door.get("/catalogue/compression")).json()
    assert (city["unit"], city["items"], city["unlimited"]) == (None, 5, 1)
    assert (health["unit"], health["comparable"]) == ("WHWSJ", [])
    assert (housing["uncomparable"], housing["unpromised"]) == (1, 1)
    assert housing["comparable"] == [
        {
            "measure": "working-days",
            "items": 2,
            "statutory": 20,
            "promised": 12,
            "percent": 40.0,
            "median_percent": 26.7,
            "uncompressed": 1,
        }
    ]

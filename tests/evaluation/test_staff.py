"""Sections, posts and people at the door of the register, on any day."""

import json
from datetime import date, timedelta

import asyncpg
import httpx
import pytest

from contracts.wire import read
from kernel.database import borrowed
from kernel.store.events import NewEvent
from kernel.store.store import append
from services.evaluation.desk import Desk
from services.evaluation.domain.unit_acts import CloseUnit
from services.evaluation.project import rebuild
from services.evaluation.reading.posts import post, posts_of
from services.evaluation.register import carry_out
from services.evaluation.store import Command
from tests.contracts.published_schemas import validator
from tests.evaluation.dump import dump
from tests.evaluation.staff import (
    COUNTER,
    COUNTER_FORM,
    EVERYBODY,
    FIFTH_OF_MARCH,
    MARCH,
    SECTION_FORM,
    ZHANG_AWAY,
    ZHANG_FORM,
)
from tests.evaluation.test_api import problem, recorded, register, said
from tests.evaluation.units import AUTUMN, HEALTH, HOUSING, JUNE, NEW_YEAR, NOW, acting

DAY = timedelta(days=1)
SECTION, POST, ZHANG = "/sections/WHZJW-SP", "/posts/WHZJW-SP-01", "/people/R0001"


async def told(connection: asyncpg.Connection, *commands: Command) -> None:
    for command in commands:
        happened = await carry_out(connection, command, now=NOW, acting=acting("operator"))
        assert happened, command


@pytest.fixture
async def staffed(door: httpx.AsyncClient, connection: asyncpg.Connection) -> httpx.AsyncClient:
    """Return a door to a register with a unit, a section, people and a post that they hold."""
    await told(connection, HOUSING, HEALTH, *EVERYBODY)
    return door


async def held(door: httpx.AsyncClient, day: date) -> tuple[str | None, str | None, bool]:
    """Tell who is A and who is B on a day, and whether A is there."""
    shown = (await door.get(POST, params={"on": day.isoformat()})).json()
    a, b = shown["a"], shown["b"]
    return a and a["name"], b and b["name"], bool(a and a["is_present"])


async def test_a_section_a_person_and_a_post_are_registered_and_shown(
    door: httpx.AsyncClient,
) -> None:
    await register(door)
    for path, form in ((SECTION, SECTION_FORM), (ZHANG, ZHANG_FORM), (POST, COUNTER_FORM)):
        assert (await door.put(path, json=form)).status_code == 201
        assert (await door.put(path, json=form)).status_code == 200, "it is there already"
        assert (await door.get(path)).json().items() >= form.items()
    appointing = {"place": "A", "person": "R0001", "effective_from": "2011-10-01"}
    shown = (await door.post(f"{POST}/appoint", json=appointing)).json()
    assert shown["a"] == {
        "person": "R0001",
        "name": "张德胜",
        "since": "2011-10-01",
        "is_present": True,
        "away_from": None,
        "away_through": None,
    }
    assert shown["b"] is None


async def test_who_holds_a_post_and_who_is_there_is_told_for_any_day(
    staffed: httpx.AsyncClient,
) -> None:
    away = {"place": "A", "first_day": "2012-03-01", "last_day": "2012-03-05"}
    assert (await staffed.post(f"{POST}/away", json=away)).status_code == 200
    wang = {"place": "A", "person": "R0003", "effective_from": "2012-06-01"}
    assert (await staffed.post(f"{POST}/appoint", json=wang)).status_code == 200
    relieving = {"place": "B", "effective_from": "2013-01-01"}
    assert (await staffed.post(f"{POST}/relieve", json=relieving)).status_code == 200
    assert await held(staffed, AUTUMN - DAY) == (None, None, False)
    assert await held(staffed, AUTUMN) == ("张德胜", "李文秀", True)
    for day in (MARCH, FIFTH_OF_MARCH):
        assert await held(staffed, day) == ("张德胜", "李文秀", False)
    assert await held(staffed, FIFTH_OF_MARCH + DAY) == ("张德胜", "李文秀", True)
    assert await held(staffed, JUNE - DAY) == ("张德胜", "李文秀", True)
    assert await held(staffed, JUNE) == ("王建国", "李文秀", True)
    assert await held(staffed, NEW_YEAR) == ("王建国", None, True)


async def test_who_came_back_earlier_is_there_and_was_away(staffed: httpx.AsyncClient) -> None:
    await staffed.post(f"{POST}/away", json={"place": "A", "first_day": "2012-03-01"})
    assert await held(staffed, NEW_YEAR) == ("张德胜", "李文秀", False)
    back = {"place": "A", "effective_from": "2012-03-05"}
    assert (await staffed.post(f"{POST}/back", json=back)).status_code == 200
    assert (await held(staffed, FIFTH_OF_MARCH - DAY))[2] is False
    assert (await held(staffed, FIFTH_OF_MARCH))[2] is True


async def test_who_left_holds_no_post(staffed: httpx.AsyncClient) -> None:
    assert (await staffed.post(f"{ZHANG}/leave", json={"effective_from": "2012-06-01"})).is_success
    assert await held(staffed, JUNE) == (None, "李文秀", False)
    assert await held(staffed, JUNE - DAY) == ("张德胜", "李文秀", True)


async def test_an_abolished_post_is_held_by_nobody(staffed: httpx.AsyncClient) -> None:
    assert (await staffed.post(f"{POST}/abolish", json={"effective_from": "2013-01-01"})).is_success
    assert await held(staffed, NEW_YEAR) == (None, None, False)
    assert await held(staffed, NEW_YEAR - DAY) == ("张德胜", "李文秀", True)


async def test_names_and_places_are_told_as_they_were_on_a_day(
    staffed: httpx.AsyncClient,
) -> None:
    june = {"effective_from": "2012-06-01"}
    for path, form in (
        ("/units/WHZJW/rename", {"name": "芜湖市住房和城乡建设局", **june}),
        ("/units/WHZJW/regroup", {"group": "stationed", "effective_from": "2013-01-01"}),
        (f"{SECTION}/rename", {"name": "行政审批服务科", **june}),
        (f"{POST}/rename", {"name": "综合岗", **june}),
        (f"{ZHANG}/rename", {"name": "张得胜", **june}),
        (f"{ZHANG}/move", {"unit": "WHWSJ", "duty": "principal", **june}),
    ):
        answer = await staffed.post(path, json=form)
        assert answer.status_code == 200, answer.text
    before = {"on": "2012-05-31"}
    names = [
        [
            (await staffed.get(path, params=on)).json()["name"]
            for on in (before, {"on": "2012-06-01"})
        ]
        for path in ("/units/WHZJW", SECTION, POST, ZHANG)
    ]
    assert names == [
        ["芜湖市住房和城乡建设委员会", "芜湖市住房和城乡建设局"],
        ["行政审批科", "行政审批服务科"],
        ["施工许可受理岗", "综合岗"],
        ["张德胜", "张得胜"],
    ]
    unit = (await staffed.get("/units/WHZJW", params={"on": "2012-06-01"})).json()
    assert (unit["group"], unit["name_from"]) == ("government", "2012-06-01")
    later = (await staffed.get("/units/WHZJW")).json()
    assert (later["group"], later["name_from"]) == ("stationed", "2012-06-01")
    assert (await staffed.get(ZHANG)).json()["unit"] == "WHWSJ"
    of_housing = {"unit": "WHZJW", **before}
    shown = (await staffed.get("/people", params=of_housing)).json()["items"]
    assert [each["code"] for each in shown] == ["R0001", "R0002", "R0003"]
    shown = (await staffed.get("/people", params={"unit": "WHZJW"})).json()["items"]
    assert [each["code"] for each in shown] == ["R0002", "R0003"]


async def test_with_a_unit_end_its_sections_and_posts(
    staffed: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await told(connection, CloseUnit(code="WHZJW", effective_from=JUNE))
    for path in ("/units", "/sections", "/posts"):
        seen = [
            [each["code"] for each in (await staffed.get(path, params=on)).json()["items"]]
            for on in ({"on": "2012-05-31"}, {"on": "2012-06-01"})
        ]
        assert len(seen[0]) == len(seen[1]) + 1, path
        assert (await staffed.get(path)).json()["items"] != [], "what ended is forgotten"
    assert (await staffed.get(POST)).json()["closed_from"] == "2012-06-01"


@pytest.mark.parametrize(
    ("method", "path", "form", "expected"),
    [
        ("PUT", "/sections/k", {**SECTION_FORM, "unit": "NIX"}, "unit-not-there unit"),
        (
            "PUT",
            "/sections/k",
            {**SECTION_FORM, "effective_from": "2011-09-19"},
            "unit-not-there unit",
        ),
        ("PUT", "/people/r", {**ZHANG_FORM, "unit": "NIX"}, "unit-not-there unit"),
        ("PUT", "/people/r", {**ZHANG_FORM, "section": "NIX"}, "section-not-there section"),
        ("PUT", "/people/r", {**ZHANG_FORM, "unit": "WHWSJ"}, "section-not-there section"),
        ("PUT", "/posts/g", {**COUNTER_FORM, "unit": "NIX"}, "unit-not-there unit"),
        ("PUT", "/posts/g", {**COUNTER_FORM, "section": "NIX"}, "section-not-there section"),
        ("PUT", "/posts/g", {**COUNTER_FORM, "unit": "WHWSJ"}, "section-not-there section"),
        (
            "POST",
            f"{POST}/appoint",
            {"place": "A", "person": "NIX", "effective_from": "2012-06-01"},
            "person-not-there person",
        ),
        (
            "POST",
            f"{ZHANG}/move",
            {"unit": "NIX", "duty": "handler", "effective_from": "2012-06-01"},
            "unit-not-there unit",
        ),
    ],
)
async def test_what_is_referred_to_has_to_be_there_on_that_day(
    staffed: httpx.AsyncClient,
    connection: asyncpg.Connection,
    method: str,
    path: str,
    form: dict[str, str],
    expected: str,
) -> None:
    before = await dump(connection), await recorded(connection)
    answer = await staffed.request(method, path, json=form)
    code, field = expected.split()
    assert problem(answer) == (422, code, field)
    assert (await dump(connection), await recorded(connection)) == before


async def test_who_has_left_is_not_appointed(staffed: httpx.AsyncClient) -> None:
    await staffed.post("/people/R0003/leave", json={"effective_from": "2012-06-01"})
    wang = {"place": "A", "person": "R0003", "effective_from": "2012-06-01"}
    answer = await staffed.post(f"{POST}/appoint", json=wang)
    assert problem(answer) == (422, "person-not-there", "person")
    wang["effective_from"] = "2012-05-31"
    assert (await staffed.post(f"{POST}/appoint", json=wang)).status_code == 200


@pytest.mark.parametrize("path", ["/units/x", "/sections/x", "/posts/x", "/people/x"])
async def test_what_nobody_registered_is_not_found(door: httpx.AsyncClient, path: str) -> None:
    for each in (path, f"{path}/history"):
        assert problem(await door.get(each))[0] == 404


async def test_a_history_tells_who_did_what_in_which_role(staffed: httpx.AsyncClient) -> None:
    items = (await staffed.get(f"{POST}/history")).json()["items"]
    assert [each["kind"] for each in items] == [
        "post-established",
        "holder-appointed",
        "holder-appointed",
    ]
    assert items[2] == {
        "version": 3,
        "kind": "holder-appointed",
        "recorded_at": items[2]["recorded_at"],
        "by": "operator",
        "role": "office",
        "effective_from": "2011-09-20",
        "unit": "WHZJW",
        "place": "B",
        "person": "R0002",
    }
    (joined,) = (await staffed.get(f"{ZHANG}/history")).json()["items"]
    assert (joined["section"], joined["duty"]) == ("WHZJW-SP", "handler")


async def test_what_was_recorded_before_roles_were_is_still_read(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    old = {
        "code": "OLD",
        "name": "老单位",
        "group": "government",
        "aliases": [],
        "effective_from": "2011-09-20",
    }
    event = NewEvent(
        stream="unit-OLD",
        id="1",
        type="Registered",
        data=json.dumps(old),
        metadata='{"by": "operator"}',
        version=1,
    )
    await append(connection, [event], NOW)
    await rebuild(connection)
    (item,) = (await door.get("/units/OLD/history")).json()["items"]
    assert (item["by"], item.get("role")) == ("operator", None)


async def test_all_that_happens_is_published_and_valid_and_can_be_rebuilt(
    staffed: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    alias = {"source": "/wuhu/oa", "code": "建委"}
    day = {"effective_from": "2012-06-01"}
    for path, form in (
        ("/units/WHZJW/regroup", {"group": "stationed", **day}),
        ("/units/WHZJW/aliases", alias),
        ("/units/WHZJW/aliases/remove", alias),
        (f"{SECTION}/rename", {"name": "行政审批服务科", **day}),
        (f"{POST}/rename", {"name": "综合岗", **day}),
        (f"{POST}/away", {"place": "B", "first_day": "2012-06-01"}),
        (f"{POST}/back", {"place": "B", "effective_from": "2012-06-01"}),
        (f"{POST}/relieve", {"place": "A", **day}),
        (f"{POST}/abolish", day),
        (f"{ZHANG}/rename", {"name": "张得胜", **day}),
        (f"{ZHANG}/move", {"unit": "WHWSJ", "duty": "supervisor", **day}),
        (f"{ZHANG}/leave", day),
        (f"{SECTION}/close", day),
        ("/units/WHZJW/close", day),
    ):
        answer = await staffed.post(path, json=form)
        assert answer.status_code == 200, (path, answer.text)
    bodies = await said(connection)
    assert len(bodies) == 9 + 14
    for body in bodies:
        document = json.loads(body)
        validator(document["type"].removeprefix("xiaoneng.")).validate(document)
        assert read(body.encode()).subject == document["partitionkey"]
    subjects = await connection.fetch("select subject from publication order by sequence")
    assert subjects[-3]["subject"].endswith("organisation.person-left.v1.WHWSJ.R0001")
    before = await dump(connection)
    await rebuild(connection)
    assert await dump(connection) == before


async def test_an_absence_belongs_to_whom_it_was_said_of(
    staffed: httpx.AsyncClient, connection: asyncpg.Connection, desk: Desk
) -> None:
    await told(connection, ZHANG_AWAY)
    wang = {"place": "A", "person": "R0003", "effective_from": AUTUMN.isoformat()}
    assert (await staffed.post(f"{POST}/appoint", json=wang)).status_code == 200
    async with borrowed(desk.pool) as lent:
        shown = await post(lent, COUNTER.code, MARCH)
    assert shown is not None
    assert shown.a is not None
    assert (shown.a.person, shown.a.is_present) == ("R0003", True)
    away = {"place": "A", "first_day": MARCH.isoformat(), "last_day": MARCH.isoformat()}
    assert (await staffed.post(f"{POST}/away", json=away)).status_code == 200
    assert await held(staffed, MARCH) == ("王建国", "李文秀", False)
    assert await held(staffed, MARCH + DAY) == ("王建国", "李文秀", True)


async def test_who_was_replaced_holds_the_post_no_more(
    staffed: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    wang = {"place": "A", "person": "R0003", "effective_from": JUNE.isoformat()}
    assert (await staffed.post(f"{POST}/appoint", json=wang)).status_code == 200
    for person, day, posts in (
        ("R0001", JUNE - DAY, [COUNTER.code]),
        ("R0001", JUNE, []),
        ("R0003", JUNE, [COUNTER.code]),
    ):
        assert [each.post for each in await posts_of(connection, person, day)] == posts, person


@pytest.mark.parametrize(("path", "form"), [("/people/r", ZHANG_FORM), ("/posts/g", COUNTER_FORM)])
async def test_nobody_comes_into_a_section_that_is_closed(
    staffed: httpx.AsyncClient, path: str, form: dict[str, str]
) -> None:
    closing = {"effective_from": "2012-06-01"}
    assert (await staffed.post(f"{SECTION}/close", json=closing)).status_code == 200
    answer = await staffed.put(path, json={**form, "effective_from": "2012-06-01"})
    assert problem(answer) == (422, "section-not-there", "section")
    answer = await staffed.put(path, json={**form, "effective_from": "2012-05-31"})
    assert answer.status_code == 201

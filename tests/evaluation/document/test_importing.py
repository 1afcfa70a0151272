"""A register document is previewed, imported as a whole or not at all, and exported."""

import asyncio
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import asyncpg
import httpx
import pytest
from openpyxl import load_workbook

from contracts.wire import read
from kernel.bell import Bell
from services.evaluation.document.headings import LAYOUT
from services.evaluation.project import rebuild
from tests.evaluation.document.books import HOUSING_ROW, TOWN, UNIT_COLUMNS, XLSX, YAML, book, units
from tests.evaluation.dump import dump
from tests.evaluation.test_api import problem, recorded, register, said
from tests.evaluation.units import RENAMING_FORM

Preview = Mapping[str, Any]


async def send(door: httpx.AsyncClient, path: str, content: str | bytes) -> httpx.Response:
    raw = content.encode() if isinstance(content, str) else content
    kind = XLSX if raw[:2] == b"PK" else YAML
    return await door.post(path, content=raw, headers={"Content-Type": kind})


async def previewed(door: httpx.AsyncClient, content: str | bytes) -> Preview:
    answer = await send(door, "/register/preview", content)
    assert answer.status_code == 200, answer.text
    told: Preview = answer.json()
    return told


async def imported(
    door: httpx.AsyncClient, content: str | bytes, digest: str | None = None
) -> httpx.Response:
    digest = digest or (await previewed(door, content))["digest"]
    return await send(door, f"/register/import?digest={digest}", content)


async def take(door: httpx.AsyncClient, content: str | bytes) -> None:
    answer = await imported(door, content)
    assert answer.status_code == 200, answer.text


def refused(told: Preview) -> list[tuple[str, int, str, str | None]]:
    return [
        (each["sheet"], each["row"], each["reason"], each.get("field"))
        for each in told["lines"]
        if each["outcome"] == "refused"
    ]


async def test_a_preview_tells_what_would_become_of_each_line_and_changes_nothing(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await register(door)
    before = await dump(connection)
    renamed = ("WHZJW", "芜湖市住房和城乡建设局", "政府部门", "2012-06-01")
    health = ("WHWSJ", "芜湖市卫生局", "政府部门", "2011-09-20")
    wrong = ("X", "x", "部委", "2011-09-20")
    told = await previewed(door, units(renamed, health, wrong))
    assert told["counts"] == {"new": 1, "changed": 1, "unchanged": 0, "refused": 1}
    changed, new, bad = told["lines"]
    assert (changed["row"], changed["outcome"], changed["changes"]) == (
        2,
        "changed",
        [
            {
                "field": "name",
                "before": "芜湖市住房和城乡建设委员会",
                "after": "芜湖市住房和城乡建设局",
            },
            {"field": "effective_from", "before": "2011-09-20", "after": "2012-06-01"},
        ],
    )
    assert (new["code"], new["outcome"]) == ("WHWSJ", "new")
    assert (bad["reason"], bad["field"], bad["heading"]) == ("value-wrong", "group", "组别")
    assert (await dump(connection), await recorded(connection)) == (before, 1)


async def test_a_whole_town_is_imported_at_once_told_and_can_be_rebuilt(
    door: httpx.AsyncClient, connection: asyncpg.Connection, bell: Bell
) -> None:
    with bell.ear() as ear:
        await take(door, TOWN)
        async with asyncio.timeout(10):
            await ear.wait(600)
    post = (await door.get("/posts/WHZJW-SP-01", params={"on": "2012-03-01"})).json()
    assert (post["a"]["name"], post["b"]["name"]) == ("张德胜", "李文秀")
    events = [read(body.encode()) for body in await said(connection)]
    assert [each.position for each in events] == list(range(1, await recorded(connection) + 1))
    (joined,) = (await door.get("/people/R0001/history")).json()["items"]
    assert (joined["by"], joined["role"]) == ("operator", "office")
    before = await dump(connection)
    await rebuild(connection)
    assert await dump(connection) == before


@pytest.mark.parametrize("kind", ["xlsx", "yaml"])
async def test_what_is_exported_is_nothing_to_change(
    door: httpx.AsyncClient, connection: asyncpg.Connection, kind: str
) -> None:
    await take(door, TOWN)
    june = {"effective_from": "2012-06-01"}
    for path, form in (
        ("/units/WHZJW/rename", RENAMING_FORM),
        ("/people/R0002/move", {"unit": "WHWSJ", "duty": "principal", **june}),
        ("/posts/WHZJW-SP-01/relieve", {"place": "B", **june}),
        ("/people/R0001/leave", {"effective_from": "2013-01-01"}),
        ("/sections/WHZJW-SP/close", {"effective_from": "2013-01-01"}),
        ("/units/WHWSJ/close", {"effective_from": "2013-01-01", "successor": "WHZJW"}),
    ):
        assert (await door.post(path, json=form)).status_code == 200, path
    exported = await door.get("/register/export", params={"format": kind})
    before = await recorded(connection)
    assert f'.{kind}"' in exported.headers["content-disposition"]
    told = await previewed(door, exported.content)
    assert told["lines"] == []
    assert told["counts"]["unchanged"] == 7
    assert (await imported(door, exported.content)).status_code == 200
    assert await recorded(connection) == before


@pytest.mark.parametrize("kind", ["xlsx", "yaml"])
@pytest.mark.parametrize(
    "name", ["=1+1", "+x", "-x", "@x", "'=x", "''x", "'x", "普通", "null", "~"]
)
async def test_no_exported_name_is_a_formula_and_each_comes_back_as_it_was(
    door: httpx.AsyncClient, name: str, kind: str
) -> None:
    await register(door, name=name, aliases=[])
    exported = (await door.get("/register/export", params={"format": kind})).content
    if kind == "xlsx":
        cells = [cell for row in load_workbook(BytesIO(exported))["单位"].rows for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not [cell for cell in cells if str(cell.value or "")[:1] in set("=+-@\t\r")]
    assert (await previewed(door, exported))["lines"] == []


async def test_a_document_with_one_bad_line_is_not_imported_at_all(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    content = units(HOUSING_ROW, ("X", "x", "部委", "2011-09-20"))
    assert problem(await imported(door, content)) == (422, "document-refused", None)
    assert (await recorded(connection), await dump(connection)) == (0, [])


async def test_a_register_that_changed_since_the_preview_is_left_alone(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    digest = (await previewed(door, TOWN))["digest"]
    await register(door, "OTHER", aliases=[])
    answer = await imported(door, TOWN, digest)
    assert problem(answer) == (409, "register-changed", None)
    assert await recorded(connection) == 1


async def test_another_document_than_the_previewed_one_is_refused(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    digest = (await previewed(door, TOWN))["digest"]
    answer = await imported(door, TOWN.replace("张德胜", "张三"), digest)
    assert problem(answer) == (422, "document-other", None)
    assert await recorded(connection) == 0


async def test_an_import_told_twice_happens_once(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    digest = (await previewed(door, TOWN))["digest"]
    answers = await asyncio.gather(*(imported(door, TOWN, digest) for _ in range(4)))
    assert [each.status_code for each in answers] == [200] * 4
    assert await recorded(connection) == 9


async def test_commands_told_during_an_import_wait_and_none_is_lost(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await take(door, TOWN)
    more = units(*((f"U{n}", f"单位{n}", "政府部门", "2011-09-20") for n in range(200)))
    digest = (await previewed(door, more))["digest"]
    renaming = door.post("/units/WHZJW/rename", json=RENAMING_FORM)
    answers = await asyncio.gather(
        imported(door, more, digest),
        renaming,
        *(
            door.put(
                f"/sections/k{n}",
                json={"unit": "WHZJW", "name": "科", "effective_from": "2012-01-01"},
            )
            for n in range(20)
        ),
    )
    assert {each.status_code for each in answers[1:]} <= {200, 201}
    assert answers[0].status_code in {200, 409}
    before = await dump(connection)
    await rebuild(connection)
    assert await dump(connection) == before


POST_LINE = """
posts:
- code: WHZJW-SP-01
  name: 施工许可受理岗
  unit: WHZJW
  section: WHZJW-SP
  effective_from: 2011-09-20
"""


async def test_a_and_b_change_places_by_one_line(door: httpx.AsyncClient) -> None:
    await take(door, TOWN)
    swapped = "  a: R0002\n  a_from: 2012-06-01\n  b: R0001\n  b_from: 2012-06-01\n"
    await take(door, POST_LINE + swapped)
    shown = (await door.get("/posts/WHZJW-SP-01", params={"on": "2012-06-01"})).json()
    assert (shown["a"]["person"], shown["b"]["person"]) == ("R0002", "R0001")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (POST_LINE + "  a: R0002\n  a_from: 2012-06-01\n", ("date-missing", "b_from")),
        (POST_LINE + "  b: R0002\n  b_from: 2011-10-01\n", ("date-missing", "a_from")),
        (
            POST_LINE + "  a: R0001\n  a_from: 2011-09-30\n  b: R0002\n  b_from: 2011-10-01\n",
            ("date-alone", "a_from"),
        ),
        (
            (
                "sections:\n- {code: WHZJW-SP, unit: WHWSJ, name: 行政审批科,"
                " effective_from: 2011-09-20}"
            ),
            ("field-fixed", "unit"),
        ),
        (
            (
                "sections:\n- {code: WHZJW-SP, unit: WHZJW, name: 行政审批科,"
                " effective_from: 2011-09-19}"
            ),
            ("date-alone", "effective_from"),
        ),
        (
            "sections:\n- {code: WHZJW-SP, unit: WHZJW, name: 新名, effective_from: 2010-01-01}",
            ("effective-date-too-early", "effective_from"),
        ),
        (
            (
                "sections:\n- {code: WHZJW-SP, unit: WHZJW, name: 行政审批科, since: 2010-01-01,"
                " effective_from: 2011-09-20}"
            ),
            ("field-fixed", "since"),
        ),
        (
            (
                "units:\n- {code: WHWSJ, name: 芜湖市卫生局, group: government,"
                " effective_from: 2011-09-20, successor: WHZJW}"
            ),
            ("date-missing", "closed_from"),
        ),
        (
            "sections:\n- {code: k, unit: NIX, name: 科, effective_from: 2011-09-20}",
            ("unit-not-there", "unit"),
        ),
        ("aliases:\n- {unit: NIX, source: /a, code: 1}", ("unit-unknown", "code")),
    ],
)
async def test_a_line_that_can_not_be_granted_is_told_with_its_reason(
    door: httpx.AsyncClient, content: str, expected: tuple[str, str]
) -> None:
    await take(door, TOWN)
    told = await previewed(door, content)
    assert [each[2:] for each in refused(told)] == [expected]
    assert told["lines"][0]["detail"], "without words for people"


async def test_what_ends_is_out_of_the_way_of_what_begins(door: httpx.AsyncClient) -> None:
    await take(door, TOWN)
    await take(
        door,
        """
units:
- code: WHZJW
  name: 芜湖市住房和城乡建设委员会
  group: government
  effective_from: 2011-09-20
  closed_from: 2012-06-01
  successor: WHZJJ
- {code: WHZJJ, name: 芜湖市住房和城乡建设局, group: government, effective_from: 2012-06-01}
aliases:
- {unit: WHZJJ, source: /wuhu/12345, code: 住建委}
""",
    )
    assert (await door.get("/units/WHZJJ")).json()["aliases"] == [
        {"source": "/wuhu/12345", "code": "住建委"}
    ]
    assert (await door.get("/units/WHZJW")).json()["successor"] == "WHZJJ"


@pytest.mark.parametrize(
    "content",
    [
        "sections:\n- {code: WHZJW-SP, unit: WHZJW, name: 行政审批科, effective_from: 2012-09-20}",
        POST_LINE + "  a: R0001\n  a_from: 2012-01-01\n  b: R0002\n",
    ],
)
async def test_that_something_is_so_from_a_later_day_on_is_true_already(
    door: httpx.AsyncClient, content: str
) -> None:
    await take(door, TOWN)
    assert (await previewed(door, content))["lines"] == []


async def test_a_code_that_means_another_unit_is_not_taken_from_it(
    door: httpx.AsyncClient,
) -> None:
    await take(door, TOWN)
    told = await previewed(door, "aliases:\n- {unit: WHWSJ, source: /wuhu/12345, code: 住建委}")
    assert [each[2:] for each in refused(told)] == [("alias-taken", "code")]
    (line,) = told["lines"]
    assert line["detail"] == (
        "来源系统 /wuhu/12345 的代码“住建委”已经对应芜湖市住房和城乡建设委员会（WHZJW），"
        "不能再对应芜湖市卫生局（WHWSJ）。"
    )
    assert len((await door.get("/units/WHZJW")).json()["aliases"]) == 1


async def test_a_file_older_than_a_renaming_is_told_so(door: httpx.AsyncClient) -> None:
    await take(door, TOWN)
    await door.post("/units/WHZJW/rename", json=RENAMING_FORM)
    told = await previewed(door, TOWN)
    assert [each[2:] for each in refused(told)] == [("effective-date-too-early", "effective_from")]
    day = RENAMING_FORM["effective_from"]
    assert f"名册中已有自 {day} 起的变更" in told["lines"][0]["detail"]


ENDED = (
    "- {{code: {code}, name: {code}, group: government, effective_from: 2011-09-20,"
    " closed_from: 2012-06-01, successor: {successor}}}\n"
)


async def test_units_do_not_succeed_each_other_in_a_circle(door: httpx.AsyncClient) -> None:
    for code in ("CY-1", "CY-2", "CY-3"):
        await register(door, code, aliases=[])
    june = {"effective_from": "2012-06-01"}
    for code, successor in (("CY-1", "CY-2"), ("CY-2", "CY-3")):
        answer = await door.post(f"/units/{code}/close", json={**june, "successor": successor})
        assert answer.status_code == 200
    answer = await door.post("/units/CY-3/close", json={**june, "successor": "CY-1"})
    assert problem(answer) == (422, "successor-cycle", "successor")
    told = await previewed(
        door,
        "units:\n" + ENDED.format(code="X", successor="Y") + ENDED.format(code="Y", successor="X"),
    )
    assert [each[2:] for each in refused(told)] == [("successor-cycle", "successor")]


async def test_only_a_document_may_be_as_large_as_a_register(door: httpx.AsyncClient) -> None:
    content = b"#" * (2 << 20) + b"\n" + TOWN.encode()
    assert (await previewed(door, content))["counts"]["new"] == 7
    answer = await door.post("/units/WHZJW/rename", content=content)
    assert problem(answer) == (413, "too-large", None)


async def test_two_units_that_close_at_once_do_not_succeed_each_other(
    door: httpx.AsyncClient,
) -> None:
    for code in ("CY-1", "CY-2"):
        await register(door, code, aliases=[])
    june = {"effective_from": "2012-06-01"}
    answers = await asyncio.gather(
        door.post("/units/CY-1/close", json={**june, "successor": "CY-2"}),
        door.post("/units/CY-2/close", json={**june, "successor": "CY-1"}),
    )
    assert sorted(each.status_code for each in answers) == [200, 422]


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (b"units: []", XLSX, (422, "workbook-damaged", None)),
        (b"", XLSX, (422, "document-empty", None)),
        (b"", YAML, (422, "document-empty", None)),
    ],
)
async def test_what_is_not_what_it_is_said_to_be_is_told_so(
    door: httpx.AsyncClient, content: bytes, kind: str, expected: tuple[int, str, None]
) -> None:
    answer = await door.post("/register/preview", content=content, headers={"Content-Type": kind})
    assert problem(answer) == expected


async def test_an_exported_register_fills_an_empty_one(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await take(door, TOWN)
    await door.post("/units/WHZJW/rename", json=RENAMING_FORM)
    exported = (await door.get("/register/export")).content
    await connection.execute(
        "truncate event, publication, command_key cascade;"
        "delete from absence; delete from tenure; delete from post_version; delete from post;"
        "delete from person_version; delete from person; delete from section_version;"
        "delete from section; delete from unit_version; delete from unit_alias; delete from unit"
    )
    await take(door, exported)
    post = (await door.get("/posts/WHZJW-SP-01", params={"on": "2012-03-01"})).json()
    assert (post["a"]["name"], post["b"]["name"]) == ("张德胜", "李文秀")


async def test_a_hostile_document_is_answered_and_changes_nothing(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    for content, expected in (
        (book({"单位": [[*UNIT_COLUMNS, "电话"]]}), (422, "column-unknown", None)),
        (b"x" * (LAYOUT.most_bytes + 1), (413, "document-too-large", None)),
        (b"\xd0\xcf\x11\xe0", (422, "workbook-old", None)),
    ):
        assert problem(await send(door, "/register/preview", content)) == expected
    as_json = {"Content-Type": "application/json"}
    answer = await door.post("/register/preview", content=b"{}", headers=as_json)
    assert problem(answer)[:2] == (415, "unsupported-media-type")
    answer = await send(door, "/register/import?digest=x", TOWN)
    assert problem(answer) == (422, "invalid-request", "digest")
    assert await recorded(connection) == 0


async def test_a_refused_line_is_not_there_for_the_lines_after_it(
    door: httpx.AsyncClient,
) -> None:
    await take(door, TOWN)
    told = await previewed(
        door,
        """
sections:
- {code: none, unit: NIX, name: 无, effective_from: 2012-01-01}
- {code: early, unit: WHZJW, name: 早, effective_from: 2000-01-01}
- {code: good, unit: WHZJW, name: 好, effective_from: 2012-01-01}
people:
- code: R1
  name: 某
  unit: WHZJW
  section: early
  duty: handler
  effective_from: 2012-01-01
- {code: R2, name: 某, unit: WHZJW, section: good, duty: handler, effective_from: 2012-01-01}
""",
    )
    assert [(each["code"], each.get("reason")) for each in told["lines"]] == [
        ("none", "unit-not-there"),
        ("early", "unit-not-there"),
        ("good", None),
        ("R1", "section-not-there"),
        ("R2", None),
    ]

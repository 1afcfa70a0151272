"""What may be in a register document, and what is refused before anybody believes it."""

import zipfile
from datetime import date, datetime
from io import BytesIO
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.document.neutral import neutral, original
from kernel.document.raw import BadDocumentError
from kernel.document.read import Read, ReadLine, read
from services.evaluation.document.headings import LAYOUT
from services.evaluation.document.lines import AnyLine
from services.evaluation.problems import WORDS, of
from tests.evaluation.document.books import (
    HOUSING_ROW,
    UNIT_COLUMNS,
    book,
    part,
    units,
    with_part,
)

GOOD = units(HOUSING_ROW)
LARGEST = LAYOUT.most_bytes
SHEET = "xl/worksheets/sheet1.xml"


def read_document(content: bytes) -> Read[AnyLine]:
    return read(content, LAYOUT)


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(BadDocumentError) as bad:
        read_document(content)
    assert of(bad.value.code, "", bad.value.where).problem.fix, "without words for people"
    return bad.value.code, bad.value.where


def only(content: bytes) -> ReadLine[AnyLine]:
    (line,) = read_document(content).lines
    return line


def fault(content: bytes) -> tuple[str, str] | None:
    told = only(content).fault
    assert told is None or told[0] in WORDS
    return told


def test_a_workbook_and_yaml_say_the_same() -> None:
    yaml = (
        "units:\n- {code: WHZJW, name: 芜湖市住房和城乡建设委员会, group: government,"
        " effective_from: 2011-09-20}\n"
    )
    assert only(GOOD).line == only(yaml.encode()).line
    assert (only(GOOD).number, only(yaml.encode()).number) == (2, 2)


def test_days_and_numbers_are_taken_as_they_are_shown() -> None:
    line = only(units(("007", "x", "政府部门", datetime(2011, 9, 20)))).line
    assert line is not None
    assert line.model_dump(include={"code", "effective_from"}) == {
        "code": "007",
        "effective_from": date(2011, 9, 20),
    }
    line = only(units((1001, "x", "政府部门", date(2011, 9, 20)))).line
    assert line is not None
    assert line.code == "1001"
    noon = units(("1", "x", "政府部门", datetime(2011, 9, 20, 12)))
    assert fault(noon) == ("value-wrong", "effective_from")
    line = only(
        b"units:\n- {code: 007, name: x, group: judiciary, effective_from: 2011-09-20}"
    ).line
    assert line is not None
    assert line.code == "007"


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_in_yaml_nothing_is_nothing_unless_it_is_in_quotes(nothing: str) -> None:
    told = "units:\n- {{code: U, name: {}, group: judiciary, effective_from: 2011-09-20}}"
    assert fault(told.format(nothing).encode()) == ("value-missing", "name")
    if nothing:
        line = only(told.format(f'"{nothing}"').encode()).line
        assert line is not None
        assert line.model_dump(include={"name"}) == {"name": nothing}


def test_blank_rows_blank_cells_and_notes_are_no_lines() -> None:
    content = book(
        {
            "说明": [["随便写"]],
            "单位": [[], UNIT_COLUMNS, ["", " ", None], [*HOUSING_ROW, ""]],
            "人员": [],
        }
    )
    assert (only(content).number, only(content).fault) == (4, None)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("=1+1", "x", "政府部门", "2011-09-20"), ("cell-formula", "code")),
        (("U", "#N/A", "政府部门", "2011-09-20"), ("cell-error", "name")),
        (("U", "x", "部委", "2011-09-20"), ("value-wrong", "group")),
        (("U", "x", "政府部门", "2011-02-30"), ("value-wrong", "effective_from")),
        (("U", "x", "政府部门", "2011/9-20"), ("value-wrong", "effective_from")),
        (("U", True, "政府部门", "2011-09-20"), ("cell-boolean", "name")),
        (("U", "x", "政府部门", 40806), ("value-wrong", "effective_from")),
        (("U", None, "政府部门", "2011-09-20"), ("value-missing", "name")),
        (("x" * 101, "x", "政府部门", "2011-09-20"), ("value-wrong", "code")),
        (("U", "x", "政府部门", "2011-09-20", "多余"), ("cell-without-column", "")),
    ],
)
def test_a_line_that_is_filled_in_wrongly_is_refused_with_the_field_and_the_reason(
    row: tuple[object, ...], expected: tuple[str, str]
) -> None:
    assert fault(units(row)) == expected


def test_of_two_lines_about_one_entry_the_second_is_refused() -> None:
    first, second = read_document(units(HOUSING_ROW, HOUSING_ROW)).lines
    assert (first.fault, second.fault) == (None, ("row-twice", "code"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "document-empty"),
        (b" \n", "document-empty"),
        (b"PK\x03\x04 not a zip", "workbook-damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook-old"),
        (b"x" * (LARGEST + 1), "document-too-large"),
        (units(), "document-empty"),
        (book({"单 位": [UNIT_COLUMNS]}), "sheet-unknown"),
        (book({"单位": [[*UNIT_COLUMNS, "电话"]]}), "column-unknown"),
        (book({"单位": [[*UNIT_COLUMNS, "组别"]]}), "column-twice"),
        (book({"单位": [UNIT_COLUMNS[:3]]}), "column-missing"),
        (GOOD[: len(GOOD) // 2], "workbook-damaged"),
        (with_part(GOOD, SHEET, b"<worksheet"), "workbook-damaged"),
        (with_part(GOOD, "xl/vbaProject.bin", b"x"), "workbook-macros"),
        (with_part(GOOD, "xl/macrosheets/sheet1.xml", b"<x/>"), "workbook-macros"),
        (with_part(GOOD, "xl/externalLinks/externalLink1.xml", b"<x/>"), "workbook-links"),
        (with_part(GOOD, "xl/connections.xml", b"<x/>"), "workbook-links"),
        (with_part(GOOD, "xl/embeddings/oleObject1.bin", b"x"), "workbook-links"),
        (with_part(GOOD, "xl/media/image1.png", b"\0" * (4 << 20)), "workbook-bomb"),
        (with_part(GOOD, "x.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "workbook-bomb"),
        (
            with_part(GOOD, "x.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16")),
            "workbook-bomb",
        ),
        (b"units: [", "yaml-malformed"),
        (b"units: \xff", "yaml-malformed"),
        (b"- 1", "yaml-shape"),
        (b"units: {a: b}", "yaml-shape"),
        (b"units:\n- {code: [1]}", "yaml-shape"),
        (b"units:\n- {code: 1}\n---\nunits:\n", "yaml-shape"),
        (b"units:\n- {code: 1, code: 2}", "key-twice"),
        (b"units:\nunits:\n", "key-twice"),
        (b"units:\n- &a {code: 1}\n- *a", "yaml-alias"),
        (b"towns:\n", "sheet-unknown"),
        (b"units:\n- {phone: 1}", "column-unknown"),
        (b"units: " + b"[" * 100_000, "yaml-shape"),
        (b"units:\n" + b"- {}\n" * 100_001, "too-many-rows"),
        (b"units:\n", "document-empty"),
    ],
)
def test_a_document_that_is_none_or_hostile_is_refused(content: bytes, code: str) -> None:
    assert refusal(content)[0] == code


def test_a_workbook_of_much_is_refused_though_no_part_of_it_looks_like_a_bomb() -> None:
    chance = Random(1)
    sparse = b"".join(chance.randbytes(8) + bytes(1000) for _ in range(120_000))
    large = with_part(GOOD, "xl/media/image1.png", sparse)
    assert len(large) < LARGEST
    assert refusal(large)[0] == "workbook-bomb"
    many = BytesIO(GOOD)
    with zipfile.ZipFile(many, "a") as parts:
        for number in range(200):
            parts.writestr(f"xl/media/{number}.png", b"x")
    assert refusal(many.getvalue())[0] == "workbook-bomb"


def test_a_workbook_that_calls_itself_one_with_macros_is_refused() -> None:
    name = "[Content_Types].xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with_macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    body = part(GOOD, name)
    assert plain in body
    assert refusal(with_part(GOOD, name, body.replace(plain, with_macros)))[0] == "workbook-macros"


def test_a_refusal_says_where() -> None:
    assert refusal(book({"单位": [[*UNIT_COLUMNS, "电话"]]}))[1] == "工作表“单位”第 5 列“电话”"
    assert refusal(b"units:\n- {code: 1}\n- {phone: 1}")[1] == "第 3 行“phone”"


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadDocumentError) as bad:
        read_document(book({"单位": [UNIT_COLUMNS[:3]]}))
    told = of(bad.value.code, "", bad.value.where).problem
    assert told.detail == "缺少必需的列：工作表“单位”中的“生效日期”。"


@pytest.mark.parametrize(
    "day", ["2011/9/20", "2011-9-20", "2011-09-20 00:00:00", "2011/09/20 0:00"]
)
def test_a_day_is_taken_as_people_and_spreadsheets_write_it(day: str) -> None:
    line = only(units(("U", "x", "政府部门", day))).line
    assert line is not None
    assert line.model_dump(include={"effective_from"}) == {"effective_from": date(2011, 9, 20)}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("U", "x", "部委", "2011-09-20"), ("“部委”", "政府部门、公共服务行业")),
        (("U", "x", "政府部门", "2011-02-30"), ("“2011-02-30”", "日历上有的日期")),
        (("U", "x", "政府部门", "去年"), ("“去年”", "写作 2012-06-01")),
        (("x" * 101, "x", "政府部门", "2011-09-20"), (f"“{'x' * 40}……”", "不能超过 100 字")),
        (("a\nb", "x", "政府部门", "2011-09-20"), ("“a\nb”", "不能有换行")),
    ],
)
def test_a_wrong_value_is_quoted_and_what_is_expected_is_said(
    row: tuple[object, ...], told: tuple[str, str]
) -> None:
    line = only(units(row))
    assert line.fault is not None
    assert line.fault[0] == "value-wrong"
    assert [each for each in told if each not in line.note] == [], line.note


@given(st.text(alphabet="'=+-@\t\ra1"))
def test_what_was_made_harmless_is_read_as_it_was(text: str) -> None:
    assert original(neutral(text)) == text
    assert neutral(text)[:1] not in set("=+-@\t\r")


def reason(content: bytes) -> str:
    try:
        read_document(content)
    except BadDocumentError as bad:
        return bad.code
    return ""


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert reason(content) in {"", *WORDS}

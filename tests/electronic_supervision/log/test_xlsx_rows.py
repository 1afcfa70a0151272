import gzip
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.open import open_log
from services.electronic_supervision.log.record import Record, Rejected
from services.electronic_supervision.log.refusal import BadLogError
from services.electronic_supervision.log.xlsx_cells import shows_time
from tests.electronic_supervision.log.reading import map_of, read_bytes
from tests.electronic_supervision.log.workbooks import edited, saved, workbook

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER = ["编号", "部门", "事项", "收件", "截止", "办结"]
NINE = datetime(2019, 4, 1, 9)
MIDNIGHT = datetime(2019, 4, 15)
DAY = date(2019, 4, 15)


def read_book(folder: Path, content: bytes) -> tuple[list[Record], list[Rejected]]:
    return read_bytes(folder, content, name="log.xlsx")


def instant(at: datetime) -> Moment:
    return Moment.instant(at.replace(tzinfo=SHANGHAI))


def test_a_row_of_the_first_sheet_is_a_case(tmp_path: Path) -> None:
    content = workbook([HEADER, ["XN-1", "规划局", "许可", NINE, DAY, "2019年4月12日 16:00"]])
    (record,), flaws = read_book(tmp_path, content)
    assert record == Record(
        line=2,
        case_id="XN-1",
        unit="规划局",
        item="许可",
        accepted=instant(NINE),
        due=Moment.day(DAY, SHANGHAI),
        finished=instant(datetime(2019, 4, 12, 16)),
        steps=(),
    )
    assert flaws == []


def test_midnight_is_an_instant_where_the_format_shows_a_time(tmp_path: Path) -> None:
    row = ["XN-1", "局", "项", MIDNIGHT, MIDNIGHT, NINE]
    formats = {"D2": "yyyy-mm-dd hh:mm", "E2": 'yyyy"年"m"月"d"日"', "F2": "yyyy-mm-dd"}
    (record,), _ = read_book(tmp_path, workbook([HEADER, row], formats))
    assert record.accepted == instant(MIDNIGHT)
    assert record.due == Moment.day(DAY, SHANGHAI)
    assert record.finished == instant(NINE)


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("m/d/yy h:mm", True),
        ("[$-804]上午/下午h:mm", True),
        ("mm:ss.0", True),
        ("[h]:mm", True),
        ("AM/PM", True),
        ("mm-dd-yy", False),
        ('yyyy"hours"m', False),
        ("[$-sh]yyyy\\-mm\\-dd", False),
        ("yyyy-mm-dd;@", False),
    ],
)
def test_only_hours_and_seconds_in_a_format_are_a_time(number_format: str, shown: bool) -> None:
    assert shows_time(number_format) is shown


def test_a_day_in_a_format_only_chinese_editions_have_is_that_day(tmp_path: Path) -> None:
    content = workbook([HEADER, ["XN-1", "局", "项", 43570, 43580.5, None]], {"D2": "0", "E2": "0"})
    chinese = edited(content, "xl/styles.xml", 'numFmtId="1"', 'numFmtId="31"')
    (record,), _ = read_book(tmp_path, chinese)
    assert record.accepted == Moment.day(DAY, SHANGHAI)
    assert record.due == instant(datetime(2019, 4, 25, 12))


def test_numbers_are_ids_without_a_decimal_point(tmp_path: Path) -> None:
    ids: list[object] = [101001241133, 12.0, 1.5, "007", " XN-1\u3000", DAY]
    rows = [[given, "局", "项", NINE] for given in ids]
    records, _ = read_book(tmp_path, workbook([HEADER, *rows]))
    read = [record.case_id for record in records]
    assert read == ["101001241133", "12", "1.5", "007", "XN-1", "2019-04-15"]


def test_an_error_in_a_cell_stays_what_it_says(tmp_path: Path) -> None:
    _, flaws = read_book(tmp_path, workbook([HEADER, ["XN-1", "局", "项", NINE, "#N/A"]]))
    assert [(flaw.line, flaw.field, flaw.text) for flaw in flaws] == [(2, "due_at", "#N/A")]


def test_a_number_that_is_no_day_of_any_calendar_is_rejected_not_fatal(tmp_path: Path) -> None:
    content = workbook([HEADER, ["XN-1", "局", "项", 1e12], ["XN-2", "局", "项", 43570.25]])
    for styled in (content, edited(content, "xl/worksheets/sheet1.xml", "<v>", "<v>9")):
        records, flaws = read_book(tmp_path, styled)
        assert records == []
        assert [flaw.code for flaw in flaws] == ["unreadable-time"] * 2


def test_a_date_cell_beyond_the_calendar_is_rejected_without_a_warning(tmp_path: Path) -> None:
    content = workbook([HEADER, ["XN-1", "局", "项", NINE]])
    beyond = edited(content, "xl/worksheets/sheet1.xml", "<v>43556.375</v>", "<v>1e12</v>")
    _, flaws = read_book(tmp_path, beyond)
    assert [(flaw.field, flaw.text) for flaw in flaws] == [("accepted_at", "#VALUE!")]


def test_a_formula_gives_its_last_result(tmp_path: Path) -> None:
    content = workbook([HEADER, ["XN-1", "局", "项", "=TODAY()"]])
    calculated = edited(content, "xl/worksheets/sheet1.xml", "<v></v>", "<v>20190415</v>")
    (record,), _ = read_book(tmp_path, calculated)
    assert record.accepted == Moment.day(DAY, SHANGHAI)


def test_rows_are_counted_as_the_sheet_numbers_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [[], [" "], [None, *HEADER], [], [None, "XN-1", "局", "项", NINE]]
    (record,), _ = read_book(tmp_path, workbook(rows))
    assert record.line == 5


def test_a_wrong_size_stated_by_the_sheet_cuts_nothing_off(tmp_path: Path) -> None:
    content = workbook([HEADER, *[[f"XN-{i}", "局", "项", NINE] for i in range(3)]])
    wrong = edited(content, "xl/worksheets/sheet1.xml", 'ref="A1:F4"', 'ref="B2:C3"')
    records, _ = read_book(tmp_path, wrong)
    assert [record.line for record in records] == [2, 3, 4]


def test_a_gzipped_workbook_is_read_the_same(tmp_path: Path) -> None:
    content = workbook([HEADER, ["XN-1", "局", "项", NINE]])
    packed = read_bytes(tmp_path, gzip.compress(content), name="log.xlsx.gz")
    assert packed == read_book(tmp_path, content)


def test_progress_ends_at_the_size_of_the_file(tmp_path: Path) -> None:
    content = workbook([HEADER, *[[f"XN-{i}", "局", "项", NINE] for i in range(2500)]])
    for name, written in [("log.xlsx", content), ("log.xlsx.gz", gzip.compress(content))]:
        path = tmp_path / name
        path.write_bytes(written)
        told: list[int] = []
        log = open_log(path, map_of(tmp_path), told.append)
        assert sum(1 for _ in log.entries) == 2500
        assert told == sorted(told)
        assert told[-1] == log.size
        assert len(told) == 4


def test_an_empty_first_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLogError) as caught:
        read_book(tmp_path, workbook([]))
    assert caught.value.code == "log-empty"


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadLogError) as caught:
        read_book(tmp_path, workbook([HEADER[:-1]]))
    assert (caught.value.code, caught.value.field) == ("column-missing", "case.finished_at")


def test_only_the_first_sheet_counts(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    for name, case in (("一", "XN-1"), ("二", "XN-2")):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append([WriteOnlyCell(sheet, case), "局", "项", NINE])
    records, _ = read_book(tmp_path, saved(book))
    assert [record.case_id for record in records] == ["XN-1"]

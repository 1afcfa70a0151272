import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from services.electronic_supervision.log.refusal import BadLogError
from tests.electronic_supervision.log.reading import read_bytes
from tests.electronic_supervision.log.workbooks import edited, workbook

HEADER = ["编号", "部门", "事项", "收件", "截止", "办结"]
NINE = datetime(2019, 4, 1, 9)


def refusal(folder: Path, content: bytes) -> BadLogError:
    with pytest.raises(BadLogError) as caught:
        read_bytes(folder, content, name="log.xlsx")
    return caught.value


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("filling", ["", "<a"])
def test_a_damaged_part_is_answered_in_words(tmp_path: Path, part: str, filling: str) -> None:
    result = io.BytesIO()
    content = workbook([HEADER, ["XN-1", "局", "项", NINE]])
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(result, "w") as after:
        for name in before.namelist():
            after.writestr(name, filling if name == part else before.read(name))
    assert refusal(tmp_path, result.getvalue()).code == "log-damaged"


def test_a_zip_file_that_is_no_workbook_is_answered_in_words(tmp_path: Path) -> None:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert refusal(tmp_path, result.getvalue()).code == "log-damaged"


def test_a_workbook_cut_short_is_answered_in_words(tmp_path: Path) -> None:
    content = workbook([HEADER, *[[f"XN-{i}", "局", "项", NINE] for i in range(100)]])
    for size in (100, len(content) // 2, len(content) - 30):
        assert refusal(tmp_path, content[:size]).code == "log-damaged"


def test_a_sheet_that_breaks_off_is_answered_in_words(tmp_path: Path) -> None:
    content = workbook([HEADER, ["XN-1", "局", "项", NINE]])
    for old, new in [("</sheetData>", "<"), ('r="A2"', 'r="?"'), ('r="2"', 'r="two"')]:
        broken = edited(content, "xl/worksheets/sheet1.xml", old, new)
        assert refusal(tmp_path, broken).code == "log-damaged"


def test_a_sheet_numbering_its_rows_without_end_is_refused(tmp_path: Path) -> None:
    content = workbook([HEADER, ["XN-1", "局", "项", NINE]])
    endless = edited(content, "xl/worksheets/sheet1.xml", '<row r="2"', '<row r="999999999"')
    assert refusal(tmp_path, endless).code == "log-damaged"

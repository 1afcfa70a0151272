"""A workbook that would do more than be read is refused before any of it is unpacked."""

import io
import zipfile
from pathlib import Path

import pytest

from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.open import open_log
from services.electronic_supervision.log.refusal import BadLogError
from tests.electronic_supervision.log.workbooks import workbook

MAP = LogMap.model_validate({"source": "/x", "case": {"id": "编号", "accepted_at": "受理"}})
ROWS = [["编号", "受理"], ["A1", "2026-11-02 09:00"]]


def with_part(name: str, content: bytes) -> bytes:
    book = io.BytesIO(workbook(ROWS))
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, content)
    return book.getvalue()


def refused(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(BadLogError) as error:
        list(open_log(path, MAP).entries)
    return error.value.code


def test_a_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    content = with_part("xl/vbaProject.bin", b"macro")
    assert refused(tmp_path / "log.xlsx", content) == "log-macros"


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    content = with_part("xl/worksheets/sheet2.xml", b"\0" * (32 << 20))
    assert len(content) < 100_000
    assert refused(tmp_path / "log.xlsx", content) == "log-too-large"


def test_a_workbook_of_countless_parts_is_refused(tmp_path: Path) -> None:
    book = io.BytesIO(workbook(ROWS))
    with zipfile.ZipFile(book, "a") as parts:
        for number in range(10_001):
            parts.writestr(f"xl/{number}", b"")
    assert refused(tmp_path / "log.xlsx", book.getvalue()) == "log-too-large"


def test_an_honest_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    path.write_bytes(workbook(ROWS))
    assert len(list(open_log(path, MAP).entries)) == 1

"""Make small workbooks, whole or spoilt."""

import io
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook


def workbook(rows: Sequence[Sequence[object]], formats: dict[str, str] | None = None) -> bytes:
    """Return an .xlsx with one sheet; `formats` gives number formats by cell, as in {"D2": "0"}."""
    book = Workbook()
    sheet = book.worksheets[0]
    assert hasattr(sheet, "append")
    for row in rows:
        sheet.append(list(row))
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    return saved(book)


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def edited(content: bytes, part: str, old: str, new: str) -> bytes:
    """Return the workbook with a text replaced in one of its parts."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(result, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            after.writestr(name, text)
    return result.getvalue()

"""A document of either kind, to lines of which each is well-formed or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic

from pydantic import ValidationError

from kernel.document.formats import is_workbook
from kernel.document.layout import Layout, Line
from kernel.document.mistake import mistake
from kernel.document.raw import BadDocumentError, RawRow
from kernel.document.read_workbook import read_workbook
from kernel.document.read_yaml import read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine(Generic[Line]):
    """A line with its place, or the code and the field of what is wrong with it.

    `note` says in words what is wrong with this very line, "" if its code says it all.
    """

    sheet: str
    number: int
    code: str
    line: Line | None = None
    fault: tuple[str, str] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[Line]):
    """What was read, and the digest (hexadecimal) of the bytes it was read from."""

    digest: str
    lines: Sequence[ReadLine[Line]]


def read(content: bytes, layout: Layout[Line]) -> Read[Line]:
    """Read a document; which kind it is, it says itself. Raises BadDocumentError.

    Codes: `document-too-large`, `document-empty`, and those of the readers.
    """
    if len(content) > layout.most_bytes:
        raise BadDocumentError("document-too-large", _size(layout.most_bytes))
    if not content.strip():
        raise BadDocumentError("document-empty")
    rows = read_workbook(content, layout) if is_workbook(content) else read_yaml(content, layout)
    if not rows:
        raise BadDocumentError("document-empty")
    return Read(digest=sha256(content).hexdigest(), lines=_lines(rows, layout))


def _size(count: int) -> str:
    return f"{count // 1_000_000} MB " if count >= 1_000_000 else f"{count // 1000} KB "


def _lines(rows: Sequence[RawRow], layout: Layout[Line]) -> list[ReadLine[Line]]:
    seen: set[tuple[str, ...]] = set()
    lines = []
    for row in rows:
        read = _line(row, layout)
        key = _key(read, layout)
        if key in seen:
            read = _refused(row, layout, ("row-twice", layout.named[row.sheet].key[-1]))
        seen.add(key)
        lines.append(read)
    return lines


def _key(read: ReadLine[Line], layout: Layout[Line]) -> tuple[str, ...]:
    if read.line is None:
        return (read.sheet, "", str(read.number))
    key = layout.named[read.sheet].key
    return (read.sheet, *(str(getattr(read.line, field)) for field in key))


def _line(row: RawRow, layout: Layout[Line]) -> ReadLine[Line]:
    for field, code in row.faults.items():
        return _refused(row, layout, (code, field))
    try:
        line = layout.named[row.sheet].line.model_validate(dict(row.values))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        if first["type"] == "missing":
            return _refused(row, layout, ("value-missing", field))
        note = mistake(layout.named[row.sheet], field, row.values.get(field, ""), first)
        return _refused(row, layout, ("value-wrong", field), note)
    return ReadLine(sheet=row.sheet, number=row.number, code=_code(row, layout), line=line)


def _refused(
    row: RawRow, layout: Layout[Line], fault: tuple[str, str], note: str = ""
) -> ReadLine[Line]:
    code = _code(row, layout)
    return ReadLine(sheet=row.sheet, number=row.number, code=code, fault=fault, note=note)


def _code(row: RawRow, layout: Layout[Line]) -> str:
    return row.values.get(layout.named[row.sheet].key[-1], "")[:100]

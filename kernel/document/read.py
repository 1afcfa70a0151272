"""A document of either kind, to lines of which each is well-formed or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic

from pydantic import ValidationError

from kernel.document.layout import Layout, Line
from kernel.document.raw import BadDocumentError, RawRow
from kernel.document.read_workbook import read_workbook
from kernel.document.read_yaml import read_yaml

LARGEST = 700_000
"""Bytes; in base64 it still fits into the body of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine(Generic[Line]):
    """A line with its place, or the code and the field of what is wrong with it."""

    sheet: str
    number: int
    code: str
    line: Line | None = None
    fault: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[Line]):
    """What was read, and the digest (hexadecimal) of the bytes it was read from."""

    digest: str
    lines: Sequence[ReadLine[Line]]


def read(content: bytes, layout: Layout[Line]) -> Read[Line]:
    """Read a document; which kind it is, it says itself. Raises BadDocumentError.

    Codes: `document-too-large`, `document-empty`, and those of the readers.
    """
    if len(content) > LARGEST:
        raise BadDocumentError("document-too-large")
    is_workbook = content[:2] == b"PK" or content.startswith(b"\xd0\xcf\x11\xe0")
    rows = read_workbook(content, layout) if is_workbook else read_yaml(content, layout)
    if not rows:
        raise BadDocumentError("document-empty")
    return Read(digest=sha256(content).hexdigest(), lines=_lines(rows, layout))


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
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        code = "value-missing" if first["type"] == "missing" else "value-wrong"
        return _refused(row, layout, (code, str(first["loc"][0]) if first["loc"] else ""))
    return ReadLine(sheet=row.sheet, number=row.number, code=_code(row, layout), line=line)


def _refused(row: RawRow, layout: Layout[Line], fault: tuple[str, str]) -> ReadLine[Line]:
    code = _code(row, layout)
    return ReadLine(sheet=row.sheet, number=row.number, code=code, fault=fault)


def _code(row: RawRow, layout: Layout[Line]) -> str:
    return row.values.get(layout.named[row.sheet].key[-1], "")[:100]

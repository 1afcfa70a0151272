"""A document of either kind, to lines of which each is well-formed or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from pydantic import ValidationError

from services.evaluation.document.lines import LINES, AliasLine, AnyLine, Sheet
from services.evaluation.document.raw import BadDocumentError, RawRow
from services.evaluation.document.read_workbook import read_workbook
from services.evaluation.document.read_yaml import read_yaml

LARGEST = 700_000
"""Bytes; in base64 it still fits into the body of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line with its place, or the code and the field of what is wrong with it."""

    sheet: Sheet
    number: int
    code: str
    line: AnyLine | None = None
    fault: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read, and the digest (hexadecimal) of the bytes it was read from."""

    digest: str
    lines: Sequence[ReadLine]


def read_document(content: bytes) -> Read:
    """Read a document; which kind it is, it says itself. Raises BadDocumentError.

    Codes: `document-too-large`, `document-empty`, and those of the readers.
    """
    if len(content) > LARGEST:
        raise BadDocumentError("document-too-large")
    is_workbook = content[:2] == b"PK" or content.startswith(b"\xd0\xcf\x11\xe0")
    rows = read_workbook(content) if is_workbook else read_yaml(content)
    if not rows:
        raise BadDocumentError("document-empty")
    return Read(digest=sha256(content).hexdigest(), lines=_lines(rows))


def _lines(rows: Sequence[RawRow]) -> list[ReadLine]:
    seen: set[tuple[str, ...]] = set()
    lines = []
    for row in rows:
        read = _line(row)
        key = _key(read)
        if key in seen:
            read = _refused(row, "row-twice", "code")
        seen.add(key)
        lines.append(read)
    return lines


def _key(read: ReadLine) -> tuple[str, ...]:
    if isinstance(read.line, AliasLine):
        return (read.sheet, read.line.source, read.line.code)
    return (read.sheet, read.code) if read.line is not None else (read.sheet, "", str(read.number))


def _line(row: RawRow) -> ReadLine:
    for field, code in row.faults.items():
        return _refused(row, code, field)
    try:
        line = LINES[row.sheet].model_validate(dict(row.values))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        code = "value-missing" if first["type"] == "missing" else "value-wrong"
        return _refused(row, code, str(first["loc"][0]))
    return ReadLine(sheet=row.sheet, number=row.number, code=row.values["code"], line=line)


def _refused(row: RawRow, code: str, field: str) -> ReadLine:
    named = row.values.get("code", "")[:100]
    return ReadLine(sheet=row.sheet, number=row.number, code=named, fault=(code, field))

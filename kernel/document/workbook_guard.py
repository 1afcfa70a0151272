"""What a workbook must not be before anybody opens it: a bomb, a program, a door to elsewhere."""

import re
import zipfile
import zlib
from io import BytesIO

from kernel.document.raw import BadDocumentError

MOST_PARTS = 200
MOST_BYTES = 32 << 20
MOST_EXPANSION = 6
"""How many times as large as the most that a document may have its parts may be together."""
MOST_RATIO = 200
"""How many times as large as packed a part may be; of text that repeats itself, 100 is seen."""

OLD = b"\xd0\xcf\x11\xe0"
"""How .xls begins, and any workbook with a password."""
MACROS = re.compile(r"vbaproject|/macrosheets/|/dialogsheets/|/activex/|/ctrlprops/")
ELSEWHERE = re.compile(r"/externallinks/|/embeddings/|/querytables/|xl/connections\.")
DECLARATION = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T|E\0?N\0?T\0?I)", re.IGNORECASE)
TEXT = re.compile(r"\.(?:xml|rels|vml)$")
DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)


def make_sure_of_workbook(content: bytes, most_bytes: int = 0) -> None:
    """Let a workbook of at most so many bytes pass. Raises BadDocumentError.

    Codes: `workbook-damaged`, `workbook-old` (also: with a password), `workbook-bomb`,
    `workbook-macros`, `workbook-links`.
    """
    if content.startswith(OLD):
        raise BadDocumentError("workbook-old")
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            _look_at_sizes(parts.infolist(), max(MOST_BYTES, MOST_EXPANSION * most_bytes))
            _look_at_names([each.filename.lower() for each in parts.infolist()])
            for each in parts.infolist():
                _look_inside(each.filename.lower(), parts.read(each))
    except DAMAGE as error:
        raise BadDocumentError("workbook-damaged") from error


def _look_at_sizes(parts: list[zipfile.ZipInfo], most: int) -> None:
    # zipfile reads no more of a part than its header says, so that the header can be believed
    is_much = len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > most
    if is_much or any(each.file_size > MOST_RATIO * each.compress_size + 1024 for each in parts):
        raise BadDocumentError("workbook-bomb")


def _look_at_names(names: list[str]) -> None:
    if any(MACROS.search(each) for each in names):
        raise BadDocumentError("workbook-macros")
    if any(ELSEWHERE.search(each) for each in names):
        raise BadDocumentError("workbook-links")


def _look_inside(name: str, text: bytes) -> None:
    if name == "[content_types].xml" and b"macroenabled" in text.lower():
        raise BadDocumentError("workbook-macros")
    # entities, by which a few bytes become gigabytes; no workbook declares any
    if TEXT.search(name) and DECLARATION.search(text):
        raise BadDocumentError("workbook-bomb")

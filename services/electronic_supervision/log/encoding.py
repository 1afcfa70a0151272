"""Tell in which encoding a text file was saved."""

import codecs
from typing import BinaryIO

_CHUNK = 1 << 20


def encoding_of(stream: BinaryIO) -> str:
    """Return a codec name: from the byte order mark, else UTF-8, else GB18030.

    Reads the whole stream, since a file may stay ASCII for megabytes before its first Chinese
    word, and leaves it at the end. A few damaged bytes do not turn a UTF-8 file into another.
    """
    head = stream.read(_CHUNK)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    damaged = surplus = 0
    chunk = head
    while chunk:
        if not chunk.isascii():
            text = decoder.decode(chunk)
            damaged += text.count("\ufffd")
            # true UTF-8 needs two to four bytes for a sign, where GB18030 read as such falls apart
            surplus += len(chunk) - len(text)
        chunk = stream.read(_CHUNK)
    return "gb18030" if damaged > surplus else "utf-8-sig"

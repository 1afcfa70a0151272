"""What a workbook must not bring: macros, or more than its size lets anybody expect."""

from collections.abc import Sequence
from zipfile import ZipInfo

from services.electronic_supervision.log.refusal import BadLogError

MOST_TEXT = 512 << 20
MOST_UNPACKED = 2 << 30
MOST_RATIO = 200
SMALL = 16 << 20
"""What unpacks to less harms nobody, however well it was packed."""

MOST_PARTS = 10_000
MACROS = ("vbaproject.bin", "vbadata.xml")


def make_sure_of_parts(parts: Sequence[ZipInfo]) -> None:
    """Look at what a workbook says of its parts, before any is read.

    Raises BadLogError `log-too-large`, `log-macros`.
    """
    names = [part.filename.lower() for part in parts]
    if any(name.endswith(MACROS) for name in names):
        message = "工作簿里有宏，不予读取。请另存为不含宏的 .xlsx 或 .csv（UTF-8）。"
        raise BadLogError("log-macros", message)
    text = [part.file_size for part in parts if "sharedstrings" in part.filename.lower()]
    if sum(text) > MOST_TEXT:
        message = "工作簿里的文字超过 512 MiB，无法整体读入，请另存为 .csv（UTF-8）后再试。"
        raise BadLogError("log-too-large", message)
    if len(parts) > MOST_PARTS or _is_bomb(parts):
        message = "工作簿解压后大得不合常理，不予读取。请另存为 .csv（UTF-8）后再试。"
        raise BadLogError("log-too-large", message)


def _is_bomb(parts: Sequence[ZipInfo]) -> bool:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    return unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * packed)

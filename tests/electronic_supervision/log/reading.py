"""Write a small map and log, and read them as the audit does."""

from pathlib import Path

from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.map_file import load_map
from services.electronic_supervision.log.open import open_log
from services.electronic_supervision.log.record import Record, Rejected, record_reader

PERMITS = """
source: /city/permits
case: {id: 编号, unit: 部门, item: 事项, accepted_at: 收件, due_at: 截止, finished_at: 办结}
"""
HEADER = "编号,部门,事项,收件,截止,办结\n"


def map_of(folder: Path, text: str = PERMITS) -> LogMap:
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return load_map(path)


def read(path: Path, log_map: LogMap) -> tuple[list[Record], list[Rejected]]:
    """Return all records and all rejections of a log, in its order."""
    records: list[Record] = []
    rejected: list[Rejected] = []
    understand = record_reader(log_map)
    for entry in open_log(path, log_map).entries:
        record, flaws = understand(entry)
        records += [record] if record else []
        rejected += flaws
    return records, rejected


def read_bytes(
    folder: Path, content: bytes, *, name: str = "log.csv", map_text: str = PERMITS
) -> tuple[list[Record], list[Rejected]]:
    """Write `content` as a log and return its records and rejections."""
    path = folder / name
    path.write_bytes(content)
    return read(path, map_of(folder, map_text))


def read_text(
    folder: Path, content: str, *, name: str = "log.csv", map_text: str = PERMITS
) -> tuple[list[Record], list[Rejected]]:
    """Write `content` in UTF-8 as a log and return its records and rejections."""
    return read_bytes(folder, content.encode(), name=name, map_text=map_text)

"""Cases put straight into the record, and what judges them in this process."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import asyncpg

from bench.city import APPROVALS
from contracts.streams import CITY
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.hearing import docket_id
from services.electronic_supervision.loop.court import Court, stated_law

BATCH = 20_000
EVENT = ("position", "stream", "version", "id", "type", "data", "metadata", "recorded_at", "hash")
HEARD = "insert into checkpoint (stream, stream_sequence, heard_through) values ($1, 1, $2)"
TAKEN_IN = "update partition set position = (select max(position) from event)"


def court() -> Court:
    """Return a court that holds systems to what they state."""
    office = Office(calendar=published_calendar(), zone=ZoneInfo("Asia/Shanghai"))
    return Court(law=stated_law(office), settle={})


async def put(
    connection: asyncpg.Connection, told: Iterable[tuple[str, bytes]], at: datetime
) -> int:
    """Put events into the record as facts recorded `at`, and return how many.

    A shortcut: they are copied, not appended, and so have no chain of hashes.
    """
    rows, count = _rows(told, at), 0
    while batch := list(islice(rows, BATCH)):
        await copy(connection, "event", EVENT, batch)
        count += len(batch)
    return count


async def copy(
    connection: asyncpg.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
) -> None:
    """Copy rows into a table."""
    await connection.copy_records_to_table(table, columns=list(columns), records=rows)


async def all_heard(connection: asyncpg.Connection, until: datetime) -> None:
    """Say that everything is in: the stream until an instant, and all facts in the dockets."""
    await connection.execute(HEARD, CITY, until)
    await connection.execute(TAKEN_IN)
    await connection.execute("vacuum analyze")  # else the server does it meanwhile


def _rows(told: Iterable[tuple[str, bytes]], at: datetime) -> Iterator[tuple[object, ...]]:
    versions: dict[str, int] = {}
    for position, (_, body) in enumerate(told, 1):
        said = json.loads(body)
        stream = docket_id(CaseKey(source=APPROVALS.source, number=said["subject"]))
        version = versions[stream] = versions.get(stream, 0) + 1
        id_, data = f"{stream}/{version}", body.decode()
        yield position, stream, version, id_, said["type"], data, "{}", at, b""

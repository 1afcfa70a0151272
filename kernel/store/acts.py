"""What people did, as a record keeps it: who, in which role, for which unit, and when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg

# the first condition is that of the index, word for word
ACTS = """
select position, stream, type, data, metadata, recorded_at from event
where strpos(metadata, '"by":') > 0
  and ($1::timestamptz is null or (recorded_at, position) < ($1, $2::bigint))
  and ($3 = '' or metadata::json ->> 'by' = $3)
  and ($4 = '' or metadata::json ->> 'role' = $4)
  and ($5::timestamptz is null or recorded_at >= $5)
  and ($6::timestamptz is null or recorded_at < $6)
order by recorded_at desc, position desc limit $7
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that somebody did; role, unit and reason are "" where the record does not say.

    `data` is the JSON of the event, `stream` what it happened to; the time is UTC.
    """

    position: int
    stream: str
    type: str
    data: str
    by: str
    role: str
    unit: str
    reason: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which acts to look for; "" and None let everything pass. `until` itself is left out."""

    by: str = ""
    role: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The record of one service as an auditor reads it, with Chinese words for its events."""

    name: str
    title: str
    pool: asyncpg.Pool
    words: Mapping[str, str]


async def acts(
    connection: asyncpg.Connection,
    wanted: Wanted,
    *,
    before: tuple[datetime, int] | None,
    limit: int,
) -> list[Act]:
    """Return the latest acts, those before a time and position only, from the latest on."""
    at, position = before or (None, None)
    rows = await connection.fetch(
        ACTS, at, position, wanted.by, wanted.role, wanted.since, wanted.until, limit
    )
    return [_act(row) for row in rows]


def _act(row: asyncpg.Record) -> Act:
    about = json.loads(row["metadata"])
    return Act(
        position=row["position"],
        stream=row["stream"],
        type=row["type"],
        data=row["data"],
        by=str(about["by"]),
        role=str(about.get("role", "")),
        unit=str(about.get("unit", "")),
        reason=str(about.get("reason", "")),
        recorded_at=row["recorded_at"],
    )

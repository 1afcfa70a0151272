"""The messages that wait in quarantine, page by page, as a page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import asyncpg
from pydantic import AwareDatetime, StringConstraints, TypeAdapter

from kernel.web.paging import read_cursor, write_cursor
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors.entry import RELEASED
from services.electronic_supervision.doors.settle import DISCARDED
from services.electronic_supervision.pages.words import instant_words
from services.electronic_supervision.reading.quarantine_words import (
    event_words,
    fix_words,
    subject_of,
    why_words,
)
from services.electronic_supervision.reading.refusals import refused

PER_PAGE = 25
LONGEST_SUBJECT = 120
COLUMNS = """
select id, subject, source, event_id, noted_in, code, field, message, received_at, times, settled,
       exists (select from docket where docket.id = noted_in) as has_case,
       raw is null as is_expired,
       coalesce((select title from city_system s where s.source = quarantine.source), '') as title
from quarantine
"""
OPEN = f"""{COLUMNS}
where settled is null and ($1 = '' or source = $1) and (received_at, id) > ($2, $3)
order by received_at, id limit $4
"""
ONE = f"{COLUMNS} where id = $1"
COUNT = "select count(*) from quarantine where settled is null and ($1 = '' or source = $1)"

FIRST = (datetime(1, 1, 1, tzinfo=UTC), "")
Id = Annotated[str, StringConstraints(max_length=100)]
KEY: TypeAdapter[tuple[AwareDatetime, Id]] = TypeAdapter(tuple[AwareDatetime, Id])


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A message in quarantine as a page shows it; `is_expired` tells that its bytes are gone."""

    id: str
    subject: str
    source: str
    event_id: str | None
    noted_in: str
    code: str
    field: str
    message: str
    received_at: datetime
    times: int
    settled: str | None
    has_case: bool
    is_expired: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A page of messages that wait, oldest first, and how many there are."""

    held: Sequence[Held]
    following: str | None
    count: int


async def waiting(connection: asyncpg.Connection, source: str, after: str | None) -> Waiting:
    """Return a page of what waits, of one source or ("") of all. Raises 400 `invalid-cursor`."""
    since = FIRST if after is None else read_cursor(after, KEY)
    rows = await connection.fetch(OPEN, source, *since, PER_PAGE + 1)
    held = [Held(**row) for row in rows[:PER_PAGE]]
    last = held[-1] if len(rows) > PER_PAGE else None
    return Waiting(
        held=held,
        following=None if last is None else write_cursor((last.received_at, last.id)),
        count=await connection.fetchval(COUNT, source),
    )


async def one(connection: asyncpg.Connection, message: str) -> Held:
    """Return one message, settled or not. Raises `message-unknown`."""
    row = await connection.fetchrow(ONE, message)
    if row is None:
        raise refused(Refused("message-unknown"))
    return Held(**row)


def line(held: Held, office: Office, now: datetime) -> Mapping[str, object]:
    """Word a message; nothing that it says is shown but whose it is and which case it names."""
    subject = subject_of(held.subject)
    return {
        "id": held.id,
        "system": held.title or (subject.system if subject else "") or held.source or "未知系统",
        "event": event_words(subject.event_type) if subject else "",
        "number": subject.key if subject else "",
        "unit": subject.unit if subject else "",
        "case": held.noted_in if held.has_case else "",
        "subject": "" if subject else held.subject[:LONGEST_SUBJECT],
        "event_id": held.event_id or "",
        "why": why_words(held.code, held.field, held.message),
        "fix": fix_words(held.code),
        "at": instant_words(held.received_at, office.zone, now),
        "times": held.times,
        "is_open": held.settled is None,
        "is_expired": held.is_expired,
    }


def became(held: Held, before: str = "") -> Mapping[str, object]:
    """Tell in a sentence what became of a message; `before` goes before it."""
    subject = subject_of(held.subject)
    named = f"{subject.key} 的{event_words(subject.event_type)}消息" if subject else "该消息"
    words = {
        RELEASED: f"{named}已重新读取并放行，办件随即重新判定。",
        DISCARDED: f"{named}已作废，经办人和理由已记录在案。",
        None: f"{named}仍无法读取，继续隔离。{why_words(held.code, held.field, held.message)}。"
        f"{fix_words(held.code)}",
    }
    return {"is_settled": held.settled is not None, "words": before + words[held.settled]}

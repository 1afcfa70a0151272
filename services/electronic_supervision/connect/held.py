"""Bad rows in quarantine: held until a row that can be told takes their place."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from contracts.approvals import CaseAccepted
from contracts.registry import type_of
from contracts.subjects import city
from kernel.intake import quarantine
from kernel.intake.heard import Message
from kernel.intake.quarantine import Unreadable
from kernel.store.events import NewEvent
from services.electronic_supervision.connect.bad_row import BadRow
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.doors.entry import RELEASED
from services.electronic_supervision.doors.screen import OF_NO_CASE
from services.electronic_supervision.doors.settle import ROWS
from services.electronic_supervision.doors.systems import CitySystem
from services.electronic_supervision.hearing import docket_id
from services.electronic_supervision.record import MessageQuarantined, MessageSettled, own_event

CODE = "row-unreadable"
REPLACED = "文件或视图中的该行已改正"
OPEN = """
select distinct event_id from quarantine where settled is null and source = $1 and stream = $2
"""
OF_PLACE = """
select event_id from quarantine
where settled is null and source = $1 and stream = $2 and subject = $3
"""
RELEASED_ONES = "select id from quarantine where id = any($1) and settled = 'released'"
REPLACE = """
select id, noted_in from quarantine
where settled is null and source = $1 and stream = $2
  and event_id = any($3) and not id = any($4)
order by id for update
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Whose bad rows are held, and where they stand."""

    system: CitySystem
    place: str


async def open_keys(connection: asyncpg.Connection, source: str) -> frozenset[str]:
    """Return the keys of the bad rows of a source that wait."""
    rows = await connection.fetch(OPEN, source, ROWS)
    return frozenset(row["event_id"] for row in rows if row["event_id"])


async def lines_of(connection: asyncpg.Connection, of: Hold) -> Sequence[str]:
    """Return the keys of the rows of a file or view that wait and name no case."""
    rows = await connection.fetch(OF_PLACE, of.system.source, ROWS, _storable(of.place))
    return [row["event_id"] for row in rows if row["event_id"]]


async def hold(
    connection: asyncpg.Connection, bad: Iterable[BadRow], to: Hold, now: datetime
) -> tuple[Mapping[str, int], list[NewEvent]]:
    """Keep bad rows in quarantine, as part of a transaction.

    Returns their messages with the lines, 0 for none, and what the records of their cases tell. A
    row that waits already is counted once more, and said to be where it stands now.
    """
    source = to.system.source
    by_key = {each.key(source, to.place): each for each in bad}
    found = await _messages(connection, by_key, to, now)
    lines, notes = {}, []
    # in one order for all, lest two who hold the same messages wait for each other
    for key in sorted(found, key=lambda one: quarantine.name_of(found[one])):
        message, each = found[key], by_key[key]
        name, noted_in = quarantine.name_of(message), _noted_in(each, source)
        why = Unreadable(code=CODE, field=each.field[:100], message=each.words(to.place))
        is_first = await quarantine.put(
            connection, message, why, source=source, noted_in=noted_in, now=now
        )
        if is_first:
            notes.append(own_event(noted_in, MessageQuarantined(message=name, code=CODE), name))
        else:
            await quarantine.explain(connection, name, why, source=source, noted_in=noted_in)
        lines[name] = each.line or 0
    notes += await replaced(connection, source, list(by_key), now, keeping=list(lines))
    return lines, notes


async def _messages(
    connection: asyncpg.Connection, bad: Mapping[str, BadRow], to: Hold, now: datetime
) -> Mapping[str, Message]:
    """Return the message of each bad row; one that was released before is another one by now."""
    found: dict[str, Message] = {}
    ask, times = dict(bad), 0
    while ask:
        told = {key: _message(key, each, to, times, now) for key, each in ask.items()}
        names = {quarantine.name_of(message): key for key, message in told.items()}
        rows = await connection.fetch(RELEASED_ONES, list(names))
        again = {names[row["id"]] for row in rows}
        found |= {key: message for key, message in told.items() if key not in again}
        ask = {key: each for key, each in ask.items() if key in again}
        times += 1
    return found


async def replaced(
    connection: asyncpg.Connection,
    source: str,
    keys: Sequence[str],
    now: datetime,
    *,
    keeping: Sequence[str] = (),
) -> list[NewEvent]:
    """Settle what was held of rows that can be told by now; return what the records tell of it.

    `keeping` are messages that stay.
    """
    rows = await connection.fetch(REPLACE, source, ROWS, list(keys), list(keeping))
    if not rows:
        return []
    await quarantine.settle(connection, [row["id"] for row in rows], RELEASED, now)
    about = json.dumps({"reason": REPLACED}, ensure_ascii=False)
    return [
        own_event(
            row["noted_in"], MessageSettled(message=row["id"], how=RELEASED), row["id"], about
        )
        for row in rows
    ]


def _message(key: str, bad: BadRow, to: Hold, times: int, now: datetime) -> Message:
    data: dict[str, object] = {"id": key, "row": list(bad.cells), "code": bad.code}
    if times:
        data["times"] = times
    accepted = type_of(CaseAccepted)
    subject = city(to.system.name, accepted, unit="", key=bad.number) if bad.number else to.place
    return Message(
        stream=ROWS,
        subject=_storable(subject),
        data=json.dumps(data, ensure_ascii=False).encode(errors="replace"),
        number=0,
        sent_at=now,
    )


def _storable(subject: str) -> str:
    return quarantine.storable(subject[:2000])


def _noted_in(bad: BadRow, source: str) -> str:
    return docket_id(CaseKey(source=source, number=bad.number)) if bad.number else OF_NO_CASE

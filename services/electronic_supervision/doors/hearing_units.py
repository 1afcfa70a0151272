"""The intake of our own source evaluation: each message about units once, and strictly in order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from contracts.envelope import Event
from contracts.vocabulary import Published
from contracts.wire import UnreadableError
from kernel.intake.heard import Message, hear
from kernel.readiness import Check, Problem
from services.electronic_supervision.doors.units import apply

# locks the row even of an epoch first heard of: two batches must not both begin it
LAST = """
insert into source_sequence (source, last) select unnest($1::text[]), 0
on conflict (source) do update set last = source_sequence.last
returning source, last
"""
BEGUN = "select source from source_sequence where starts_with(source, $1) and last > 0"
SET_LAST = "update source_sequence set last = $2 where source = $1"
# provisioning compares it with what the bus holds for acknowledged
HEARD = """
insert into checkpoint (stream, stream_sequence) values ($1, $2)
on conflict (stream) do update
set stream_sequence = greatest(checkpoint.stream_sequence, excluded.stream_sequence)
"""
CAME = """
insert into unreadable_own (stream, number, code, came_at)
select $1, number, code, clock_timestamp()
from unnest($2::bigint[], $3::text[]) as told(number, code)
on conflict (stream, number) do update set code = excluded.code, came_at = excluded.came_at
"""
# it is brought again every second: what came no more was deleted, or can be read by now
COMING = """
select number, code from unreadable_own
where stream = $1 and came_at > clock_timestamp() - interval '30 seconds' order by number limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """An event with its place in the source and the message that brought it."""

    epoch: int
    position: int
    event: Event[Published]
    message: Message


async def take_units(
    connection: asyncpg.Connection, messages: Sequence[Message], source: str
) -> Sequence[Message]:
    """Take in what follows without a gap, in one transaction; return what must come again later.

    `source` is the name of our own service in its first epoch. What was taken before is skipped,
    and so is all of an epoch once a later one has begun; a later one waits while an earlier one
    that came with it has a gap. What can't be read comes again, and a check tells of it.
    """
    async with connection.transaction():
        numbered, unreadable = _read(messages, source)
        if unreadable:
            numbers, codes = zip(*unreadable.items(), strict=True)
            await connection.execute(CAME, messages[0].stream, numbers, codes)
        later = [message for message in messages if message.number in unreadable]
        for epoch in sorted(numbered):
            early = await _take_epoch(connection, numbered[epoch], source, is_held=bool(later))
            later += [each.message for each in early]
        return later


def _read(
    messages: Sequence[Message], source: str
) -> tuple[dict[int, list[Numbered]], dict[int, str]]:
    """Return events by epoch, and why messages can't be read by their place in the stream."""
    numbered: dict[int, list[Numbered]] = defaultdict(list)
    unreadable: dict[int, str] = {}
    for message in messages:
        try:
            event = hear(message.data).event
        except UnreadableError as error:
            unreadable[message.number] = error.code
            continue
        epoch, position = epoch_of(event.source, source), event.position
        if epoch is None or not position:
            unreadable[message.number] = "sequence-missing" if epoch else "foreign-source"
            continue
        each = Numbered(epoch=epoch, position=position, event=event, message=message)
        numbered[epoch].append(each)
    return numbered, unreadable


def epoch_of(name: str, source: str) -> int | None:
    """Return the epoch of our own source in which an event speaks, None if it is another source."""
    if name == source:
        return 1
    number = name.removeprefix(f"{source}/epoch-")
    is_epoch = number != name and number.isascii() and number.isdecimal() and number[0] != "0"
    return int(number) if is_epoch and int(number) > 1 else None


async def _take_epoch(
    connection: asyncpg.Connection, told: Sequence[Numbered], source: str, *, is_held: bool
) -> Sequence[Numbered]:
    """Take what follows in one epoch, and return what comes too early."""
    epoch, name = told[0].epoch, told[0].event.source
    begun = await connection.fetch(BEGUN, source)
    newest = max((epoch_of(row["source"], source) or 0 for row in begun), default=0)
    if epoch < newest:
        return []
    if is_held and epoch > max(newest, 1):
        return told
    last: int = (await connection.fetch(LAST, [name]))[0]["last"]
    events, reached = _following(told, last)
    for event in events:
        await apply(connection, event)
    if events:
        await connection.execute(SET_LAST, name, reached)
    taken = [each.message for each in told if each.position <= reached]
    if taken:
        through = max(message.number for message in taken)
        await connection.execute(HEARD, taken[0].stream, through)
    return [each for each in told if each.position > reached]


def _following(told: Sequence[Numbered], last: int) -> tuple[list[Event[Published]], int]:
    by_position: Mapping[int, Numbered] = {each.position: each for each in told}
    events = []
    while (following := by_position.get(last + 1)) is not None:
        events.append(following.event)
        last += 1
    return events, last


def own_stream_is_readable(pool: asyncpg.Pool, stream: str) -> Check:
    """Return a check that tells of `own-stream-unreadable`."""

    async def own_stream() -> Sequence[Problem]:
        rows = await pool.fetch(COMING, stream)
        return [_unreadable(stream, row["number"], row["code"]) for row in rows]

    return own_stream


def _unreadable(stream: str, number: int, code: str) -> Problem:
    return Problem(
        code="own-stream-unreadable",
        message=f"事件流 {stream} 的第 {number} 条消息无法读取（{code}），其后的内容暂不接收，"
        "机构名录可能不是最新。请核对两个服务的版本；升级本服务后会自动继续接收。",
    )

"""Whether the record holds other facts of the cases of a log than the log tells."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice

import asyncpg

from contracts.registry import PUBLISHED
from contracts.streams import CITY
from deploy.administrator import administrator
from deploy.refusal import RefusedError
from deploy.tenancies import ELECTRONIC_SUPERVISION
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.hearing import docket_id

NOW = """
select clock_timestamp() from city_system where source = $1
"""
HEARD = "select exists (select from checkpoint where stream = $1 and heard_through >= $2)"
FACTS = """
select stream, data::json ->> 'id' as id from event where stream = any($1) and type = any($2)
"""
HEARING_SECONDS = 60.0
PAUSE_SECONDS = 0.1
AT_ONCE = 1000
SHOWN = 5


async def refuse_told_otherwise(
    url: str, source: str, cases: Iterable[tuple[str, frozenset[str]]]
) -> None:
    """Refuse to tell anything new of a case of which the record holds what is not told of it now.

    `cases` are numbers, with the ids of all that is told. More than was told before may be told of
    a case, such as its end. Raises RefusedError (`told-otherwise`, `intake-behind`).
    """
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {ELECTRONIC_SUPERVISION.name}")
        if await connection.fetchval("select to_regclass('city_system')") is None:
            return
        if (now := await connection.fetchval(NOW, source)) is None:
            return  # nobody ever spoke under it
        await _all_heard(connection, now)
        other = await _told_otherwise(connection, source, cases)
    finally:
        await connection.close()
    if other:
        named = "、".join(other[:SHOWN])
        all_ = named if len(other) <= SHOWN else f"{named} 等 {len(other):,} 件"
        raise RefusedError(
            "told-otherwise",
            f"办件 {all_} 已以 {source} 的名义报送过，内容或时间不同（如时移的周数）。",
            "再报会使同一件事记录两次，所以什么也没有报送；"
            "请改用原来的日志和选项，或在对照表中另写 source。",
        )


async def _all_heard(connection: asyncpg.Connection, now: datetime) -> None:
    """Wait until all that was said before `now` is on record. Raises RefusedError."""
    deadline = asyncio.get_running_loop().time() + HEARING_SECONDS
    while not await connection.fetchval(HEARD, CITY, now):
        if asyncio.get_running_loop().time() > deadline:
            raise RefusedError(
                "intake-behind",
                "平台还没有收完总线上的事件，无法核对哪些已经报送过。",
                "请用 xiaoneng status 查看待接收的数量，收完后重新执行。",
            )
        await asyncio.sleep(PAUSE_SECONDS)


async def _told_otherwise(
    connection: asyncpg.Connection, source: str, cases: Iterable[tuple[str, frozenset[str]]]
) -> list[str]:
    left, found = iter(cases), list[str]()
    while told := dict(islice(left, AT_ONCE)):
        known = await _on_record(connection, source, told)
        found += [each for each, ids in told.items() if known[each] - ids and ids - known[each]]
    return found


async def _on_record(
    connection: asyncpg.Connection, source: str, numbers: Iterable[str]
) -> Mapping[str, set[str]]:
    """Return the ids of all facts that the record holds of cases under a source, by number."""
    streams = {docket_id(CaseKey(source=source, number=each)): each for each in numbers}
    known: dict[str, set[str]] = {each: set() for each in streams.values()}
    for row in await connection.fetch(FACTS, list(streams), list(PUBLISHED)):
        known[streams[row["stream"]]].add(row["id"])
    return known

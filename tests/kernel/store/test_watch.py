"""A running service notes how far its record has come, so that a tail cut later is found."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import asyncpg

from deploy.local.postgres import Postgres
from kernel.database import open_pool
from kernel.store.chain import Break, verify
from kernel.store.events import NewEvent
from kernel.store.heads import noted
from kernel.store.store import append, read
from kernel.store.watch import note_heads
from tests.waiting import until

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def is_noted(folder: Path, position: int) -> bool:
    return position in [each.head.position for each in noted(folder, "hall")]


async def test_a_tail_cut_behind_the_back_of_a_service_is_found(
    server: Postgres, record: asyncpg.Connection, tmp_path: Path
) -> None:
    schema = await record.fetchval("select current_schema()")
    pool = await open_pool(server.url(), schema)
    watch = asyncio.create_task(note_heads(pool, tmp_path, "hall", lambda: NOW, every_seconds=0.01))
    for number in range(3):
        event = NewEvent(stream="umbrella", id=str(number), type="Lent", data="{}")
        await append(record, [event], NOW)
        await until(partial(is_noted, tmp_path, number + 1))
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    await pool.close()
    await record.execute("delete from event where position = 3")
    heads = [each.head for each in noted(tmp_path, "hall")]
    assert await verify(read(record), heads) == [Break(position=3, what="cut")]


async def test_a_folder_that_takes_no_note_stops_nothing_and_is_tried_again(
    server: Postgres, record: asyncpg.Connection, tmp_path: Path
) -> None:
    schema = await record.fetchval("select current_schema()")
    pool = await open_pool(server.url(), schema)
    folder = tmp_path / "heads"
    folder.write_text("in the way", encoding="ascii")
    await append(record, [NewEvent(stream="umbrella", id="1", type="Lent", data="{}")], NOW)
    watch = asyncio.create_task(note_heads(pool, folder, "hall", lambda: NOW, every_seconds=0.01))
    await asyncio.sleep(0.1)
    assert not watch.done(), "the process would have ended"
    folder.unlink()
    await until(partial(is_noted, folder, 1))
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    await pool.close()

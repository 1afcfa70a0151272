"""What an append costs, against its SQL function called bare and against a library for the same."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from statistics import median
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_OID, UUID, uuid5

import asyncpg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from bench.city import City, city
from bench.table import Figure, report
from kernel.store.events import NewEvent
from kernel.store.store import APPEND, append

WRITERS = 16
ROUNDS = 3
TRANSACTIONS = {1: 3_000, 10: 1_000, 200: 100}
"""How many there are in a round, by the events in each."""
BODY = f'{{"text":"{"效能" * 97}"}}'
"""600 bytes or so."""

Ids = Sequence[Sequence[UUID]]
"""The events of each transaction; each event is the first of a stream of its own."""


def _ids(run: str, size: int) -> Ids:
    return [
        [uuid5(NAMESPACE_OID, f"{run}/{size}/{number}/{index}") for index in range(size)]
        for number in range(TRANSACTIONS[size])
    ]


async def _ours(pool: asyncpg.Pool, ids: Ids, now: datetime) -> float:
    batches = [
        [
            NewEvent(stream=str(id_), id=str(id_), type="Measured", data=BODY, version=1)
            for id_ in each
        ]
        for each in ids
    ]

    async def write(connection: asyncpg.Connection, batch: Sequence[NewEvent]) -> None:
        await append(connection, batch, now)

    return await _rate(pool, batches, write)


async def _bare(pool: asyncpg.Pool, ids: Ids, now: datetime) -> float:
    batches = [_parameters([str(id_) for id_ in each], now) for each in ids]

    async def write(connection: asyncpg.Connection, parameters: Sequence[object]) -> None:
        await connection.fetch(APPEND, *parameters)

    return await _rate(pool, batches, write)


def _parameters(ids: Sequence[str], now: datetime) -> Sequence[object]:
    count = len(ids)
    types, bodies, about = ["Measured"] * count, [BODY] * count, ["{}"] * count
    said: list[object] = [[], [], [], []]
    return [ids, [1] * count, ids, types, bodies, about, now, *said, None, None, 1]


async def _rate(
    pool: asyncpg.Pool, batches: Sequence[Any], write: Callable[[Any, Any], Awaitable[None]]
) -> float:
    """Return how many transactions a second so many writers bring about."""
    left = iter(batches)

    async def writer() -> None:
        async with pool.acquire() as connection:
            for batch in left:
                await write(connection, batch)

    began = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(WRITERS)))
    return len(batches) / (time.perf_counter() - began)


def library(place: City) -> PostgresApplicationRecorder:
    """Return the recorder of `eventsourcing` with its own defaults, and a connection a writer."""
    url = urlsplit(place.server.url())
    store = PostgresDatastore(
        dbname=url.path.strip("/"),
        host=url.hostname or "",
        port=url.port or 0,
        user=url.username or "",
        password=url.password or "",
        pool_size=WRITERS,
    )
    recorder = PostgresApplicationRecorder(store, events_table_name="library_events")
    recorder.create_table()
    return recorder


def _peer(recorder: PostgresApplicationRecorder, ids: Ids) -> float:
    state = BODY.encode()
    batches = [
        [
            StoredEvent(originator_id=id_, originator_version=1, topic="Measured", state=state)
            for id_ in each
        ]
        for each in ids
    ]
    began = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(recorder.insert_events, batches))
    return len(batches) / (time.perf_counter() - began)


async def measure(now: datetime) -> None:
    """Measure all paths in turn, so that a slow moment of the machine meets them alike."""
    rates: dict[tuple[int, str], list[float]] = {}
    async with city() as place:
        pool = await place.pool(WRITERS)
        recorder = library(place)
        for number in range(ROUNDS):
            for size in TRANSACTIONS:
                ours = await _ours(pool, _ids(f"ours-{number}", size), now)
                bare = await _bare(pool, _ids(f"bare-{number}", size), now)
                peer = await asyncio.to_thread(_peer, recorder, _ids(f"peer-{number}", size))
                told = {"ours": ours, "bare": bare, "peer": peer}
                for path, rate in told.items():
                    rates.setdefault((size, path), []).append(rate * size)
        recorder.datastore.close()
        await pool.close()
    report("append", f"append: {WRITERS} writers, events of 600 bytes", _figures(rates))


def _figures(rates: dict[tuple[int, str], list[float]]) -> list[Figure]:
    names = {
        "ours": "kernel.store.append",
        "bare": "append() called bare through asyncpg",
        "peer": "eventsourcing, PostgresApplicationRecorder",
    }
    return [
        Figure(
            path=names[path],
            value=median(each),
            unit=f"events/s at {size} a transaction",
            is_ours=path == "ours",
        )
        for (size, path), each in rates.items()
    ]

"""What a connector takes for a dropped file: told for the first time, and said again unchanged."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from prometheus_client import CollectorRegistry

from bench.audit import MAP, write_log
from bench.city import city
from bench.table import Figure, report
from kernel.bell import Bell
from kernel.database import borrowed, instant
from kernel.lease import acquire
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.connect import runs
from services.electronic_supervision.connect.config_file import load_connectors
from services.electronic_supervision.connect.connector import Connector, Folder
from services.electronic_supervision.connect.desk import ConnectDesk
from services.electronic_supervision.connect.folder import Watch
from services.electronic_supervision.connect.metrics import ConnectMetrics
from services.electronic_supervision.connect.read_files import read_files
from services.electronic_supervision.connect.run import Turn
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors.systems import CitySystem, admit
from services.electronic_supervision.house import ZONE
from services.electronic_supervision.log.open import open_log
from services.electronic_supervision.log.record import record_reader

ROWS = 150_000
BENCH = CitySystem(name="bench", source="/bench")
CONNECTORS = """\
connectors:
- {name: bench, source: /bench, map: map.yaml, folder: {path: .}}
"""
LEASE = timedelta(hours=1)


async def measure(_: datetime, rows: int = ROWS) -> None:
    """Measure, and report."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_log(folder / "1.csv", rows)
        (folder / "map.yaml").write_text(MAP, encoding="utf-8")
        (folder / "connectors.yaml").write_text(CONNECTORS, encoding="utf-8")
        (connector,) = load_connectors(folder / "connectors.yaml")
        alone = _alone(folder / "1.csv", connector)
        async with _turn(connector) as turn:
            first = await _look(turn)
            text = (folder / "1.csv").read_text(encoding="utf-8")
            (folder / "2.csv").write_text(text.replace("channel", "way", 1), encoding="utf-8")
            again = await _look(turn)
    note = "no events: the rows say nothing new"
    figures = [
        Figure(path="connector: the first time", value=rows / first, unit="rows/s", is_ours=True),
        Figure(path="connector: unchanged", value=rows / again, unit="rows/s", note=note),
        Figure(path="read and understand the file alone", value=rows / alone, unit="rows/s"),
    ]
    report("connect", f"connect: {rows:,} rows, a case each, of two events", figures)


def _alone(log: Path, connector: Connector) -> float:
    began = time.perf_counter()
    read = record_reader(connector.log_map)
    for entry in open_log(log, connector.log_map).entries:
        read(entry)
    return time.perf_counter() - began


@asynccontextmanager
async def _turn(connector: Connector) -> AsyncIterator[Turn]:
    async with city() as place:
        administrator = await place.administrator()
        await admit(administrator, BENCH)
        pool = await place.pool(4)
        try:
            yield await _of(pool, connector)
        finally:
            await pool.close()
            await administrator.close()


async def _of(pool: asyncpg.Pool, connector: Connector) -> Turn:
    desk = ConnectDesk(
        pool=pool,
        facts=Bell(pool, "facts"),
        now=instant,
        office=Office(calendar=published_calendar(), zone=ZONE),
        holder="bench",
        metrics=ConnectMetrics(CollectorRegistry()),
        environment={},
    )
    async with borrowed(pool) as connection:
        await runs.configure(connection, [connector])
        lease = await acquire(connection, "connect-bench", "bench", LEASE)
    if lease is None:
        raise RuntimeError("the lease of a new database is free")
    return Turn(desk=desk, connector=connector, system=BENCH, lease=lease)


async def _look(turn: Turn) -> float:
    if not isinstance(turn.connector.place, Folder):
        raise TypeError(turn.connector.where)
    watch = Watch(place=turn.connector.place)
    await read_files(turn, watch, 0)
    began = time.perf_counter()
    trouble, _ = await read_files(turn, watch, 10)
    if trouble.code:
        raise RuntimeError(trouble.message)
    return time.perf_counter() - began

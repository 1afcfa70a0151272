"""A connector in the hands of a test: drop files, let it look, see what is on record."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from prometheus_client import CollectorRegistry

from contracts.registry import PUBLISHED
from kernel.bell import Bell
from kernel.lease import Lease, acquire
from kernel.store.store import read
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.connect import runs
from services.electronic_supervision.connect.config_file import load_connectors
from services.electronic_supervision.connect.connector import Connector, Folder
from services.electronic_supervision.connect.desk import ConnectDesk
from services.electronic_supervision.connect.folder import Watch
from services.electronic_supervision.connect.metrics import ConnectMetrics
from services.electronic_supervision.connect.read_files import read_files
from services.electronic_supervision.connect.read_view import read_view
from services.electronic_supervision.connect.run import Turn
from services.electronic_supervision.connect.runs import Trouble
from services.electronic_supervision.domain.case import Case, fold
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors.systems import CitySystem
from services.electronic_supervision.hearing import docket_id, fact_of
from services.electronic_supervision.record import CaseRecord, records
from tests.electronic_supervision.live.said import WUHU, local

PERMITS = CitySystem(name="permits", source="/wuhu/permits", title="许可系统")
NOW = local("2026-11-23 12:00")
OFFICE = Office(calendar=published_calendar(), zone=WUHU)

BY_CASE = """\
source: /wuhu/permits
case:
  id: 编号
  unit: 单位
  item: 事项
  accepted_at: 受理
  due_at: 到期
  finished_at: 办结
"""
BY_STEP = BY_CASE + "event: {name: 环节, at: 时间, unit: 科室}\n"
HEADER = "编号,单位,事项,受理,到期,办结"
STEP_HEADER = f"{HEADER},环节,时间,科室"
A = "A1,住建局,施工许可,2026-11-02 09:00,2026-11-20,"
B = "B2,城管局,占道许可,2026-11-03 10:00,2026-11-24,2026-11-10 16:00"

FOLDER = {"folder": {"path": "drops", "pattern": "*", "every": "10s"}}


@dataclass
class Site:
    pool: asyncpg.Pool
    connection: asyncpg.Connection
    folder: Path
    url: str
    schema: str
    now: datetime = NOW
    ticks: float = 0.0
    environment: dict[str, str] = field(default_factory=dict)
    holder: str = "test"
    system: CitySystem = PERMITS
    connector: Connector = field(init=False)
    desk: ConnectDesk = field(init=False)
    watch: Watch | None = None

    async def connect(
        self, log_map: str = BY_CASE, place: Mapping[str, object] = FOLDER, name: str = "permits"
    ) -> None:
        """Configure the connector, as if the process had just begun."""
        self.drops.mkdir(exist_ok=True)
        source = self.system.source
        named = log_map.replace(PERMITS.source, source)
        (self.folder / "map.yaml").write_text(named, encoding="utf-8")
        entry = {"name": name, "source": source, "map": "map.yaml", **place}
        file = self.folder / "connectors.yaml"
        file.write_text(json.dumps({"connectors": [entry]}), encoding="utf-8")
        (self.connector,) = load_connectors(file)
        self.desk = ConnectDesk(
            pool=self.pool,
            facts=Bell(self.pool, "facts"),
            now=self._now,
            office=OFFICE,
            holder=self.holder,
            metrics=ConnectMetrics(CollectorRegistry()),
            environment=self.environment,
        )
        await runs.configure(self.connection, [self.connector])
        place_ = self.connector.place
        self.watch = Watch(place=place_) if isinstance(place_, Folder) else None

    async def _now(self, _: asyncpg.Connection) -> datetime:
        return self.now

    @property
    def drops(self) -> Path:
        return self.folder / "drops"

    def drop(self, *rows: str, name: str = "办件.csv", header: str = HEADER) -> Path:
        path = self.drops / name
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return path

    async def look(self) -> Trouble:
        """Look as often as it takes for files to be at rest."""
        lease = await self.lease()
        turn = Turn(desk=self.desk, connector=self.connector, system=self.system, lease=lease)
        if self.watch is None:
            return await read_view(turn)
        await read_files(turn, self.watch, self.ticks)
        self.ticks += 10
        trouble, _ = await read_files(turn, self.watch, self.ticks)
        return trouble

    async def lease(self) -> Lease:
        lease = await acquire(self.connection, "connect-permits", self.holder)
        assert lease is not None
        return lease

    async def looks(self, *rows: str, name: str = "办件.csv", header: str = HEADER) -> None:
        """Look at a file of these rows."""
        self.drop(*rows, name=name, header=header)
        await self.look()

    async def runs(self) -> list[dict[str, Any]]:
        rows = await self.connection.fetch("select * from connector_run order by number")
        return [dict(row) for row in rows]

    async def last(self) -> dict[str, Any]:
        return (await self.runs())[-1]

    async def records(self) -> dict[str, CaseRecord]:
        return records([event async for event in read(self.connection)])

    async def told(self) -> list[tuple[str, str, str]]:
        """Return all facts: case, kind, local time; in the order in which they were recorded."""
        found = [
            each
            for record in (await self.records()).values()
            for each in record.told
            if each.event.type in PUBLISHED
        ]
        return [
            (
                each.event.subject or "",
                each.event.type.split(".")[2],
                f"{each.event.time.astimezone(WUHU):%m-%d %H:%M}",
            )
            for each in sorted(found, key=lambda one: one.position)
        ]

    async def case(self, number: str) -> Case:
        """Return a case as it stands."""
        stream = docket_id(CaseKey(source=PERMITS.source, number=number))
        record = (await self.records()).get(stream, CaseRecord())
        facts = [fact_of(each.event, each.recorded_at, OFFICE) for each in record.told]
        return fold([each for each in facts if each], unread=bool(record.unread))

    async def held(self) -> Sequence[Mapping[str, Any]]:
        rows = await self.connection.fetch(
            "select * from quarantine where settled is null order by id"
        )
        return [dict(row) for row in rows]

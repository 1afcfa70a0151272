"""A connector at work: it holds its lease, looks every so often, and waits longer when it fails."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from kernel.bus import heed
from kernel.database import borrowed, is_transient
from kernel.lease import TTL, Lease, LeaseLostError, acquire, release
from services.electronic_supervision.connect import runs
from services.electronic_supervision.connect.connector import Connector, Folder
from services.electronic_supervision.connect.desk import ConnectDesk
from services.electronic_supervision.connect.folder import Watch
from services.electronic_supervision.connect.read_files import read_files
from services.electronic_supervision.connect.read_view import read_view
from services.electronic_supervision.connect.run import Turn
from services.electronic_supervision.connect.runs import Trouble
from services.electronic_supervision.doors.partners import is_revoked
from services.electronic_supervision.doors.systems import systems
from services.electronic_supervision.log.refusal import visible

LOG = logging.getLogger(__name__)

PROLONG_SECONDS = TTL.total_seconds() / 4
AGAIN_SECONDS = 1.0
FAILED_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=10)
"""How long a connector that fails again and again waits at most, or as long as it always does."""


@dataclass(slots=True, kw_only=True)
class Worker:
    """One connector in one process; another process may have its lease."""

    desk: ConnectDesk
    connector: Connector

    async def run(self) -> None:
        """Look for ever; whatever fails is told and tried again, and stops nobody else."""
        about = {"connector": self.connector.name}
        while True:
            wait = AGAIN_SECONDS
            try:
                await self._hold()
            except LeaseLostError:
                LOG.warning("lease lost", extra=about)
            except Exception as error:
                LOG.warning("connector failed", extra=about, exc_info=error)
                wait = AGAIN_SECONDS if is_transient(error) else await self._failed(error)
            heed()  # a lease that could not be given back hides that we were told to stop
            await asyncio.sleep(wait)

    async def _hold(self) -> None:
        """Work for as long as the lease is ours."""
        pool = self.desk.pool
        async with borrowed(pool) as connection:
            lease = await acquire(connection, f"connect-{self.connector.source}", self.desk.holder)
        if lease is None:
            return
        prolong = asyncio.create_task(self._prolong(lease))
        try:
            await self._work(lease, prolong)
        finally:
            prolong.cancel()
            async with borrowed(pool) as connection:
                await release(connection, lease)

    async def _prolong(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(PROLONG_SECONDS)
            async with borrowed(self.desk.pool) as connection:
                if await acquire(connection, lease.name, self.desk.holder) != lease:
                    raise LeaseLostError(lease.name)

    async def _work(self, lease: Lease, prolong: "asyncio.Task[None]") -> None:
        place = self.connector.place
        watch = Watch(place=place) if isinstance(place, Folder) else None
        while not prolong.done():
            wait = await self.look(lease, watch)
            await asyncio.wait({prolong}, timeout=wait.total_seconds())
        prolong.result()

    async def look(self, lease: Lease, watch: Watch | None) -> timedelta:
        """Look once, note how it went, and return how long to wait."""
        async with borrowed(self.desk.pool) as connection:
            began = await self.desk.now(connection)
        turn = await self._turn(lease)
        if isinstance(turn, Trouble):
            return await self.note(turn, self.connector.place.every)
        if watch is None:
            return await self.note(await read_view(turn), self.connector.place.every, began)
        trouble, wait = await read_files(turn, watch, asyncio.get_running_loop().time())
        trouble = trouble if trouble.code else await self._unread()
        return await self.note(trouble, wait, None if watch.is_waiting else began)

    async def _unread(self) -> Trouble:
        """Tell of the last file if it could not be read: what it says is not known."""
        async with borrowed(self.desk.pool) as connection:
            name = await runs.unread_file(connection, self.connector.name)
        if not name:
            return Trouble()
        message = f"{name} 未能读入（原因见读取记录）。请改正后重新放入；读入之前其内容仍属未知。"
        return Trouble(code="file-unread", message=visible(message))

    async def _turn(self, lease: Lease) -> Turn | Trouble:
        async with borrowed(self.desk.pool) as connection:
            known = await systems(connection)
            source = self.connector.source
            system = next((each for each in known.values() if each.source == source), None)
            is_silenced = system is not None and await is_revoked(connection, system.name)
        if system is None:
            add = f"xiaoneng partner add NAME --publish city.NAME --source {source}"
            message = f"来源 {source} 尚未接入，请先执行 {add}。"
            return Trouble(code="source-unknown", message=message)
        if is_silenced:
            message = f"来源 {source} 已停止接入，不再代为报送；恢复请执行 xiaoneng partner add。"
            return Trouble(code="source-revoked", message=message)
        return Turn(desk=self.desk, connector=self.connector, system=system, lease=lease)

    async def note(
        self, trouble: Trouble, wait: timedelta, began: datetime | None = None
    ) -> timedelta:
        """Note how a look went, and return how long to wait: longer, the oftener it failed.

        `began` is when a look began that was whole.
        """
        name, through = self.connector.name, None if trouble.code else began
        if trouble.code:
            about = {"connector": name, "code": trouble.code}
            LOG.warning("look failed: nothing more of its source is judged", extra=about)
        async with borrowed(self.desk.pool) as connection:
            now = await self.desk.now(connection)
            failures = await runs.looked(connection, name, now, wait, trouble, through)
            # to look at a folder costs nothing, and one bad file must not delay others
            if failures > 1 and not isinstance(self.connector.place, Folder):
                wait = max(wait, min(wait * 2 ** min(failures - 1, 10), LONGEST_WAIT))
                await connection.execute(runs.NEXT, name, now + wait)
        self.desk.metrics.looked(name, now, trouble.code)
        return wait

    async def _failed(self, error: Exception) -> float:
        """Tell of an error of ours on the page, and return how many seconds to wait."""
        message = f"本平台的程序出错（{type(error).__name__}），原因见运行日志；将自动重试。"
        trouble = Trouble(code="connector-error", message=message)
        try:
            return (await self.note(trouble, FAILED_WAIT)).total_seconds()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return AGAIN_SECONDS

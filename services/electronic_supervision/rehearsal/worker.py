"""Carries out the rehearsals that were asked for, one by one, in processes of their own."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from kernel.bus import heed
from kernel.database import borrowed, is_transient
from kernel.lease import Lease, LeaseLostError, acquire, release
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.log.refusal import BadInputError
from services.electronic_supervision.rehearsal import keep
from services.electronic_supervision.rehearsal.lane import Place
from services.electronic_supervision.rehearsal.notes import notes_on
from services.electronic_supervision.rehearsal.sweep import sweep
from services.electronic_supervision.rehearsal.trials import ask_for_trials, night_of
from services.electronic_supervision.rules.mistake import BadRuleError

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
PROLONG_SECONDS = 1.0

BROKEN = "预演的计算进程意外结束（多半是内存不足），请重新预演。"
OUR_FAULT = "预演时程序出错，已记入日志，请联系运维人员。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """`holder` names this process; `place` is where its own processes find the record."""

    pool: asyncpg.Pool
    place: Place
    holder: str
    clock: Callable[[], datetime]
    lanes: int | None = None

    async def run(self) -> None:
        """Work for ever; while another process holds the lease, try again."""
        seen: date | None = None
        while True:
            try:
                seen = await self._ask_at_night(seen)
                await self._hold()
            except LeaseLostError:
                LOG.warning("lease lost", extra={"lease": keep.LEASE})
            except Exception as error:
                if not is_transient(error):
                    raise
                LOG.warning("database away", exc_info=error)
            heed()  # a lease that could not be given back hides that we were told to stop
            await asyncio.sleep(LOOK_SECONDS)

    async def _ask_at_night(self, seen: date | None) -> date | None:
        """Have the trials told once a night; `seen` is the night that was looked at before."""
        now = self.clock()
        night = night_of(now)
        if night is None or night == seen:
            return seen
        async with borrowed(self.pool) as connection:
            await ask_for_trials(connection, night, now)
        return night

    async def _hold(self) -> None:
        """Carry out one rehearsal, if there is one and no other process is at it."""
        async with borrowed(self.pool) as connection:
            if not await keep.is_wanted(connection):
                return
            lease = await acquire(connection, keep.LEASE, self.holder)
            if lease is None:
                return
            told = await keep.take(connection, lease)
            if told is None:
                await release(connection, lease)
                return
        prolong = asyncio.create_task(self._prolong(lease))
        work = asyncio.create_task(self._rehearse(lease, told))
        try:
            await asyncio.wait({prolong, work}, return_when=asyncio.FIRST_COMPLETED)
            if prolong.done():
                prolong.result()
            await work
        finally:
            for task in (prolong, work):
                task.cancel()
            await asyncio.gather(prolong, work, return_exceptions=True)
        async with borrowed(self.pool) as connection:
            await release(connection, lease)

    async def _prolong(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(PROLONG_SECONDS)
            async with borrowed(self.pool) as connection:
                if await acquire(connection, lease.name, self.holder) != lease:
                    raise LeaseLostError(lease.name)

    async def _rehearse(self, lease: Lease, told: keep.Rehearsal) -> None:
        async def heard(read: int, all_: int) -> None:
            async with borrowed(self.pool) as connection:
                await keep.progress(connection, told.id, read, all_)

        try:
            tally = await sweep(self.place, told.proposal, told.as_of, lanes=self.lanes, told=heard)
            result = tally.result(notes_on(told.proposal, tally))
        except Exception as error:
            if is_transient(error) and not isinstance(error, BrokenProcessPool):
                raise
            LOG.exception("not rehearsed", extra={"rehearsal": told.id}, exc_info=error)
            async with borrowed(self.pool) as connection:
                await keep.failed(connection, lease, told, why(error), self.clock())
            return
        async with borrowed(self.pool) as connection:
            await keep.done(connection, lease, told, result, self.clock())


def why(error: Exception) -> str:
    """Tell in Chinese why nothing came of a rehearsal."""
    match error:
        case BadRuleError(mistakes=mistakes):
            return "；".join(f"第 {each.line} 行：{each.message}{each.fix}" for each in mistakes)
        case BadInputError(message=message):
            return message
        case Refused(code=code):
            return f"不能预演：{code}。"
        case BrokenProcessPool():
            return BROKEN
        case _:
            return OUR_FAULT

"""Everybody who reports at the same moment shares one transaction, and so one wait for the disk."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from kernel.database import is_transient
from kernel.intake.heard import Heard
from kernel.intake.seen import note
from services.electronic_supervision.doors.entry import Outcome, number, record
from services.electronic_supervision.reading.desk import Desk

MOST_EVENTS = 1000


@dataclass(frozen=True, slots=True)
class Caller:
    """Events that came in one request, and who waits for what becomes of them."""

    heard: Sequence[Heard]
    told: "asyncio.Future[list[Outcome]]"


class Entrance:
    """Takes events in, one transaction after the other; who comes meanwhile shares the next one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: deque[Caller] = deque()
        self._work: asyncio.Task[None] | None = None

    async def enter(self, heard: Sequence[Heard]) -> list[Outcome]:
        """Return what became of events once they are committed. Raises what the database raises."""
        told: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._waiting.append(Caller(heard, told))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._let_in())
        return await told

    async def _let_in(self) -> None:
        while self._waiting:
            callers = [self._waiting.popleft()]
            size = len(callers[0].heard)
            while self._waiting and size + len(self._waiting[0].heard) <= MOST_EVENTS:
                callers.append(self._waiting.popleft())
                size += len(callers[-1].heard)
            await self._together(callers)

    async def _together(self, callers: Sequence[Caller]) -> None:
        """Answer all callers; if they can't be taken together, each bears his own failure."""
        heard = [each for caller in callers for each in caller.heard]
        (took,) = await asyncio.gather(self._take(heard), return_exceptions=True)
        if not isinstance(took, BaseException):
            outcomes = iter(took)
            for caller in callers:
                _tell(caller, [next(outcomes) for _ in caller.heard])
            self._desk.facts.ring()
        elif len(callers) == 1 or (isinstance(took, Exception) and is_transient(took)):
            for caller in callers:
                _tell(caller, took)
        else:
            for caller in callers:
                await self._together([caller])

    async def _take(self, heard: Sequence[Heard]) -> list[Outcome]:
        async with self._desk.writing() as connection:
            novelties = await note(connection, heard)
            told = list(zip(heard, novelties, strict=True))
            now = await self._desk.now(connection)
            await number(connection, heard, now)
            return await record(connection, told, now=now, door="http")


def _tell(caller: Caller, answer: list[Outcome] | BaseException) -> None:
    if caller.told.done():  # he hung up
        return
    if isinstance(answer, BaseException):
        caller.told.set_exception(answer)
    else:
        caller.told.set_result(answer)

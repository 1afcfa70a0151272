"""One look at a watched folder: what is at rest there is read, file by file."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

import asyncpg

from kernel.database import borrowed
from services.electronic_supervision.connect import runs
from services.electronic_supervision.connect.connector import Folder
from services.electronic_supervision.connect.folder import STILL_SECONDS, Drop, Watch
from services.electronic_supervision.connect.run import Turn, run
from services.electronic_supervision.connect.runs import File, Trouble
from services.electronic_supervision.connect.snapshot import (
    FileBusyError,
    Snapshot,
    move_to_done,
    snapshot,
)
from services.electronic_supervision.log.entry import Entry
from services.electronic_supervision.log.open import open_log
from services.electronic_supervision.log.refusal import BadLogError

LOG = logging.getLogger(__name__)

UNREADABLE = "log-unreadable"
"""What may be mended without a change of the file, unlike all else that is wrong with one."""


async def read_files(turn: Turn, watch: Watch, ticks: float) -> tuple[Trouble, timedelta]:
    """Read the files at rest; return what is wrong with the folder, and when to look again.

    A file that can't be read is told of by its run, and keeps no other from being read. `ticks` is
    a monotonic clock, in seconds. Raises as `run`.
    """
    place = watch.place
    try:
        drops = await asyncio.to_thread(watch.ready, ticks)
    except OSError as error:
        message = f"无法查看目录 {place.path}：{error.strerror}。请核对路径和读取权限。"
        return Trouble(code="folder-unreadable", message=message), place.every
    trouble = Trouble()
    for drop in drops:
        found = await _file(turn, watch, drop)
        trouble = found if found.code else trouble
    soon = timedelta(seconds=STILL_SECONDS)
    is_soon = watch.is_waiting and not trouble.code
    return trouble, min(place.every, soon) if is_soon else place.every


async def _file(turn: Turn, watch: Watch, drop: Drop) -> Trouble:
    """Read a file unless it, or its like just before, was read; it is not looked at again as is."""
    with ExitStack() as stack:
        taking = snapshot(watch.place.path, drop.name, drop.look)
        try:
            copy = await asyncio.to_thread(stack.enter_context, taking)
        except FileBusyError:
            watch.seen.pop(drop.name, None)
            watch.is_busy = True
            return Trouble()
        except OSError as error:
            return Trouble(code=UNREADABLE, message=f"{drop.name}：不能复制：{error.strerror}。")
        except BadLogError as error:
            if error.code == UNREADABLE:
                return Trouble(code=UNREADABLE, message=f"{drop.name}：{error.message}")
            watch.done[drop.name] = drop.look
            await run(turn, drop.name, partial(_failing, error), _nothing)
            await _give_up(turn, _file_of(turn, drop, repr(drop).encode()), error.code)
            return Trouble()
        file = _file_of(turn, drop, copy.digest)
        if not await _was_read(turn, file):
            trouble = await _read(turn, copy, file)
            if trouble.code == UNREADABLE:
                return replace(trouble, message=f"{drop.name}：{trouble.message}")
    watch.done[drop.name] = drop.look
    return await _moved(watch.place, drop) if watch.place.moves else Trouble()


def _file_of(turn: Turn, drop: Drop, said: bytes) -> File:
    digest = sha256(said + turn.connector.fingerprint).digest()
    return File(name=drop.name, digest=digest, changed_at=drop.look.changed_at)


async def _was_read(turn: Turn, file: File) -> bool:
    async with borrowed(turn.desk.pool) as connection:
        return await runs.was_read(connection, turn.connector.name, file)


async def _give_up(turn: Turn, file: File, code: str) -> None:
    async with borrowed(turn.desk.pool) as connection:
        now = await turn.desk.now(connection)
        await runs.note_read(connection, turn.connector.name, file, now, code)


async def _read(turn: Turn, copy: Snapshot, file: File) -> Trouble:
    @contextmanager
    def entries() -> Iterator[Iterable[Entry]]:
        yield open_log(copy.path, turn.connector.log_map).entries

    async def conclude(connection: asyncpg.Connection, now: datetime) -> None:
        await runs.note_read(connection, turn.connector.name, file, now)

    trouble = await run(turn, file.name, entries, conclude)
    if trouble.code and trouble.code != UNREADABLE:
        await _give_up(turn, file, trouble.code)
    return trouble


async def _moved(place: Folder, drop: Drop) -> Trouble:
    try:
        await asyncio.to_thread(move_to_done, place.path, drop.name, drop.look)
    except OSError as error:
        message = f"已读完 {drop.name}，但无法移入 done 目录：{error.strerror}。请检查写入权限。"
        return Trouble(code="folder-unwritable", message=message)
    return Trouble()


@contextmanager
def _failing(error: BadLogError) -> Iterator[Iterable[Entry]]:
    raise error
    yield ()


async def _nothing(connection: asyncpg.Connection, now: datetime) -> None:
    """There is nothing to conclude from what was not read."""

"""The simulated city lives: its units are registered, its systems report, until it is stopped."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from deploy.demo.life import life
from deploy.demo.mark import Mark, load, save
from deploy.demo.published import published
from deploy.demo.register import grant, register
from deploy.demo.said import Said
from deploy.demo.voice import Voice
from deploy.demo.world import ZONE
from deploy.provision.users import user_of_system
from kernel.bus import heed

LOG = logging.getLogger(__name__)

SEED = 340200
AT_ONCE = 50_000
"""Events between two marks, while there is a backlog."""
A_BACKLOG = 100
"""From so many events on, a log tells of it."""
LONGEST_SLEEP = 0.5
"""Seconds; the clock may be set meanwhile."""


async def live(
    *,
    folder: Path,
    console: str,
    operator_token: str,
    nats_urls: Mapping[str, str],
    clock: Callable[[], datetime],
) -> None:
    """Tell the history, then go on at the pace of the clock until cancelled.

    `nats_urls` are by the names of the systems (`city.SYSTEMS`). What the city is and how far it
    was told is kept in `folder`: a later call goes on from there, and what fell between is a
    backlog. Waits for a bus or a door that is away; what is not acknowledged is told again. Raises
    RefusedError, NotRegisteredError.
    """
    mark = load(folder)
    if mark is None:
        mark = Mark(seed=SEED, began=clock())
        save(folder, mark)
    async with asyncio.TaskGroup() as group:
        group.create_task(register(console, operator_token))
        group.create_task(grant(console, operator_token, published(_day(mark.began))))
        group.create_task(_report(mark, folder, nats_urls, clock))


def _day(began: datetime) -> date:
    return began.astimezone(ZONE).date()


class Teller:
    """Takes the events of a life one after another, as their instants come."""

    def __init__(self, mark: Mark) -> None:
        self._events: Iterator[Said] = life(mark.seed, mark.began, after=mark.told_through)
        self._next = next(self._events)

    def due(self, now: datetime) -> Sequence[Said]:
        """Return what is to be told by now, in order of time; some of it if it is too much."""
        found: list[Said] = []
        # all of one instant together: the mark says that nothing of it is left
        while self._next.told_at <= now and (
            len(found) < AT_ONCE or self._next.told_at == found[-1].told_at
        ):
            found.append(self._next)
            self._next = next(self._events)
        return found

    def wait(self, now: datetime) -> float:
        """Return for how many seconds nothing is due."""
        return (self._next.told_at - now).total_seconds()


def case_by_case(said: Sequence[Said]) -> Sequence[Said]:
    """Bring what is told of a case together, each case in its order; unfinished ones come first.

    By the time of day, a backlog would tell of an acceptance of last week long before it tells of
    the decision that followed: meanwhile everybody would seem to be late.
    """
    cases: dict[tuple[str, str], list[Said]] = {}
    for each in said:
        cases.setdefault((each.system, each.case), []).append(each)
    by_length = sorted(cases.values(), key=lambda own: own[-1].is_end)
    return [each for own in by_length for each in own]


async def _report(
    mark: Mark, folder: Path, urls: Mapping[str, str], clock: Callable[[], datetime]
) -> None:
    voices = {name: Voice(url, user_of_system(name)) for name, url in urls.items()}
    try:
        # in a thread: whoever lives in the same process goes on answering
        teller = await asyncio.to_thread(Teller, mark)
        while True:
            heed()
            said = await asyncio.to_thread(teller.due, clock())
            if not said:
                await asyncio.sleep(min(max(teller.wait(clock()), 0.0), LONGEST_SLEEP))
                continue
            await _say(case_by_case(said), voices)
            mark = replace(mark, told_through=said[-1].told_at)
            await asyncio.to_thread(save, folder, mark)
            level = logging.INFO if len(said) > A_BACKLOG else logging.DEBUG
            LOG.log(level, "told", extra={"events": len(said), "through": str(mark.told_through)})
    finally:
        for voice in voices.values():
            await voice.close()


async def _say(said: Sequence[Said], voices: Mapping[str, Voice]) -> None:
    """Let the systems speak at the same time, each in its order."""
    by_system: dict[str, list[Said]] = defaultdict(list)
    for each in said:
        by_system[each.system].append(each)
    async with asyncio.TaskGroup() as group:
        for name, own in by_system.items():
            group.create_task(voices[name].say(own))

"""The simulated city on real servers: it is heard whole and once, whatever fails meanwhile."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import asyncpg
import nats
import pytest
from nats.js.api import AckPolicy, ConsumerConfig

from contracts.streams import CITY
from deploy.demo.life import life
from deploy.demo.live import SEED, case_by_case, live
from deploy.demo.mark import Mark, is_demo, load, save
from deploy.demo.register import NotRegisteredError, register
from deploy.demo.said import Said
from deploy.demo.units import UNITS
from deploy.provision.users import ADMINISTRATOR
from deploy.refusal import RefusedError
from deploy.tenancies import ELECTRONIC_SUPERVISION, EVALUATION
from tests.deploy.demo.conftest import MONDAY
from tests.deploy.demo.town import Town
from tests.system.stack import OPERATOR
from tests.waiting import until

NOBODY = "http://127.0.0.1:9"
MINUTE = timedelta(minutes=1)
LIFTED = "select count(*) from event where type = 'JudgementSuperseded'"


@asynccontextmanager
async def living(
    town: Town, clock: Callable[[], datetime], console: str = NOBODY
) -> AsyncIterator["asyncio.Task[None]"]:
    """Let the city live for the length of the block."""
    work = asyncio.create_task(
        live(
            folder=town.folder,
            console=console,
            operator_token=OPERATOR,
            nats_urls=town.nats_urls,
            clock=clock,
        )
    )
    try:
        yield work
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def said_on(town: Town) -> Counter[tuple[str, bytes]]:
    """Return all that is on the bus, by subject and body."""
    inbox = f"_INBOX_{ADMINISTRATOR}"
    client = await nats.connect(town.bus_url(ADMINISTRATOR), inbox_prefix=inbox)
    bus = client.jetstream()
    told = (await bus.stream_info(CITY)).state.messages
    reader = ConsumerConfig(name="reader", ack_policy=AckPolicy.NONE, mem_storage=True)
    await bus.add_consumer(CITY, reader)
    subscription = await bus.pull_subscribe_bind("reader", CITY)
    found: Counter[tuple[str, bytes]] = Counter()
    while found.total() < told:
        found.update((each.subject, each.data) for each in await subscription.fetch(1000))
    await client.close()
    return found


async def messages(town: Town) -> int:
    inbox = f"_INBOX_{ADMINISTRATOR}"
    client = await nats.connect(town.bus_url(ADMINISTRATOR), inbox_prefix=inbox)
    info = await client.jetstream().stream_info(CITY)
    await client.close()
    return info.state.messages


def through(folder: Path) -> datetime:
    mark = load(folder)
    assert mark is not None
    assert mark.told_through is not None
    return mark.told_through


async def test_nothing_is_lost_or_doubled_when_the_bus_fails_and_the_city_starts_again(
    town: Town,
) -> None:
    now, since = MONDAY, MONDAY - timedelta(days=7)
    save(town.folder, Mark(seed=SEED, began=MONDAY, told_through=since))

    async def is_told() -> bool:
        return through(town.folder) > now - MINUTE

    async def has_begun() -> bool:
        return await messages(town) > 500

    async with living(town, lambda: now):
        await until(has_begun)
        town.stop_bus()
        assert through(town.folder) == since, "all was told before the bus was stopped"
        town.start_bus()
        await until(is_told)
    # as after a crash between the last acknowledgement and its mark
    save(town.folder, Mark(seed=SEED, began=MONDAY, told_through=MONDAY - 20 * MINUTE))
    now += 15 * MINUTE
    async with living(town, lambda: now):
        await until(is_told)
    expected = life(SEED, MONDAY, now + timedelta(microseconds=1), after=since)
    assert await said_on(town) == Counter((each.subject, each.body) for each in expected)


async def test_within_a_minute_every_colour_stands_and_every_unit_has_its_name(
    town: Town,
) -> None:
    supervision, evaluation = town.start(ELECTRONIC_SUPERVISION), town.start(EVALUATION)
    await supervision.listening()
    await evaluation.listening()
    console = f"http://127.0.0.1:{evaluation.port}"

    async def has_all() -> bool:
        async with supervision.client() as office, evaluation.client() as register:
            units = (await register.get("/units", params={"limit": 200})).json()["items"]
            levels = [
                (await office.get("/judgements", params={"level": level})).json()["items"]
                for level in ("reminder", "yellow", "red", "yellow-lead")
            ]
            return all(levels) and len(units) == len(UNITS)

    connection = await asyncpg.connect(town.postgres.url())
    now: datetime = await connection.fetchval("select clock_timestamp()")
    await connection.close()
    started = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    async with asyncio.timeout(60), living(town, clock, console):
        await until(has_all)
        async with supervision.client() as office:
            page = (await office.get("/cases", params={"limit": 50})).json()["items"]
            assert all(each["source"].startswith("/wuhu-demo/") for each in page)

            async def are_named() -> bool:
                shown = (await office.get("/cases", params={"limit": 50})).json()["items"]
                return all(each["unit_name"] for each in shown if "待核" not in each["unit"])

            await until(are_named)

        async def is_told() -> bool:
            mark = load(town.folder)
            return mark is not None and mark.told_through is not None

        await until(is_told)
    assert await lifted(town) < 25, "many cards were lifted at once: a backlog was judged"


async def lifted(town: Town) -> int:
    """Count the judgements that were superseded."""
    settings = {"search_path": ELECTRONIC_SUPERVISION.name}
    connection = await asyncpg.connect(town.postgres.url(), server_settings=settings)
    count: int = await connection.fetchval(LIFTED)
    await connection.close()
    return count


async def test_units_that_an_operator_changed_stay_as_they_are(town: Town) -> None:
    evaluation = await town.start(EVALUATION).listening()
    console = f"http://127.0.0.1:{evaluation.port}"
    await register(console, OPERATOR)
    path = f"/units/{UNITS[0].code}"
    async with evaluation.client() as office:
        closed = await office.post(f"{path}/close", json={"effective_from": "2026-11-01"})
        assert closed.status_code == 200, closed.text
        await register(console, OPERATOR)
        assert (await office.get(path)).json()["closed_from"] == "2026-11-01"
    with pytest.raises(NotRegisteredError):
        await register(console, "a wrong token")


def test_a_backlog_is_told_case_by_case_and_what_is_unfinished_first(
    history: Sequence[Said],
) -> None:
    told = case_by_case(history)
    order = [(each.system, each.case) for each in told]
    pieces = [key for key, _ in groupby(order)]
    assert len(pieces) == len(set(order)), "a case is told in several pieces"
    for key in pieces[:20]:
        own = [each for each in history if (each.system, each.case) == key]
        assert [each for each in told if (each.system, each.case) == key] == own
        assert not own[-1].is_end
    assert sorted(map(id, told)) == sorted(map(id, history))


def test_a_folder_is_a_demonstrations_from_its_first_mark_on(tmp_path: Path) -> None:
    assert not is_demo(tmp_path)
    mark = Mark(seed=SEED, began=MONDAY)
    save(tmp_path, mark)
    assert is_demo(tmp_path)
    assert load(tmp_path) == mark


def test_a_damaged_mark_begins_no_other_city(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text('{"seed": 1')
    with pytest.raises(RefusedError, match="demo-mark-damaged"):
        load(tmp_path)

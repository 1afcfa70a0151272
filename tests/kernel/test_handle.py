"""A command is carried out once, on what is really so."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
import pytest

from contracts.approvals import CaseWithdrawn
from contracts.wire import compose, read
from deploy.local.postgres import Postgres
from kernel.handle import Handler
from kernel.publishing import UNNUMBERED, publication
from kernel.store.events import NewEvent, NewPublication
from kernel.store.store import KeyReusedError, append, load
from tests.kernel.umbrella import (
    CODEC,
    UMBRELLA,
    AlreadyLent,
    Command,
    Happened,
    Lend,
    LentV2,
    TakeBack,
    TakenBack,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WANG, LI = Lend(to="王"), Lend(to="李")


def silent(_: Sequence[tuple[str, Happened]]) -> Sequence[NewPublication]:
    return ()


HANDLER: Handler[Command, Happened, str | None] = Handler(
    decider=UMBRELLA, codec=CODEC, publish=silent
)


async def types(record: asyncpg.Connection) -> list[str]:
    return [event.type for event in await load(record, "umbrella-1")]


async def handle(
    record: asyncpg.Connection, command: Command, key: str | None = None
) -> Sequence[Happened]:
    return await HANDLER.handle(record, "umbrella-1", command, now=NOW, key=key)


async def test_what_happened_is_recorded_and_decided_upon(record: asyncpg.Connection) -> None:
    assert await handle(record, WANG) == [LentV2(to="王", counter="1号窗口")]
    with pytest.raises(AlreadyLent):
        await handle(record, LI)
    assert await handle(record, TakeBack()) == [TakenBack()]
    assert await types(record) == ["LentV2", "TakenBack"]


async def test_a_wish_already_true_records_nothing(record: asyncpg.Connection) -> None:
    await handle(record, WANG)
    assert await handle(record, WANG) == []
    assert await types(record) == ["LentV2"]


async def test_a_command_told_again_returns_what_it_made_happen(
    record: asyncpg.Connection,
) -> None:
    first = await handle(record, WANG, key="form-1")
    await handle(record, TakeBack())
    assert await handle(record, WANG, key="form-1") == first
    assert await types(record) == ["LentV2", "TakenBack"]
    with pytest.raises(KeyReusedError):
        await handle(record, LI, key="form-1")


async def test_an_event_of_an_old_version_counts_as_what_it_means_today(
    record: asyncpg.Connection,
) -> None:
    old = NewEvent(stream="umbrella-1", id="1", type="Lent", data='{"to":"王"}')
    await append(record, [old], NOW)
    with pytest.raises(AlreadyLent):
        await handle(record, LI)
    (stored,) = await load(record, "umbrella-1")
    assert (stored.type, stored.data) == (old.type, old.data), "what is stored stays as it was"


async def test_of_many_who_want_the_umbrella_one_gets_it(
    server: Postgres, record: asyncpg.Connection
) -> None:
    settings = {"search_path": await record.fetchval("select current_schema()")}

    async def want(name: str) -> object:
        connection = await asyncpg.connect(server.url(), server_settings=settings)
        try:
            return await handle(connection, Lend(to=name))
        except AlreadyLent as refused:
            return refused
        finally:
            await connection.close()

    outcomes = await asyncio.gather(*(want(f"群众{n}") for n in range(12)))
    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert await types(record) == ["LentV2"]


async def test_what_an_event_says_is_numbered_and_readable(record: asyncpg.Connection) -> None:
    def say(events: Sequence[tuple[str, Happened]]) -> Sequence[NewPublication]:
        told = CaseWithdrawn(case='"sequence":"00000000000000000000"', unit="大厅")
        return [
            publication(
                compose(
                    told,
                    event_id=id_,
                    source="/xiaoneng/hall",
                    subject=told.case,
                    time=NOW,
                    recordedtime=NOW,
                    sequence=UNNUMBERED,
                    partitionkey="1",
                    correlationid=id_,
                ),
                "x.y",
                of_event=index,
            )
            for index, (id_, _) in enumerate(events)
        ]

    handler = Handler(decider=UMBRELLA, codec=CODEC, publish=say)
    for command in (WANG, TakeBack(), LI):
        await handler.handle(record, "umbrella-1", command, now=NOW)
    said = [
        read(row["body"].encode()) for row in await record.fetch("select body from publication")
    ]
    assert [event.position for event in said] == [1, 2, 3]
    assert {json.loads(event.model_dump_json())["data"]["case"] for event in said} == {
        '"sequence":"00000000000000000000"'
    }


async def test_what_follows_from_a_command_is_written_with_its_events_or_not_at_all(
    server: Postgres, record: asyncpg.Connection
) -> None:
    await record.execute("create table lending (holder text not null)")
    settings = {"search_path": await record.fetchval("select current_schema()")}

    async def note(connection: asyncpg.Connection, events: Sequence[Happened]) -> None:
        lent = [event.to for event in events if isinstance(event, LentV2)]
        await connection.executemany("insert into lending values ($1)", [(to,) for to in lent])
        if "李" in lent:
            raise AlreadyLent("李 has another one")

    handler = Handler(decider=UMBRELLA, codec=CODEC, publish=silent, project=note)
    with pytest.raises(AlreadyLent):
        await handler.handle(record, "umbrella-1", LI, now=NOW)
    assert await types(record) == [], "a command that was refused was recorded"

    async def want(key: str) -> object:
        connection = await asyncpg.connect(server.url(), server_settings=settings)
        try:
            return await handler.handle(connection, "umbrella-1", WANG, now=NOW, key=key)
        finally:
            await connection.close()

    told = await asyncio.gather(*(want(f"form-{n % 2}") for n in range(12)))
    assert {len(list(each)) for each in told if isinstance(each, list)} <= {0, 1}
    assert await types(record) == ["LentV2"]
    assert await record.fetchval("select string_agg(holder, ' ') from lending") == "王"

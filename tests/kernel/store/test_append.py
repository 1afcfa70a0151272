"""What the record promises when events are appended."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.store.events import Appended, CommandKey, NewEvent, NewPublication, StoredEvent
from kernel.store.store import KeyReusedError, VersionConflictError, append, carried_out, load, read

NOW = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC)
FILED = NewEvent(stream="complaint-1", id="1", type="Filed", data='{"about":"施工噪音"}')
ANSWERED = NewEvent(stream="complaint-1", id="2", type="Answered", data="{}")
KEY = CommandKey(key="from-the-form-1", digest=b"file it")
BODY = '{"about":"扰民","sequence":"00000000000000000000"}'
SAID = NewPublication(of_event=0, subject="x.filed", body=BODY, number_at=BODY.index("0"))


async def whole(record: asyncpg.Connection) -> list[StoredEvent]:
    return [event async for event in read(record, batch=3)]


async def test_events_get_contiguous_positions_and_versions(record: asyncpg.Connection) -> None:
    other = replace(FILED, stream="complaint-2", id="3")
    assert await append(record, [FILED, other, ANSWERED], NOW) == Appended(
        first=1, last=3, is_repeat=False
    )
    assert await append(record, [replace(other, id="4")], NOW) == Appended(
        first=4, last=4, is_repeat=False
    )
    stored = [(event.position, event.stream, event.version) for event in await whole(record)]
    assert stored == [
        (1, "complaint-1", 1),
        (2, "complaint-2", 1),
        (3, "complaint-1", 2),
        (4, "complaint-2", 2),
    ]


async def test_an_event_comes_back_as_it_went_in(record: asyncpg.Connection) -> None:
    await append(record, [replace(FILED, metadata='{"who": "受理员"}')], NOW)
    (stored,) = await load(record, "complaint-1")
    assert (stored.data, stored.metadata, stored.recorded_at) == (
        FILED.data,
        '{"who": "受理员"}',
        NOW,
    )


async def test_an_expected_version_that_is_taken_is_refused_and_changes_nothing(
    record: asyncpg.Connection,
) -> None:
    await append(record, [replace(FILED, version=1)], NOW)
    for version in (1, 3):
        other = NewEvent(stream="other", id="9", type="Filed", data="{}")
        with pytest.raises(VersionConflictError):
            await append(record, [other, replace(ANSWERED, version=version)], NOW)
    assert len(await whole(record)) == 1
    await append(record, [replace(ANSWERED, version=2)], NOW)


async def test_a_command_carried_out_before_is_not_carried_out_again(
    record: asyncpg.Connection,
) -> None:
    first = await append(record, [FILED, ANSWERED], NOW, publications=[SAID], key=KEY)
    again = await append(record, [replace(FILED, id="7")], NOW, publications=[SAID], key=KEY)
    assert again == replace(first, is_repeat=True)
    assert await carried_out(record, KEY) == await whole(record)
    assert await record.fetchval("select count(*) from publication") == 1


async def test_a_key_used_for_another_command_is_refused(record: asyncpg.Connection) -> None:
    await append(record, [FILED], NOW, key=KEY)
    other = replace(KEY, digest=b"other")
    with pytest.raises(KeyReusedError):
        await append(record, [ANSWERED], NOW, key=other)
    with pytest.raises(KeyReusedError):
        await carried_out(record, other)


async def test_a_command_that_made_nothing_happen_is_remembered_too(
    record: asyncpg.Connection,
) -> None:
    assert await carried_out(record, KEY) is None
    await append(record, [], NOW, key=KEY)
    assert await carried_out(record, KEY) == []


async def test_what_is_published_is_numbered_without_gaps_whatever_else_is_appended(
    record: asyncpg.Connection,
) -> None:
    await append(record, [FILED], NOW, publications=[SAID])
    await append(record, [ANSWERED], NOW)
    third = replace(FILED, id="3")
    await append(record, [third], NOW, publications=[SAID, SAID])
    said = await record.fetch("select sequence, position, body from publication order by sequence")
    assert [(row["sequence"], row["position"]) for row in said] == [(1, 1), (2, 3), (3, 3)]
    assert said[2]["body"] == '{"about":"扰民","sequence":"00000000000000000003"}'


async def test_a_reader_never_sees_a_later_event_before_an_earlier_one(
    server: Postgres, record: asyncpg.Connection
) -> None:
    """The race of bigserial: writers commit in another order than they were numbered."""
    schema = await record.fetchval("select current_schema()")
    settings = {"search_path": schema}

    async def write(writer: int) -> None:
        connection = await asyncpg.connect(server.url(), server_settings=settings)
        for number in range(25):
            id_ = f"{writer}-{number}"
            await append(connection, [NewEvent(stream=id_, id=id_, type="Filed", data="{}")], NOW)
        await connection.close()

    async def follow() -> list[int]:
        seen: list[int] = []
        while len(seen) < 200:
            after = seen[-1] if seen else 0
            seen += [event.position async for event in read(record, after=after)]
            await asyncio.sleep(0)
        return seen

    async with asyncio.TaskGroup() as group:
        followed = group.create_task(follow())
        for writer in range(8):
            group.create_task(write(writer))
    assert followed.result() == list(range(1, 201))


async def test_two_writers_of_one_stream_can_not_both_win(
    server: Postgres, record: asyncpg.Connection
) -> None:
    schema = await record.fetchval("select current_schema()")
    settings = {"search_path": schema}
    rival = await asyncpg.connect(server.url(), server_settings=settings)
    outcomes = await asyncio.gather(
        append(record, [replace(FILED, version=1)], NOW),
        append(rival, [replace(FILED, id="2", version=1)], NOW),
        return_exceptions=True,
    )
    await rival.close()
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "Appended",
        "VersionConflictError",
    ]

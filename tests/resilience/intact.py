"""Nothing lost and nothing twice: what must be true of a city once it has come to rest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from contracts.streams import stream_of
from deploy.provision.users import ADMINISTRATOR
from deploy.tenancies import ELECTRONIC_SUPERVISION as TENANCY
from deploy.verify.publications import walk
from kernel.bus import connect
from kernel.store import chain
from kernel.store.store import read
from services.electronic_supervision.domain.engine import JudgementRaised, JudgementSuperseded
from services.electronic_supervision.record import CODEC
from tests.electronic_supervision.live.said import Said
from tests.resilience.deadline import comes_true
from tests.resilience.town import Town

NOT_HEARD = """
select source, id from unnest($1::text[], $2::text[]) as told(source, id)
except select source, id from seen
"""
NOT_LOOKED_AT = """
select stream from event e join partition p on p.number = partition_of(e.stream)
where e.type like 'xiaoneng.%' and e.position > p.position
"""
NOT_JUDGED = """
select number from docket, checkpoint where next_at < heard_through
union all
select 'heard not far enough' where (
    select coalesce(max(recorded_at), '-infinity') from event where type like 'xiaoneng.%'
) >= coalesce((select min(heard_through) from checkpoint), '-infinity')
"""
NOT_SENT = """
select sequence from publication where sequence > (select sequence from relay_cursor)
"""
STANDING = "select id from judgement where stands order by id"
TWICE = """
select data::jsonb ->> 'source', data::jsonb ->> 'id' from event where type like 'xiaoneng.%'
"""

OF_JUDGEMENTS = {JudgementRaised.__name__, JudgementSuperseded.__name__}


async def all_heard(town: Town, told: Sequence[Said]) -> bool:
    """Tell whether all of these are facts."""
    keys = [str(each["source"]) for each in told], [str(each["id"]) for each in told]
    return not await town.asked(NOT_HEARD, *keys)


async def all_judged(town: Town, told: Sequence[Said]) -> bool:
    """Tell whether all of these are facts, and every case was judged by all of its facts."""
    return await all_heard(town, told) and not (
        await town.asked(NOT_LOOKED_AT) or await town.asked(NOT_JUDGED)
    )


async def all_sent(town: Town, told: Sequence[Said]) -> bool:
    """Tell whether what follows from these was published too."""
    return await all_judged(town, told) and not await town.asked(NOT_SENT)


async def at_rest(town: Town, told: Sequence[Said], seconds: float = 40) -> None:
    """Wait until all that was told is heard, judged and published."""

    async def unfinished() -> object:
        for step in (all_heard, all_judged, all_sent):
            if not await step(town, told):
                return f"not {step.__name__}"
        return None

    await comes_true("promise 2: nothing is lost", unfinished, seconds)


async def assert_intact(town: Town) -> None:
    """Look at all that is recorded, kept and published."""
    connection = await town.stack.database()
    try:
        breaks = await chain.verify(read(connection), [])
        assert breaks == [], f"promise 5: the record is whole: {breaks}"
        told = await walk(connection, TENANCY)
        assert told.breaks == [], f"promise 2: what was said follows without a gap: {told.breaks}"
        await _each_once(connection)
        recorded = await said(connection)
    finally:
        await connection.close()
    assert await streamed(town) == recorded, (
        "promises 2 and 3: the stream holds what the record says was published, once and in order"
    )


async def _each_once(connection: asyncpg.Connection) -> None:
    facts = [tuple(row) for row in await connection.fetch(TWICE)]
    doubled = [fact for fact, times in Counter(facts).items() if times > 1]
    assert doubled == [], f"promise 2: no fact is recorded twice: {doubled}"
    stands: set[str] = set()
    async for stored in read(connection):
        if stored.type not in OF_JUDGEMENTS:
            continue
        match CODEC.decode(stored.type, stored.data):
            case JudgementRaised(judgement=judgement):
                assert judgement.id not in stands, f"promise 2: raised twice: {judgement}"
                stands.add(judgement.id)
            case JudgementSuperseded(judgement=id_):
                assert id_ in stands, f"promise 2: superseded twice: {id_}"
                stands.remove(id_)
    kept = {row["id"] for row in await connection.fetch(STANDING)}
    assert kept == stands, "promise 2: the table of judgements says what the record says"


@dataclass(frozen=True, slots=True)
class Published:
    """A message and where it went."""

    subject: str
    body: str


async def said(connection: asyncpg.Connection) -> list[Published]:
    """Return what the record says was published, in order."""
    rows = await connection.fetch("select subject, body from publication order by sequence")
    return [Published(**row) for row in rows]


async def streamed(town: Town) -> list[Published]:
    """Return what the stream of judgements holds, in order."""
    client = await connect(town.stack.nats_url(ADMINISTRATOR), ADMINISTRATOR)
    try:
        stream = client.jetstream()
        name = stream_of(TENANCY.context)
        state = (await stream.stream_info(name)).state
        found = []
        for number in range(max(state.first_seq, 1), state.last_seq + 1):
            message = await stream.get_msg(name, number)
            found.append(Published(message.subject or "", (message.data or b"").decode()))
        return found
    finally:
        await client.close()

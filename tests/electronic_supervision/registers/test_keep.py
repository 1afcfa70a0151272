"""What is kept of the registers: recorded once, listed by day, made anew from the record."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from kernel.database import borrowed
from kernel.store.store import KeyReusedError
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers.green_card_acts import (
    GrantGreenCard,
    SuspendGreenCard,
    WithdrawGreenCard,
)
from services.electronic_supervision.domain.registers.registers import Event
from services.electronic_supervision.domain.registers.service_chain_acts import (
    ServiceChainPublished,
    Stage,
    StageLimit,
)
from services.electronic_supervision.domain.time.limits import Measure
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.loop.rebuild import rebuild as rebuild_loop
from services.electronic_supervision.registers.clerk import ZONE
from services.electronic_supervision.registers.document.importing import IMPORTER
from services.electronic_supervision.registers.keep import carry_out, rebuild
from services.electronic_supervision.registers.load import load_registers
from services.electronic_supervision.registers.store import CODEC, STREAMS, Command
from tests.electronic_supervision.domain.registers.city import MILL, YARD
from tests.electronic_supervision.registers.papers import ACTING, NOW, city

JANUARY, JUNE, DECEMBER = date(2012, 1, 1), date(2012, 6, 1), date(2012, 12, 31)
GRANT = GrantGreenCard(
    enterprise=MILL, name="芜湖纺织厂", effective_from=JANUARY, last_day=DECEMBER
)
VERSIONS = "select * from register_version order by kind, code, first_day"
ENTRIES = "select * from register_entry order by kind, code"


async def wish(
    connection: asyncpg.Connection, command: Command, key: str | None = None
) -> list[Event]:
    return list(await carry_out(connection, command, now=NOW, acting=ACTING, key=key))


async def take_in(connection: asyncpg.Connection, content: bytes) -> None:
    told = await IMPORTER.preview(connection, content, now=NOW, acting=ACTING)
    await IMPORTER.take_in(connection, content, told.digest, now=NOW, acting=ACTING)


async def test_a_change_holds_for_whoever_asks_next(connection: asyncpg.Connection) -> None:
    await wish(connection, GRANT)
    assert (await load_registers(connection)).holds(MILL, JUNE)
    await wish(connection, SuspendGreenCard(enterprise=MILL, reason="欠税", effective_from=JUNE))
    registers = await load_registers(connection)
    assert registers.holds(MILL, date(2012, 5, 31))
    assert not registers.holds(MILL, JUNE)


async def test_what_was_known_at_an_instant_stays_known(connection: asyncpg.Connection) -> None:
    await wish(connection, GRANT)
    later = NOW + timedelta(days=1)
    taken = WithdrawGreenCard(enterprise=MILL, reason="误发", effective_from=JANUARY)
    await carry_out(connection, taken, now=later, acting=ACTING)
    assert (await load_registers(connection, NOW)).holds(MILL, JUNE)
    assert not (await load_registers(connection, later)).holds(MILL, JUNE)
    assert not (await load_registers(connection, NOW - timedelta(days=1))).holds(MILL, JUNE)


async def test_a_refused_change_leaves_no_trace(connection: asyncpg.Connection) -> None:
    with pytest.raises(Refused, match="green-card-unknown"):
        await wish(
            connection, SuspendGreenCard(enterprise=YARD, reason="欠税", effective_from=JUNE)
        )
    assert await connection.fetch(ENTRIES) == []
    assert await connection.fetchval("select count(*) from event") == 0


async def test_a_change_told_again_happens_once(connection: asyncpg.Connection) -> None:
    first = await wish(connection, GRANT, key="1")
    assert await wish(connection, GRANT, key="1") == first
    assert await connection.fetchval("select count(*) from event") == 1
    with pytest.raises(KeyReusedError):
        await wish(
            connection,
            SuspendGreenCard(enterprise=MILL, reason="欠税", effective_from=JUNE),
            key="1",
        )


async def test_two_who_change_the_same_entry_at_once_do_not_lose_each_others_change(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await wish(connection, GRANT)

    async def suspend(reason: str) -> None:
        async with borrowed(pool) as other:
            await wish(other, SuspendGreenCard(enterprise=MILL, reason=reason, effective_from=JUNE))

    await asyncio.gather(*(suspend(f"原因{number}") for number in range(8)))
    assert await connection.fetchval("select count(*) from event") == 9
    told = await connection.fetchval("select cardinality(told) from register_entry")
    assert told == 18, "the table is not what the record says"
    await same_after_rebuild(connection)


async def same_after_rebuild(connection: asyncpg.Connection) -> None:
    before = await connection.fetch(ENTRIES), await connection.fetch(VERSIONS)
    await rebuild(connection)
    assert (await connection.fetch(ENTRIES), await connection.fetch(VERSIONS)) == before


async def test_the_tables_can_be_made_anew_from_the_record(
    connection: asyncpg.Connection,
) -> None:
    await take_in(connection, city())
    assert await connection.fetchval("select count(*) from register_version") == 7
    await same_after_rebuild(connection)


async def test_a_card_that_never_was_is_listed_no_more(connection: asyncpg.Connection) -> None:
    await wish(connection, GRANT)
    await wish(
        connection, WithdrawGreenCard(enterprise=MILL, reason="误发", effective_from=JANUARY)
    )
    assert await connection.fetch(VERSIONS) == []
    await same_after_rebuild(connection)


@pytest.mark.parametrize("measure", Measure)
def test_a_limit_is_recorded_with_its_measure(measure: Measure) -> None:
    stage = Stage(code="1", name="签约", unit="WHZSJ", time=StageLimit(measure=measure, amount=5))
    told = ServiceChainPublished(
        code="ZS", name="工业项目", stages=(stage,), effective_from=JANUARY
    )
    assert CODEC.decode(*CODEC.encode(told)) == told


async def test_the_tables_of_the_loop_are_made_anew_beside_registers(
    connection: asyncpg.Connection,
) -> None:
    await take_in(connection, city())
    office = Office(calendar=published_calendar(), zone=ZONE)
    court = Court(law=stated_law(office), settle={})
    assert await rebuild_loop(connection, court, (), "test") == 0
    assert await connection.fetchval("select count(*) from docket") == 0
    assert (await load_registers(connection)).holds(MILL, JUNE)


async def test_no_stream_of_a_register_is_a_case_s(connection: asyncpg.Connection) -> None:
    await take_in(connection, city())
    rows = await connection.fetch("select distinct stream from event")
    assert all(row["stream"].startswith(STREAMS) for row in rows)
    assert len(rows) == 6

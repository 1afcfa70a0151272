"""The tables of units follow from the record, whatever happens at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import asyncpg
import pytest

from kernel.database import borrowed
from kernel.store.migrate import migrate
from kernel.store.store import VersionConflictError
from services.evaluation.domain.refused import Refused
from services.evaluation.domain.unit import UNIT
from services.evaluation.domain.unit_acts import Alias, CloseUnit, Event, RegisterUnit, RenameUnit
from services.evaluation.project import project, rebuild
from services.evaluation.reading.unregistered import unregistered
from services.evaluation.register import carry_out
from services.evaluation.store import Command
from services.evaluation.tenancy import TENANCY
from tests.evaluation.dump import dump
from tests.evaluation.units import (
    APPROVALS,
    CLOSING,
    HEALTH,
    HOTLINE,
    HOUSING,
    NOW,
    RENAMING,
    acting,
)

MANY = 8


async def tell(pool: asyncpg.Pool, command: Command, key: str | None = None) -> object:
    """Return what happened, or why nothing did."""
    async with borrowed(pool) as connection:
        try:
            return await carry_out(connection, command, now=NOW, acting=acting("operator"), key=key)
        except Refused as refused:
            return refused.code


async def rebuilt(connection: asyncpg.Connection) -> list[str]:
    before = await dump(connection)
    await rebuild(connection)
    assert await dump(connection) == before, "a rebuilt table differs from the one that lived"
    return before


async def recorded(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch("select type from event order by position")
    return [row["type"] for row in rows]


def units(number: int, aliases: Sequence[Alias]) -> list[RegisterUnit]:
    return [replace(HOUSING, code=f"单位{n}", aliases=tuple(aliases)) for n in range(number)]


def registered(command: RegisterUnit) -> Event:
    (event,) = UNIT.decide(command, UNIT.initial)
    return event


async def all_wait(pool: asyncpg.Pool, number: int) -> None:
    """Wait until so many connections wait for a lock."""
    async with asyncio.timeout(30), borrowed(pool) as connection:
        while True:
            waiting = await connection.fetchval(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                " and application_name = current_setting('application_name')"
            )
            if waiting == number:
                return
            await asyncio.sleep(0.01)


async def test_what_is_rebuilt_equals_what_lived(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    heir = replace(HOUSING, code="WHGTJ")
    for command in (HOUSING, HEALTH, RENAMING, CLOSING, heir):
        assert not isinstance(await tell(pool, command), str)
    rows = await rebuilt(connection)
    assert len(rows) == 3 + 2 * len(HOUSING.aliases) + 4, "a row for each unit, alias and name"
    assert await tell(pool, replace(HEALTH, code="x", aliases=(HOTLINE,))) == "alias-taken"


async def test_codes_that_no_unit_has_are_told_of_though_another_system_uses_them(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await tell(pool, HOUSING)
    await tell(pool, CLOSING)
    asked = (HOUSING.code, HOUSING.aliases[0].code, "SWJ")
    found = await unregistered(connection, asked)
    assert found == sorted({HOUSING.aliases[0].code, "SWJ"} - {HOUSING.code})


async def test_tables_that_were_spoilt_are_mended_by_a_rebuild(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    for command in (HOUSING, HEALTH, RENAMING, CLOSING):
        await tell(pool, command)
    good = await dump(connection)
    await connection.execute(
        "update unit set name = 'x'; delete from unit_alias; delete from unit_version"
    )
    await rebuild(connection)
    assert await dump(connection) == good


async def test_a_rebuild_that_fails_leaves_the_tables_as_they_were(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await tell(pool, HOUSING)
    before = await dump(connection)
    await connection.execute(
        "insert into event select 2, 'unit-x', 1, 'x', 'Unheard', data,"
        " metadata, recorded_at, hash from event"
    )
    with pytest.raises(Exception, match="Unheard"):
        await rebuild(connection)
    assert await dump(connection) == before


async def test_commands_told_while_the_tables_are_rebuilt_are_in_them(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    async def rebuild_again_and_again() -> None:
        for _ in range(10):
            await rebuild(connection)

    wishes: list[Command] = [replace(HEALTH, code=f"单位{n}") for n in range(40)]
    wishes += [
        RenameUnit(code=f"单位{n}", name="新名", effective_from=HEALTH.effective_from)
        for n in range(40)
    ]
    working = asyncio.create_task(rebuild_again_and_again())
    for begin in range(0, len(wishes), 4):
        told = await asyncio.gather(*(tell(pool, each) for each in wishes[begin : begin + 4]))
        assert not any(isinstance(each, str) for each in told), told
    await working
    assert len(await rebuilt(connection)) == 80
    assert len(await recorded(connection)) == len(wishes)


async def test_of_many_who_register_one_unit_at_once_one_does(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    told = await asyncio.gather(*(tell(pool, HOUSING) for _ in range(MANY)))
    assert not any(isinstance(each, str) for each in told), told
    assert await recorded(connection) == ["Registered"]
    await rebuilt(connection)


async def test_of_many_different_wishes_for_one_code_one_is_granted(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    wishes = [replace(HOUSING, name=f"单位{n}", aliases=()) for n in range(MANY)]
    told = await asyncio.gather(*(tell(pool, wish) for wish in wishes))
    assert sorted(each == "unit-exists" for each in told) == [False] + [True] * (MANY - 1)
    assert await recorded(connection) == ["Registered"]
    await rebuilt(connection)


async def test_of_many_units_that_want_one_code_of_a_city_system_one_gets_it(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    for attempt in range(5):
        alias = Alias(source="/wuhu/12345", code=str(attempt))
        wishes = [replace(each, code=f"{each.code}/{attempt}") for each in units(MANY, [alias])]
        told = await asyncio.gather(*(tell(pool, wish) for wish in wishes))
        assert sorted(each == "alias-taken" for each in told) == [False] + [True] * (MANY - 1)
    assert await recorded(connection) == ["Registered"] * 5
    await rebuilt(connection)


async def test_units_that_want_the_same_codes_do_not_wait_for_each_other(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    several = [Alias(source="/wuhu/12345", code=code) for code in "123"]
    wishes = [*units(1, several), replace(HEALTH, aliases=tuple(reversed(several)))]
    hold = connection.transaction()
    await hold.start()
    # whoever took a code before this one and needs a code after it is stopped halfway
    await project(connection, [registered(replace(HOUSING, code="x", aliases=(several[1],)))])
    telling = [asyncio.create_task(tell(pool, wish)) for wish in wishes]
    await all_wait(pool, len(wishes))
    await hold.rollback()
    told = await asyncio.gather(*telling)
    assert sorted(each == "alias-taken" for each in told) == [False, True]
    await rebuilt(connection)


async def test_a_code_goes_from_a_closed_unit_to_one_other(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await tell(pool, replace(HOUSING, aliases=(APPROVALS,)))
    closing = CloseUnit(code=HOUSING.code, effective_from=CLOSING.effective_from)
    wishes: list[Command] = [closing, *units(MANY, [APPROVALS])]
    told = await asyncio.gather(*(tell(pool, wish) for wish in wishes))
    assert sum(not isinstance(each, str) for each in told) <= 2, told
    rows = await connection.fetch("select unit from unit_alias where is_open")
    assert len(rows) <= 1, "two open units are meant by one code"
    await rebuilt(connection)


async def test_of_two_units_that_close_into_each_other_at_once_the_second_is_refused(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await tell(pool, HOUSING)
    await tell(pool, HEALTH)
    there = replace(CLOSING, successor=HEALTH.code)
    back = replace(CLOSING, code=HEALTH.code, successor=HOUSING.code)
    told = await asyncio.gather(tell(pool, there), tell(pool, back))
    assert [each for each in told if isinstance(each, str)] == ["successor-cycle"], told
    await rebuilt(connection)


async def test_one_request_told_many_times_at_once_under_its_key_happens_once(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    told = await asyncio.gather(*(tell(pool, HOUSING, "form-1") for _ in range(MANY)))
    assert not any(isinstance(each, str) for each in told), told
    told = await asyncio.gather(*(tell(pool, RENAMING, "form-2") for _ in range(MANY)))
    assert not any(isinstance(each, str) for each in told), told
    assert await recorded(connection) == ["Registered", "Renamed"]
    await rebuilt(connection)


async def test_two_callers_may_use_one_key(connection: asyncpg.Connection) -> None:
    for by, command in (("一处", HOUSING), ("二处", HEALTH)):
        happened = await carry_out(connection, command, now=NOW, acting=acting(by), key="1")
        assert len(happened) == 1


async def test_a_decision_that_came_too_late_is_taken_anew(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await tell(pool, HOUSING)
    with pytest.raises(VersionConflictError):
        await project(connection, [registered(HOUSING)])


async def test_units_that_were_registered_before_have_all_their_names_after_the_migration(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    for command in (HOUSING, HEALTH, RENAMING):
        await tell(pool, command)
    good = await dump(connection)
    schema = await connection.fetchval("select current_schema()")
    await connection.execute(
        "drop table absence, tenure, post_version, post, person_version, person, section_version,"
        " section, unit_version cascade; drop function holder_on; drop function named_since;"
        " delete from migration where name = '0002_sections_posts_people.sql'"
    )
    await migrate(connection, schema, *TENANCY.migrations)
    await connection.execute("select set_config('search_path', $1, false)", schema)
    assert await dump(connection) == good

"""Databases as older versions left them, with something in every table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from deploy.tenancies import ELECTRONIC_SUPERVISION, EVALUATION, TENANCIES
from kernel.store.migrate import APPLIED, Migration, migrations
from kernel.tenancy import Tenancy
from tests.deploy.record import close_units

STORE = "kernel.store.migrations"
FIRST_RELEASE: Mapping[str, Mapping[str, int]] = {
    ELECTRONIC_SUPERVISION.name: {STORE: 4, ELECTRONIC_SUPERVISION.migrations[1]: 5},
    EVALUATION.name: {STORE: 4, EVALUATION.migrations[1]: 1},
}
"""The last migrations of a version without accounts, partners, sections and posts."""

KEPT_OTHERWISE = ("event", "publication", "migration", "command_key")
FILLING = """
select format(
    case when count(c.column_name) = 0 then 'insert into %1$I default values on conflict do nothing'
    else 'insert into %1$I (%2$s) select %3$s where not exists (select from %1$I)' end,
    t.table_name, string_agg(quote_ident(c.column_name), ', '),
    string_agg(case c.data_type
        when 'text' then quote_literal('x') when 'bytea' then quote_literal('x')::text || '::bytea'
        when 'ARRAY' then quote_literal('{}') when 'boolean' then 'false'
        when 'date' then 'current_date' when 'interval' then quote_literal('0')
        when 'jsonb' then quote_literal('{}') when 'timestamp with time zone' then 'now()'
        else '1' end, ', '))
from information_schema.tables t
left join information_schema.columns c on c.table_schema = t.table_schema
    and c.table_name = t.table_name and c.is_nullable = 'NO' and c.column_default is null
    and c.is_identity = 'NO'
where t.table_schema = $1 and t.table_type = 'BASE TABLE' and t.table_name <> all($2)
group by t.table_name
"""
"""From a schema to statements that put a row of plain values into each empty table."""


@dataclass(frozen=True, slots=True)
class Older:
    """How far the migrations of each tenancy had come; a package that is not named was unknown."""

    words: str
    known: Mapping[str, Mapping[str, int]]

    def __str__(self) -> str:
        return self.words


def lacking(tenancy: Tenancy, number: int) -> Older:
    """Return a version that knew no migration of a service's own from a number on."""
    known = {each.name: dict.fromkeys(each.migrations, 9999) for each in TENANCIES}
    known[tenancy.name] = {**known[tenancy.name], tenancy.migrations[-1]: number - 1}
    return Older(f"{tenancy.name}-{number:04}", known)


def olders() -> Sequence[Older]:
    """Return the first release, and one for each migration since that a version may lack."""
    since = [
        (tenancy, each.number)
        for tenancy in TENANCIES
        for each in migrations(tenancy.migrations[-1])
        if each.number > FIRST_RELEASE.get(tenancy.name, {}).get(tenancy.migrations[-1], 1)
    ]
    return [Older("first-release", FIRST_RELEASE), *(lacking(*each) for each in since)]


SPEAKER = "insert into city_system (name, source) values ('x', 'x') on conflict do nothing"


async def lay(connection: asyncpg.Connection, older: Older, *, fills: bool = True) -> None:
    """Make the schemas of an older version, with a record and a system that may speak.

    If it `fills`, every other table has a row, of values that no service could work with.
    """
    for tenancy in TENANCIES:
        if tenancy.name not in older.known:
            continue
        await connection.execute(f"create schema {tenancy.name}")
        await connection.execute(f"set search_path to {tenancy.name}")
        await connection.execute(APPLIED)
        for package in tenancy.migrations:
            for each in migrations(package):
                if each.number <= older.known[tenancy.name].get(package, 0):
                    await _apply(connection, each)
        if tenancy is EVALUATION:
            await close_units(connection, 3)
        if tenancy is ELECTRONIC_SUPERVISION:
            await connection.execute(SPEAKER)
        if fills:
            await _fill(connection, tenancy.name)
    await connection.execute("set search_path to default")


async def _apply(connection: asyncpg.Connection, each: Migration) -> None:
    await connection.execute(each.sql)
    row = (each.package, each.number, each.name, each.digest)
    await connection.execute(
        "insert into migration (package, number, name, digest) values ($1, $2, $3, $4)", *row
    )


async def _fill(connection: asyncpg.Connection, schema: str) -> None:
    await connection.execute("set session_replication_role = replica")  # whatever refers to what
    for (statement,) in await connection.fetch(FILLING, schema, KEPT_OTHERWISE):
        await connection.execute(statement)
    await connection.execute("set session_replication_role = default")

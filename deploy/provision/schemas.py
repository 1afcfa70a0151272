"""The schema of each service: the administrator's, at the version the code was written for."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from deploy.provision.difference import Difference
from deploy.provision.settings import SHAPE
from kernel.store.migrate import DriftError, migrate, migrations, pending
from kernel.tenancy import Tenancy

MARK = "xiaoneng shape "
STATE = """
select pg_get_userbyid(nspowner) = current_user as is_ours,
       obj_description(oid, 'pg_namespace') as mark,
       exists (select from pg_class where relnamespace = n.oid and relname = 'migration') as begun,
       exists (select from pg_class where relnamespace = n.oid) as used
from pg_namespace n where nspname = $1
"""


async def plan(connection: asyncpg.Connection, tenancy: Tenancy) -> list[Difference]:
    """Return what is not as it should be about the schema of a service."""
    schema = tenancy.name
    state = await connection.fetchrow(STATE, schema)
    if state is None:
        there_is_none = Difference(code="schema-missing", where=schema, message="模式尚未建立。")
        return [there_is_none, *(_pending(schema, name) for name in _all(tenancy))]
    if not state["is_ours"] or (state["used"] and not state["begun"]):
        message = "同名的模式不是本平台所建，或不属于当前管理员；请换一个库，或移交其属主。"
        return [Difference(code="schema-foreign", where=schema, message=message, is_safe=False)]
    found = _shape(schema, state["mark"])
    try:
        names = await _missing(connection, tenancy) if state["begun"] else _all(tenancy)
    except DriftError as drift:
        message = f"库中已执行的迁移 {drift} 与本版本所带的不同；请换用与该库相配的版本。"
        return [Difference(code="migration-drift", where=schema, message=message, is_safe=False)]
    return found + [_pending(schema, name) for name in names]


async def apply(connection: asyncpg.Connection, tenancy: Tenancy) -> None:
    """Bring the schema to where it should be."""
    await migrate(connection, tenancy.name, *tenancy.migrations)
    await connection.execute(f"comment on schema {tenancy.name} is '{MARK}{SHAPE}'")


async def is_older(connection: asyncpg.Connection, tenancies: Sequence[Tenancy]) -> bool:
    """Tell whether a database is one of an older version, which had not all schemas of this one."""
    for each in tenancies:
        state = await connection.fetchrow(STATE, each.name)
        if state is None or not state["begun"]:
            continue
        try:
            if await _missing(connection, each):
                return True
        except DriftError:  # of another version, and who knows of which
            return False
    return False


@asynccontextmanager
async def within(connection: asyncpg.Connection, schema: str) -> AsyncIterator[None]:
    """Read the tables of a schema by their plain names, in a transaction of its own."""
    async with connection.transaction():
        await connection.execute(f"set local search_path to {schema}")
        yield
        await connection.execute("set local search_path to default")


def _shape(schema: str, mark: str | None) -> list[Difference]:
    version = (mark or "").removeprefix(MARK)
    if version == str(SHAPE):
        return []
    if version.isdecimal() and int(version) > SHAPE:
        message = f"由更新的版本开通（{version} 版，本程序为 {SHAPE} 版）；请升级本程序。"
        return [Difference(code="shape-newer", where=schema, message=message, is_safe=False)]
    return [Difference(code="shape-older", where=schema, message=f"应标为开通版本 {SHAPE}。")]


async def _missing(connection: asyncpg.Connection, tenancy: Tenancy) -> list[str]:
    async with within(connection, tenancy.name):
        return [each.name for each in await pending(connection, *tenancy.migrations)]


def _all(tenancy: Tenancy) -> list[str]:
    return [each.name for package in tenancy.migrations for each in migrations(package)]


def _pending(schema: str, name: str) -> Difference:
    return Difference(code="migration-pending", where=schema, message=f"迁移 {name} 尚未执行。")

"""Bring a service's schema to the version its code was written for."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

import asyncpg

APPLIED = """
create table if not exists migration (
    package    text        not null,
    number     int         not null,
    name       text        not null,
    digest     bytea       not null,
    applied_at timestamptz not null default now(),
    primary key (package, number)
)
"""


class DriftError(Exception):
    """The database was migrated by other files than these; the message names the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One numbered file of SQL of a package."""

    package: str
    number: int
    name: str
    sql: str

    @property
    def digest(self) -> bytes:
        """Tell one text of a migration from another."""
        return sha256(self.sql.encode()).digest()


def migrations(package: str) -> Iterator[Migration]:
    """Yield the migrations of a package, such as 0001_event_store.sql, in order."""
    found = sorted(file.name for file in files(package).iterdir() if file.name.endswith(".sql"))
    for name in found:
        sql = files(package).joinpath(name).read_text(encoding="utf-8")
        yield Migration(package=package, number=int(name[:4]), name=name, sql=sql)


async def migrate(connection: asyncpg.Connection, schema: str, *packages: str) -> list[str]:
    """Apply what is missing, all or nothing, and return the names applied.

    The packages come in the order in which one builds on the other. Creates the schema if need be.
    Raises DriftError if an applied migration differs from its file or has none.
    """
    async with connection.transaction():
        await connection.execute(f"create schema if not exists {_quoted(schema)}")
        await connection.execute(f"set local search_path to {_quoted(schema)}")
        await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 1))", schema)
        await connection.execute(APPLIED)
        missing = await pending(connection, *packages)
        for migration in missing:
            await connection.execute(migration.sql)
            await connection.execute(
                "insert into migration (package, number, name, digest) values ($1, $2, $3, $4)",
                *(migration.package, migration.number, migration.name, migration.digest),
            )
    return [migration.name for migration in missing]


async def pending(connection: asyncpg.Connection, *packages: str) -> list[Migration]:
    """Return the migrations that the schema on the search path still lacks; raises DriftError."""
    known = {
        (migration.package, migration.number): migration
        for package in packages
        for migration in migrations(package)
    }
    for row in await connection.fetch("select package, number, name, digest from migration"):
        migration = known.pop((row["package"], row["number"]), None)
        if migration is None or migration.digest != row["digest"]:
            raise DriftError(row["name"])
    return list(known.values())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

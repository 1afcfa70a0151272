"""Bring a service's schema to the version its code was written for."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

import asyncpg

APPLIED = """
create table if not exists migration (
    number     int         primary key,
    name       text        not null,
    digest     bytea       not null,
    applied_at timestamptz not null default now()
)
"""


class DriftError(Exception):
    """The database was migrated by other files than these; the message names the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One numbered file of SQL."""

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
        yield Migration(number=int(name[:4]), name=name, sql=sql)


async def migrate(connection: asyncpg.Connection, schema: str, package: str) -> list[str]:
    """Apply what is missing, all or nothing, and return the names applied.

    Creates the schema if need be. Raises DriftError if an applied migration differs from its file
    or has none.
    """
    async with connection.transaction():
        await connection.execute(f"create schema if not exists {_quoted(schema)}")
        await connection.execute(f"set local search_path to {_quoted(schema)}")
        await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 1))", schema)
        await connection.execute(APPLIED)
        known = {migration.number: migration for migration in migrations(package)}
        for row in await connection.fetch("select number, name, digest from migration"):
            migration = known.pop(row["number"], None)
            if migration is None or migration.digest != row["digest"]:
                raise DriftError(row["name"])
        for migration in known.values():
            await connection.execute(migration.sql)
            await connection.execute(
                "insert into migration (number, name, digest) values ($1, $2, $3)",
                *(migration.number, migration.name, migration.digest),
            )
    return [migration.name for migration in known.values()]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

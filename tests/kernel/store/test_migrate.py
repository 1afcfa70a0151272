"""A schema is brought to its version once, and drift is named."""

import asyncpg
import pytest

from kernel.store.migrate import DriftError, migrate, migrations

PACKAGE = "kernel.store.migrations"


async def test_what_is_applied_is_not_applied_again(record: asyncpg.Connection) -> None:
    schema = await record.fetchval("select current_schema()")
    assert await migrate(record, schema, PACKAGE) == []


async def test_a_migration_changed_after_it_was_applied_is_named(
    record: asyncpg.Connection,
) -> None:
    schema = await record.fetchval("select current_schema()")
    await record.execute("update migration set digest = 'other' where number = 1")
    with pytest.raises(DriftError, match="0001_event_store"):
        await migrate(record, schema, PACKAGE)


async def test_a_database_ahead_of_the_code_is_named(record: asyncpg.Connection) -> None:
    schema = await record.fetchval("select current_schema()")
    await record.execute("insert into migration values ($1, 9999, '9999_future.sql', '')", PACKAGE)
    with pytest.raises(DriftError, match="9999_future"):
        await migrate(record, schema, PACKAGE)


def test_migrations_are_numbered_without_gaps() -> None:
    assert [each.number for each in migrations(PACKAGE)] == [
        number for number, _ in enumerate(migrations(PACKAGE), 1)
    ]

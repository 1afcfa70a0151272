"""A service may add to its own record, and do nothing else to any."""

from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from kernel.store.events import CommandKey, NewEvent, NewPublication
from kernel.store.store import append, load
from services.electronic_supervision.tenancy import TENANCY as ELECTRONIC_SUPERVISION
from services.evaluation.tenancy import TENANCY as EVALUATION
from tests.deploy.conftest import House

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FILED = NewEvent(stream="unit-1", id="1", type="Registered", data="{}")
SAID = NewPublication(
    of_event=0, subject="x.y", body='{"sequence":"00000000000000000000"}', number_at=13
)
ANOTHERS_APPEND = """
select * from electronic_supervision.append(
    '{}', '{}', '{}', '{}', '{}', '{}', now(), '{}', '{}', '{}', '{}', null, null, 1)
"""
KEY = CommandKey(key="form-1", digest=b"d")


async def test_a_service_can_append_and_read_with_its_own_role(provisioned: House) -> None:
    async with provisioned.database(EVALUATION) as record:
        await append(record, [FILED], NOW, publications=[SAID], key=KEY)
        await append(record, [replace(FILED, id="2")], NOW)
        assert [event.version for event in await load(record, "unit-1")] == [1, 2]
        assert await record.fetchval("select count(*) from publication") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "update event set data = '{}'",
        "delete from event",
        "truncate event cascade",
        "update publication set body = ''",
        "delete from publication",
        "update command_key set digest = ''",
        "delete from command_key",
        "insert into epoch values (2, 0)",
        "update epoch set after = 9",
        "delete from migration",
        "alter table event disable trigger all",
        "alter table event add column x int",
        "drop table quarantine",
        "create table mine (x int)",
        "create table public.mine (x int)",
        "create temporary table mine (x int)",
        "create schema mine",
        "create function append() returns int language sql as 'select 1'",
        "select * from electronic_supervision.event",
        ANOTHERS_APPEND,
        "set role xiaoneng_electronic_supervision",
        "set session_replication_role = replica",
    ],
)
async def test_a_service_can_not_undo_or_overstep(provisioned: House, statement: str) -> None:
    async with provisioned.database(EVALUATION) as record:
        await append(record, [FILED], NOW, publications=[SAID], key=KEY)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await record.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into lease values ('relay', 'me', 1, now()); update lease set epoch = 2",
        "update relay_cursor set sequence = 1",
        "insert into checkpoint values ('CITY', 1); delete from checkpoint",
        "insert into seen values ('s', 'i', 'd')",
        "insert into source_sequence values ('s', 1)",
        "insert into gap values ('s', 1, 2, now()); delete from gap",
        "select * from migration; select * from epoch",
    ],
)
async def test_a_service_can_use_its_own_tables(provisioned: House, statement: str) -> None:
    async with provisioned.database(ELECTRONIC_SUPERVISION) as record:
        await record.execute(statement)


async def test_a_role_can_log_in_only_with_its_password(provisioned: House) -> None:
    url = provisioned.role_url(EVALUATION)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url.replace("password-", "guess-"))


async def test_the_password_itself_is_never_sent_to_the_server(provisioned: House) -> None:
    async with provisioned.database() as administrator:
        kept = await administrator.fetchval(
            "select rolpassword from pg_authid where rolname = 'xiaoneng_evaluation'"
        )
    assert kept.startswith("SCRAM-SHA-256$4096:")


async def test_a_stranger_is_not_let_into_the_database(provisioned: House) -> None:
    await provisioned.execute(
        "drop role if exists stranger; create role stranger login password 'p'"
    )
    url = provisioned.postgres_url
    stranger = f"postgresql://stranger:p@{url.rpartition('@')[2]}"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(stranger)

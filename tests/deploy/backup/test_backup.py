"""A backup restored is the record as it was, or it is refused."""

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from deploy.backup.backup import DUMP, backup
from deploy.backup.manifest import FILE, Manifest, read, write
from deploy.backup.restore import Restored, restore
from deploy.local.postgres import bundled
from deploy.refusal import RefusedError
from deploy.tenancies import ACCESS, TENANCIES
from deploy.verify.verify import verify
from kernel.access.policy import Role
from kernel.access.principal import Grant
from kernel.store.heads import noted
from kernel.store.store import StreamDisputedError
from services.evaluation.tenancy import TENANCY as EVALUATION
from tests.deploy.conftest import HALL, NUMBERS, PASSWORDS, House
from tests.deploy.provision.test_consumer_ahead import hear, know
from tests.deploy.record import NOW, close_unit, close_units
from tests.system.access import let_in, signed_in

TABLES = """
select table_schema || '.' || table_name from information_schema.tables
where table_schema = any($1) and table_type = 'BASE TABLE' order by 1
"""


@pytest.fixture
async def elsewhere(house: House) -> AsyncIterator[House]:
    """Return an empty database beside the house, with the same bus."""
    name = f"elsewhere_{next(NUMBERS)}"
    await house.execute(f"create database {name}")
    base, _, _ = house.postgres_url.rpartition("/")
    yield House(f"{base}/{name}", house.bus)
    await house.execute(f"drop database {name} with (force)")


async def dump(house: House) -> dict[str, list[str]]:
    """Return every row of every table of every service as text."""
    async with house.database() as connection:
        tables = await connection.fetch(TABLES, [each.name for each in TENANCIES])
        rows = {}
        for (table,) in tables:
            whole = io.BytesIO()
            schema, _, name = table.partition(".")
            await connection.copy_from_table(name, schema_name=schema, output=whole)
            rows[table] = sorted(whole.getvalue().decode().splitlines())
        for cursor in (name for name in rows if name.endswith(".relay_cursor")):
            # whether the stream agrees, each finds out for himself
            rows[cursor] = [line.rpartition("\t")[0] for line in rows[cursor]]
        return rows


async def put_back(house: House, folder: Path, heads: Path, *, replace: bool = False) -> Restored:
    return await restore(
        *(house.postgres_url, house.nats_url, folder, heads, PASSWORDS, NOW), replace=replace
    )


async def taken(house: House, folder: Path) -> Manifest:
    return await backup(house.postgres_url, folder, NOW)


async def filled(house: House) -> None:
    async with house.database(EVALUATION) as record:
        await close_units(record, 7)
        await record.execute("insert into seen values ('s', '办件', 'd')")
    await know(house, 0)


async def test_what_is_restored_equals_what_was_there(
    provisioned: House, elsewhere: House, tmp_path: Path
) -> None:
    await filled(provisioned)
    manifest = await taken(provisioned, tmp_path / "backup")
    assert manifest.services["evaluation"].position == 7
    assert manifest.services["evaluation"].publication == 7
    restored = await put_back(elsewhere, tmp_path / "backup", tmp_path / "heads")
    assert await dump(elsewhere) == await dump(provisioned)
    assert (restored.older, await elsewhere.codes()) == ({}, [])
    async with elsewhere.database(EVALUATION) as record:
        with pytest.raises(StreamDisputedError):  # until its relay has looked at the stream
            await close_unit(record, "too-early")
        await record.execute("update relay_cursor set is_agreed = true")
        assert await close_unit(record, "goes-on") == 8
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await record.execute("delete from event")


async def test_accounts_and_tokens_come_back_but_no_session_does(
    provisioned: House, tmp_path: Path
) -> None:
    url = provisioned.postgres_url
    await let_in(url, "a token")
    await signed_in(url, "zhang", Grant(role=Role.LEADER), now=NOW)
    await taken(provisioned, tmp_path / "backup")
    await put_back(provisioned, tmp_path / "backup", tmp_path / "heads", replace=True)
    async with provisioned.database(schema=ACCESS.name) as record:
        assert [row["name"] for row in await record.fetch("select name from account")] == ["zhang"]
        assert [row["name"] for row in await record.fetch("select name from token")] == ["operator"]
        assert await record.fetch("select from session") == [], "who left is let in again"


async def test_an_older_backup_is_recognised_and_goes_on_being_verified(
    provisioned: House, tmp_path: Path
) -> None:
    await filled(provisioned)
    await taken(provisioned, tmp_path / "backup")
    as_it_was = await dump(provisioned)
    async with provisioned.database(EVALUATION) as record:
        await close_units(record, 2, prefix="later")
    await verify(provisioned.postgres_url, EVALUATION, tmp_path / "heads", NOW)
    restored = await put_back(provisioned, tmp_path / "backup", tmp_path / "heads", replace=True)
    assert restored.older == {"evaluation": 9}
    assert await dump(provisioned) == as_it_was
    found = await verify(provisioned.postgres_url, EVALUATION, tmp_path / "heads", NOW)
    assert found.breaks == [], "what was noted beyond the backup is disowned"
    assert noted(tmp_path / "heads", "evaluation")[0].is_restored


async def test_an_older_backup_is_recognised_by_the_heads_on_an_empty_server(
    provisioned: House, elsewhere: House, tmp_path: Path
) -> None:
    await filled(provisioned)
    await taken(provisioned, tmp_path / "backup")
    async with provisioned.database(EVALUATION) as record:
        await close_unit(record, "later")
    await verify(provisioned.postgres_url, EVALUATION, tmp_path / "heads", NOW)
    restored = await put_back(elsewhere, tmp_path / "backup", tmp_path / "heads")
    assert restored.older == {"evaluation": 8}


async def test_the_bus_tells_again_what_an_older_backup_does_not_know(
    provisioned: House, tmp_path: Path
) -> None:
    await provisioned.say(HALL, 5)
    await hear(provisioned, 2)
    await know(provisioned, 2)
    await taken(provisioned, tmp_path / "backup")
    await hear(provisioned, 3)
    await know(provisioned, 5)
    restored = await put_back(provisioned, tmp_path / "backup", tmp_path / "heads", replace=True)
    assert "consumer-ahead" in [each.code for each in restored.applied]
    assert await hear(provisioned, 3) == [3, 4, 5]


async def test_a_backup_under_load_is_of_one_instant(
    provisioned: House, elsewhere: House, tmp_path: Path
) -> None:
    async with provisioned.database(EVALUATION) as record:
        await close_units(record, 100)

        async def go_on() -> None:
            for number in range(100_000):
                await close_unit(record, f"meanwhile-{number}")

        load = asyncio.create_task(go_on())
        manifest = await taken(provisioned, tmp_path / "backup")
        assert not load.done(), "the load ended too early to try anything"
        load.cancel()
        await asyncio.gather(load, return_exceptions=True)
    restored = await put_back(elsewhere, tmp_path / "backup", tmp_path / "heads")
    (found,) = [each for each in restored.findings if each.service == "evaluation"]
    assert found.head is not None
    assert found.head.position == manifest.services["evaluation"].position
    assert found.publications == found.head.position, "an event without what it says"
    rows = await dump(provisioned)
    assert len(rows["evaluation.event"]) > found.head.position, "nothing was written meanwhile"


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def shortened(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


def removed(file: Path) -> None:
    file.unlink()


async def test_a_damaged_backup_is_refused_and_changes_nothing(
    provisioned: House, tmp_path: Path
) -> None:
    await filled(provisioned)
    before = await dump(provisioned)
    for name in (DUMP, FILE):
        for number, harm in enumerate((flipped, shortened, removed)):
            folder = tmp_path / f"{name}-{number}"
            await taken(provisioned, folder)
            harm(folder / name)
            with pytest.raises(RefusedError) as refused:
                await put_back(provisioned, folder, tmp_path / "heads", replace=True)
            expected = "backup-foreign" if (name, harm) == (FILE, removed) else "backup-damaged"
            assert refused.value.code == expected, f"{name} {harm.__name__}"
    assert await dump(provisioned) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "tarball"}, "backup-foreign"),
        ({"version": 99}, "backup-newer"),
        ({"taken_at": "2001-01-01"}, "backup-damaged"),
        ({"services": {}}, "backup-damaged"),
        ({"files": {}}, "backup-damaged"),
        ({"digest": None}, "backup-damaged"),
    ],
)
async def test_a_manifest_that_was_edited_is_refused(
    provisioned: House, tmp_path: Path, change: dict[str, object], code: str
) -> None:
    await taken(provisioned, tmp_path / "backup")
    file = tmp_path / "backup" / FILE
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(RefusedError) as refused:
        read(tmp_path / "backup")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("select 1", "target-not-empty"),
        (
            "drop schema evaluation cascade; create schema evaluation; create table evaluation.x()",
            "target-foreign",
        ),
        (
            "insert into evaluation.lease values ('relay', 'me', 1, now() + interval '1 hour')",
            "target-running",
        ),
    ],
)
async def test_a_wrong_target_is_refused_and_left_as_it_is(
    provisioned: House, tmp_path: Path, target: str, code: str
) -> None:
    await filled(provisioned)
    await taken(provisioned, tmp_path / "backup")
    await provisioned.execute(target)
    before = await dump(provisioned)
    with pytest.raises(RefusedError) as refused:
        await put_back(
            provisioned, tmp_path / "backup", tmp_path / "heads", replace=code != "target-not-empty"
        )
    assert refused.value.code == code
    assert await dump(provisioned) == before


async def test_a_restore_that_fails_half_way_changes_nothing(
    provisioned: House, tmp_path: Path
) -> None:
    await filled(provisioned)
    await taken(provisioned, tmp_path / "backup")
    async with provisioned.database(EVALUATION) as record:
        await close_unit(record, "later")
    before = await dump(provisioned)
    await provisioned.execute(
        "create function public.no() returns event_trigger language plpgsql as"
        " $$ begin raise exception 'disk full'; end $$;"
        "create event trigger no on ddl_command_end when tag in ('CREATE INDEX')"
        " execute function public.no()"
    )
    with pytest.raises(RefusedError, match="disk full"):
        await put_back(provisioned, tmp_path / "backup", tmp_path / "heads", replace=True)
    assert await dump(provisioned) == before


async def test_a_backup_never_overwrites_and_leaves_nothing_half_done(
    provisioned: House, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    await taken(provisioned, tmp_path / "there")
    with pytest.raises(RefusedError) as refused:
        await taken(provisioned, tmp_path / "there")
    assert refused.value.code == "backup-exists"
    await provisioned.execute("drop schema evaluation cascade")
    with pytest.raises(RefusedError) as refused:
        await taken(provisioned, tmp_path / "new")
    assert refused.value.code == "not-provisioned"
    assert names_in(tmp_path) == ["there"]
    assert (tmp_path / "there").stat().st_mode & 0o077 == 0, "a backup holds personal data"


async def test_a_tool_that_stops_half_way_changes_nothing(
    provisioned: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(provisioned)
    await taken(provisioned, tmp_path / "backup")
    before = await dump(provisioned)
    tools = tmp_path / "tools"
    breaking(tools)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    with pytest.raises(RefusedError, match=r"pg_restore.*killed"):
        await put_back(provisioned, tmp_path / "backup", tmp_path / "heads", replace=True)
    assert await dump(provisioned) == before, "what was there was dropped for half a backup"


def breaking(folder: Path) -> None:
    """Make tools of which one says a little, and fails."""
    folder.mkdir()
    binaries = bundled()
    assert binaries is not None
    for name in ("pg_dump", "psql"):
        (folder / name).write_text(f'#!/bin/sh\nexec {binaries / name} "$@"\n')
    words = "case $1 in --version) echo pg_restore 18.6;; *) echo 'create schema evaluation;';"
    (folder / "pg_restore").write_text(f"#!/bin/sh\n{words} echo killed >&2; exit 1;; esac\n")
    for tool in folder.iterdir():
        tool.chmod(0o755)


async def test_a_record_that_is_not_what_the_manifest_says_is_reported(
    provisioned: House, elsewhere: House, tmp_path: Path
) -> None:
    await filled(provisioned)
    manifest = await taken(provisioned, tmp_path / "backup")
    told = replace(manifest.services["evaluation"], hash="00" * 32)
    write(
        tmp_path / "backup", replace(manifest, services={**manifest.services, "evaluation": told})
    )
    with pytest.raises(RefusedError) as refused:
        await put_back(elsewhere, tmp_path / "backup", tmp_path / "heads")
    assert refused.value.code == "restore-unfaithful"

"""Write the records of all services, as of one instant, into a folder."""

import os
import secrets
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from deploy.administrator import administrator
from deploy.backup.manifest import FILE, Manifest, Record, digest_of, write
from deploy.backup.tools import Tools, arguments, tools_for
from deploy.provision.schemas import is_older, within
from deploy.provision.settings import SHAPE
from deploy.refusal import RefusedError
from deploy.tenancies import ACCESS, TENANCIES
from kernel.tenancy import Tenancy

DUMP = "record.dump"
NEVER_RESTORED = (f"{ACCESS.name}.session", f"{ACCESS.name}.failure")
"""A session that ended since must not come back to life."""

THERE = "select array(select n from unnest($1::text[]) n where to_regnamespace(n) is not null)"
HEAD = "select position, encode(hash, 'hex') as hash from event order by position desc limit 1"
SAID = "select coalesce(max(sequence), 0) from publication"
EPOCH = "select max(number) from epoch"
HEARD = "select stream, stream_sequence from checkpoint order by stream"


async def backup(
    postgres_url: str, folder: Path, taken_at: datetime, tenancies: Sequence[Tenancy] = TENANCIES
) -> Manifest:
    """Write a backup that was read again and found whole; the folder appears only then.

    The services may go on working meanwhile. `taken_at` is aware. Raises RefusedError:
    `backup-exists`, `backup-incomplete`, `not-provisioned`, `tool-missing`, `tool-failed`, and
    those of `administrator`; then there is no folder.
    """
    _refuse_existing(folder)
    connection = await administrator(postgres_url)
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.partial")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
        manifest = await _written(connection, postgres_url, partial, taken_at, tenancies)
        partial.rename(folder)
        _flush(folder.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        await connection.close()
    return manifest


async def _written(
    connection: asyncpg.Connection,
    url: str,
    folder: Path,
    taken_at: datetime,
    tenancies: Sequence[Tenancy],
) -> Manifest:
    tools = tools_for(connection.get_server_version().major)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        # what the manifest says and what the dump holds are of the same instant
        snapshot = await connection.fetchval("select pg_export_snapshot()")
        schemas = await _there(connection, tenancies)
        records = {each: await _record(connection, each) for each in schemas}
        kind = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        kind += [f"--exclude-table-data={each}" for each in NEVER_RESTORED]
        place = f"--file={folder / DUMP}"
        await tools.run("pg_dump", *kind, place, *arguments(schemas), url=url)
    await _check(tools, folder / DUMP, schemas)
    manifest = Manifest(
        taken_at=taken_at.isoformat(),
        postgres=str(connection.get_server_version().major),
        shape=SHAPE,
        services=records,
        files={DUMP: digest_of(folder / DUMP)},
    )
    write(folder, manifest)
    for file in (folder / DUMP, folder / FILE, folder):
        _flush(file)
    return manifest


async def _there(connection: asyncpg.Connection, tenancies: Sequence[Tenancy]) -> Sequence[str]:
    """Return the schemas to write: all but those that an older version did not have."""
    names = [each.name for each in tenancies]
    found: Sequence[str] = await connection.fetchval(THERE, names)
    missing = [each for each in names if each not in found]
    if missing and not await is_older(connection, tenancies):
        raise _not_provisioned(missing[0])
    return found


def _not_provisioned(schema: str) -> RefusedError:
    return RefusedError(
        "not-provisioned",
        f"库中没有 {schema} 的记录。",
        "请核对 XIAONENG_POSTGRES_URL 的库名；新库请先执行 xiaoneng provision。",
    )


async def _record(connection: asyncpg.Connection, schema: str) -> Record:
    async with within(connection, schema):
        if await connection.fetchval("select to_regclass('checkpoint')") is None:
            raise _not_provisioned(schema)
        head = await connection.fetchrow(HEAD)
        heard = await connection.fetch(HEARD)
        return Record(
            position=head["position"] if head else 0,
            hash=head["hash"] if head else "",
            publication=await connection.fetchval(SAID),
            epoch=await connection.fetchval(EPOCH),
            checkpoints={row["stream"]: row["stream_sequence"] for row in heard},
        )


async def _check(tools: Tools, dump: Path, schemas: Sequence[str]) -> None:
    """Read the dump again, from its list to its last byte."""
    listed = await tools.run("pg_restore", "--list", str(dump))
    await tools.run("pg_restore", f"--file={os.devnull}", str(dump))
    if missing := [each for each in schemas if f" TABLE DATA {each} event " not in listed]:
        raise RefusedError(
            "backup-incomplete",
            f"写出的备份中缺少 {'、'.join(missing)}，已删除。",
            "请检查管理用户能否读取全部模式，然后重新执行。",
        )


def _refuse_existing(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        raise RefusedError(
            "backup-exists",
            f"{folder} 已存在，且不是空目录。",
            "请给出一个新的目录名，例如带上日期。",
        )


def _flush(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)

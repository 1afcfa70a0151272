"""Put the records of a backup back: all of them or none, and then make sure they are whole."""

import asyncio
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deploy.administrator import administrator
from deploy.backup.backup import DUMP
from deploy.backup.manifest import Manifest, read
from deploy.backup.target import refuse_unfit
from deploy.backup.tools import Tools, failed, reach, tools_for
from deploy.provision.difference import Difference
from deploy.provision.provision import STANDARD, provision
from deploy.provision.settings import Settings
from deploy.refusal import RefusedError
from deploy.tenancies import TENANCIES
from deploy.verify.verify import Finding, verify
from kernel.store.chain import Head
from kernel.store.heads import note, noted
from kernel.tenancy import Tenancy

SILENCE = "update relay_cursor set is_agreed = false;"
UNDERSTANDS_TIMEOUT = 17
"""The first PostgreSQL that knows transaction_timeout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back; `older` gives, by service, the later position that is known of."""

    manifest: Manifest
    applied: Sequence[Difference]
    findings: Sequence[Finding]
    older: Mapping[str, int]


async def restore(
    postgres_url: str,
    nats_url: str,
    folder: Path,
    heads: Path,
    passwords: Mapping[str, str],
    now: datetime,
    *,
    replace: bool = False,
    settings: Settings = STANDARD,
    tenancies: Sequence[Tenancy] = TENANCIES,
) -> Restored:
    """Restore a backup, provision what it lacks, and verify it.

    Records that are there are dropped only with `replace`, in the same transaction. `heads` is
    where heads were noted; `now` is aware. Raises RefusedError, of `read`, `refuse_unfit`,
    `tools_for`, `provision`, and `restore-unfaithful`; up to provisioning nothing has changed then.
    """
    manifest = read(folder)
    connection = await administrator(postgres_url)
    try:
        lasts = await refuse_unfit(connection, manifest, tenancies, replace=replace)
        major = connection.get_server_version().major
        # tools of 17 and later speak of a setting that older servers refuse
        tools = tools_for(
            major, newest=99 if major >= UNDERSTANDS_TIMEOUT else UNDERSTANDS_TIMEOUT - 1
        )
    finally:
        await connection.close()
    await _put_back(tools, postgres_url, folder / DUMP, manifest)
    report = await provision(postgres_url, nats_url, passwords, settings, tenancies)
    older = {}
    for name, record in manifest.services.items():
        known = max([lasts.get(name, 0), *(each.head.position for each in noted(heads, name))])
        if known > record.position:
            older[name] = known
            head = Head(position=record.position, hash=bytes.fromhex(record.hash))
            note(heads, name, head, now, is_restored=True)
    findings = [
        await verify(postgres_url, each, heads, now)
        for each in tenancies
        if each.name in manifest.services
    ]
    _refuse_unfaithful(manifest, findings)
    return Restored(manifest=manifest, applied=report.applied, findings=findings, older=older)


async def _put_back(tools: Tools, url: str, dump: Path, manifest: Manifest) -> None:
    """Let pg_restore speak to psql, and say `commit` only after it has said all."""
    drops = [f"drop schema if exists {each} cascade;" for each in manifest.services]
    ours, theirs = os.pipe()
    target, environment = reach(url)
    how = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output", os.devnull]
    psql = await asyncio.create_subprocess_exec(
        *(str(tools.folder / "psql"), *target, *how),
        stdin=ours,
        stderr=subprocess.PIPE,
        env=environment,
    )
    os.close(ours)
    told = asyncio.create_task(psql.communicate())
    says = ["--no-owner", "--no-privileges", "--file=-", str(dump)]
    with suppress(BrokenPipeError), os.fdopen(theirs, "wb", buffering=0) as out:
        out.write(
            "\n".join(["begin;", "set local client_min_messages = warning;", *drops, ""]).encode()
        )
        speaker = await asyncio.create_subprocess_exec(
            str(tools.folder / "pg_restore"), *says, stdout=out, stderr=subprocess.PIPE
        )
        _, errors = await speaker.communicate()
        if speaker.returncode == 0:
            out.write("\n".join(["", *_silenced(manifest), "commit;", ""]).encode())
    _, refused = await told
    if psql.returncode:
        raise failed("psql", refused)
    if speaker.returncode:
        raise failed("pg_restore", errors)


def _silenced(manifest: Manifest) -> list[str]:
    """Let no service speak before its relay found that the stream holds nothing later."""
    return [
        line
        for each in manifest.services
        for line in (f"set local search_path to {each};", SILENCE)
    ]


def _refuse_unfaithful(manifest: Manifest, findings: Sequence[Finding]) -> None:
    for each in findings:
        record = manifest.services[each.service]
        head = (each.head.position, each.head.hash.hex()) if each.head else (0, "")
        if each.breaks or head != (record.position, record.hash):
            raise RefusedError(
                "restore-unfaithful",
                f"{each.service} 恢复后的记录与备份所述不符（共 {len(each.breaks)} 处）。",
                "请勿启动服务；用 xiaoneng verify 查看，并换用另一份备份。",
            )

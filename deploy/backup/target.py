"""Whether a database may be overwritten by a backup."""

from collections.abc import Iterable

import asyncpg

from deploy.backup.manifest import Manifest
from deploy.provision.schemas import within
from deploy.provision.settings import SHAPE
from deploy.refusal import RefusedError
from kernel.tenancy import Tenancy

OWNED = """
select pg_get_userbyid(nspowner) = current_user and exists (
    select from pg_class where relnamespace = n.oid and relname = 'migration')
    or not exists (select from pg_class where relnamespace = n.oid)
from pg_namespace n where nspname = $1
"""
HOLDS = """
select exists (select from event) or exists (select from publication)
    or exists (select from command_key) or exists (select from seen)
    or exists (select from checkpoint) or exists (select from quarantine)
"""
RUNNING = "select exists (select from lease where expires_at > clock_timestamp())"
LAST = "select coalesce(max(position), 0) from event"


async def refuse_unfit(
    connection: asyncpg.Connection,
    manifest: Manifest,
    tenancies: Iterable[Tenancy],
    *,
    replace: bool,
) -> dict[str, int]:
    """Return the last position of each record that will be replaced.

    Raises RefusedError: `backup-foreign`, `backup-newer`, `target-older`, `target-foreign`,
    `target-running`, `target-not-empty`.
    """
    _refuse_unknown(manifest, {each.name for each in tenancies})
    if connection.get_server_version().major < int(manifest.postgres):
        raise RefusedError(
            "target-older",
            f"备份出自 PostgreSQL {manifest.postgres}，目标服务器较旧。",
            f"请恢复到 {manifest.postgres} 或更高版本的服务器。",
        )
    lasts = {each: await _last(connection, each, replace=replace) for each in manifest.services}
    return {name: last for name, last in lasts.items() if last}


def _refuse_unknown(manifest: Manifest, known: set[str]) -> None:
    if unknown := set(manifest.services) - known:
        raise RefusedError(
            "backup-foreign",
            f"备份中有本程序不认识的服务：{'、'.join(sorted(unknown))}。",
            "请用制作备份的版本来恢复。",
        )
    if manifest.shape > SHAPE:
        raise RefusedError(
            "backup-newer",
            f"备份出自开通版本 {manifest.shape}，本程序为 {SHAPE}。",
            "请升级本程序后再恢复。",
        )


async def _last(connection: asyncpg.Connection, schema: str, *, replace: bool) -> int:
    is_ours = await connection.fetchval(OWNED, schema)
    if is_ours is None:
        return 0
    async with within(connection, schema):
        is_provisioned = await connection.fetchval("select to_regclass('checkpoint')") is not None
        if not is_ours:
            raise RefusedError(
                "target-foreign",
                f"目标库中的模式 {schema} 不是本平台所建，不会覆盖它。",
                "请换一个库，或先自行处理该模式。",
            )
        if not is_provisioned:
            return 0
        if await connection.fetchval(RUNNING):
            raise RefusedError(
                "target-running",
                f"服务 {schema} 正在目标库上运行。",
                "请先停止全部服务，等待数秒后重新执行。",
            )
        if not replace and await connection.fetchval(HOLDS):
            raise RefusedError(
                "target-not-empty",
                f"目标库中的 {schema} 已有记录，不会覆盖它。",
                "请核对目标库；确要以备份取代现有记录，请加 --replace。",
            )
        return int(await connection.fetchval(LAST))

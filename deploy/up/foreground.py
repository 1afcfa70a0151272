"""Run the servers and services of a stack until it is told to stop."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from os import getpid
from pathlib import Path
from typing import TextIO

from deploy.account.accounts import Opened, first
from deploy.account.local_token import local_token
from deploy.demo.mark import is_demo
from deploy.local.health import Health, health
from deploy.local.leftovers import leftovers, stop_leftovers
from deploy.local.occupation import occupied
from deploy.local.ports import make_sure_free, needed, ports_from
from deploy.local.servers import NATS, Servers, own_servers
from deploy.local.stack import Stack, announce, announce_end, retract
from deploy.provision.provision import provision
from deploy.refusal import RefusedError
from deploy.site import Site, completed
from deploy.up import simulation
from deploy.up.steps import step
from deploy.up.told import Told, ToldToStop
from deploy.up.unless_told import unless_told
from kernel.process import spare_the_collector
from kernel.web.logs import configure

LOGS = "logs"
LOG = "services.log"
READY_SECONDS = 30.0
PAUSE_SECONDS = 0.05

Welcome = Callable[[Stack, Health, Sequence[Opened]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What is to be started, with a simulated city if `demo`; steps are shown on `out`.

    `told` knows when to stop. The first accounts are opened by who `opens_accounts`: their
    passwords are said.
    """

    site: Site
    port: int
    demo: bool
    clock: Callable[[], datetime]
    out: TextIO
    told: Told
    opens_accounts: bool = True
    connectors: Path | None = None


def run_in_foreground(start: Start, welcome: Welcome) -> int | Exception:
    """Run until told to stop; return the exit code, or why it came to an end by itself.

    `welcome` hears of the stack once it is ready, or has had its time. Raises RefusedError.
    """
    folder = start.site.data
    try:
        with occupied(folder, "up"), ExitStack() as running:
            retract(folder)  # what one told that was killed
            running.callback(retract, folder)
            try:
                _clear(start)
                return _run(start, running, welcome)
            finally:
                announce_end(folder)
    except ToldToStop as told:
        return told.code
    except RefusedError:
        if start.told.code is not None:  # nobody waits for what was in the way
            return start.told.code
        raise


def _clear(start: Start) -> None:
    """Make sure of the ports, and that nobody is left from the last time."""
    if any(leftovers(start.site.data)):
        with step("停止上次遗留的服务器", start.out, start.told):
            stop_leftovers(start.site.data)
    make_sure_free(needed(start.port, start.site.environment))


def _run(start: Start, running: ExitStack, welcome: Welcome) -> int | Exception:
    site, out, told = start.site, start.out, start.told
    with step("启动 PostgreSQL 和 NATS", out, told):
        servers = running.enter_context(_servers(start))
    if start.demo:
        real = simulation.refuse_real_records(servers.postgres_url, site.data)
        completed(unless_told(real, told))
    with step("核对库表、事件流和权限", out, told):
        who = (servers.postgres_url, servers.nats_url, site.passwords(), site.settings)
        report = completed(unless_told(provision(*who), told))
        ours = local_token(servers.postgres_url, now=start.clock())
        token = completed(unless_told(ours, told))
        if start.demo:
            completed(unless_told(simulation.admit_all(servers.postgres_url), told))
    with step("载入服务", out, told):
        from deploy.up.serve import Plan, serve  # a second of imports, told of while it passes

    stack = _stack(start, servers, token)
    configure(running.enter_context(_log_of(site)))
    spare_the_collector()
    plan = Plan(
        port=start.port,
        access=report.access,
        children=servers.children,
        heads=site.heads,
        connectors=start.connectors,
        environment=site.environment,
        notice=simulation.NOTICE if stack.is_demo else "",
        clock=start.clock,
        told=told,
        ending=partial(announce_end, site.data),
        beside=[
            partial(_welcome, start, stack, welcome),
            *([partial(simulation.run, site, stack, start.clock, out)] if start.demo else []),
        ],
    )
    return asyncio.run(serve(plan))


def _servers(start: Start) -> AbstractContextManager[Servers]:
    site, also = start.site, simulation.names() if start.demo else []
    return own_servers(
        site.data,
        site.environment,
        users=lambda url: site.users(url, also=also),
        ports=ports_from(start.port),
        pause=start.told.pause,
    )


def _stack(start: Start, servers: Servers, token: str) -> Stack:
    site = start.site
    bus = [each.process.pid for each in servers.children if each.name == NATS]
    return Stack(
        pid=getpid(),
        started_at=start.clock().isoformat(),
        console=f"http://127.0.0.1:{start.port}",
        token=token,
        postgres_url=servers.postgres_url,
        nats_url=servers.nats_url,
        nats_pid=bus[0] if bus else 0,
        is_demo=start.demo or is_demo(site.data),
    )


def _log_of(site: Site) -> TextIO:
    logs = site.data / LOGS
    logs.mkdir(exist_ok=True, mode=0o700)
    return (logs / LOG).open("a", encoding="utf-8", buffering=1)


async def _welcome(start: Start, stack: Stack, welcome: Welcome) -> None:
    """Announce what listens, and welcome it once it is ready."""
    announce(start.site.data, stack)
    accounts: Sequence[Opened] = ()
    if start.opens_accounts:
        now = start.clock()
        accounts = await first(stack.postgres_url, is_demo=stack.is_demo, now=now)
    ticks = asyncio.get_running_loop().time
    deadline = ticks() + READY_SECONDS
    while True:
        found = await asyncio.to_thread(health, stack.console)
        if found.is_ready or ticks() > deadline:
            welcome(stack, found, accounts)
            return
        await asyncio.sleep(PAUSE_SECONDS)

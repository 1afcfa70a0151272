"""The simulated city of a demonstration, beside the services that supervise it."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from deploy.administrator import administrator
from deploy.demo.mark import is_demo
from deploy.local.stack import Stack
from deploy.provision.roles import url_for
from deploy.provision.schemas import within
from deploy.provision.users import user_of_system
from deploy.refusal import RefusedError
from deploy.site import Site
from deploy.tenancies import ELECTRONIC_SUPERVISION, TENANCIES
from deploy.up.reason import reason
from services.electronic_supervision.doors.systems import CitySystem, admit, systems

LOG = logging.getLogger(__name__)
NOTICE = "演示数据：单位、办件均为虚构"


async def refuse_real_records(postgres_url: str, folder: Path) -> None:
    """Refuse to let a simulated city speak where a real one has. Raises RefusedError."""
    if is_demo(folder) or not await _holds_records(postgres_url):
        return
    raise RefusedError(
        "not-a-demo",
        f"{folder} 中已有真实的记录，不能再运行模拟的城市。",
        "请去掉 --demo，或用 --data 为演示另选一个目录。",
    )


def names() -> list[str]:
    """Return the names of the systems of the simulated city."""
    return [each.name for each in _systems()]


async def admit_all(postgres_url: str) -> None:
    """Admit the systems of the simulated city, as they are by now."""
    connection = await administrator(postgres_url)
    try:
        await connection.execute(f"set search_path to {ELECTRONIC_SUPERVISION.name}")
        known = await systems(connection)
        for each in _systems():
            if known.get(each.name) != each:
                await admit(connection, each)
    finally:
        await connection.close()


async def run(site: Site, stack: Stack, clock: Callable[[], datetime], out: TextIO) -> None:
    """Let the city live until cancelled; if it fails it is told, and the services go on."""
    users = {name: user_of_system(name) for name in names()}
    passwords = site.passwords_of(users.values())
    urls = {name: url_for(stack.nats_url, user, passwords[user]) for name, user in users.items()}
    from deploy.demo.live import live  # as below

    try:
        await live(
            folder=site.data,
            console=stack.console,
            operator_token=stack.token,
            nats_urls=urls,
            clock=clock,
        )
    except Exception as error:
        LOG.exception("the simulated city failed", exc_info=error)
        why = reason(error)
        words = why.message + why.fix if isinstance(why, RefusedError) else repr(why)
        out.write(f"模拟的城市中止了（{words}）；各服务照常运行。\n")
        out.flush()


def _systems() -> Sequence[CitySystem]:
    from deploy.demo.city import SYSTEMS  # of no use to a city that is not simulated

    return SYSTEMS


async def _holds_records(postgres_url: str) -> bool:
    connection = await administrator(postgres_url)
    try:
        for each in (each for each in TENANCIES if each.is_on_bus):  # accounts are of no city
            async with within(connection, each.name):
                if await connection.fetchval("select to_regclass('event')") is None:
                    continue
                if await connection.fetchval("select exists (select from event)"):
                    return True
    finally:
        await connection.close()
    return False

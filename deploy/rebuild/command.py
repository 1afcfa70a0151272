"""`xiaoneng rebuild`: make what a service keeps beside its record anew from the record."""

import secrets
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg

from contracts.streams import CITY
from deploy.administrator import administrator
from deploy.refusal import RefusedError
from deploy.site import SERVICES, add_data, completed, site_of
from deploy.tenancies import ACCESS, ELECTRONIC_SUPERVISION, EVALUATION
from kernel.access.rebuild import rebuild as rebuild_access
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.catalogue.tables import rebuild as rebuild_catalogue
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors.systems import systems
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.loop.law import take_up
from services.electronic_supervision.loop.rebuild import StillJudgingError
from services.electronic_supervision.loop.rebuild import rebuild as rebuild_supervision
from services.electronic_supervision.registers.keep import rebuild as rebuild_registers
from services.evaluation.project import rebuild as rebuild_evaluation

SUMMARY = "重建：由记录重新生成服务的查询表"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("service", choices=SERVICES, metavar="SERVICE", help="、".join(SERVICES))
    add_data(parser)


def run(arguments: Namespace, _: datetime) -> int:
    """Carry the command out. Raises RefusedError (`service-running`)."""
    began = time.perf_counter()
    with site_of(arguments).postgres() as url:
        completed(_rebuild(url, arguments.service))
    print(f"{arguments.service} 的查询表已重建，用时 {time.perf_counter() - began:.1f} 秒。")
    return 0


async def _rebuild(url: str, service: str) -> None:
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {service}")
        await REBUILDERS[service](connection)
    except StillJudgingError as error:
        raise RefusedError(
            "service-running",
            f"{service} 仍在运行（{error}）。",
            "请先停止该服务，等待数秒后重新执行。",
        ) from error
    finally:
        await connection.close()


async def _supervision(connection: asyncpg.Connection) -> None:
    known = await systems(connection)
    court = Court(
        law=stated_law(Office(calendar=published_calendar(), zone=ZoneInfo("Asia/Shanghai"))),
        settle={system.source: system.settle for system in known.values()},
    )
    await rebuild_catalogue(connection)
    await rebuild_registers(connection)
    await take_up(connection, court)
    await rebuild_supervision(connection, court, (CITY,), f"rebuild-{secrets.token_hex(8)}")


async def _evaluation(connection: asyncpg.Connection) -> None:
    await rebuild_evaluation(connection)


REBUILDERS: dict[str, Callable[[asyncpg.Connection], Awaitable[None]]] = {
    ACCESS.name: rebuild_access,
    ELECTRONIC_SUPERVISION.name: _supervision,
    EVALUATION.name: _evaluation,
}

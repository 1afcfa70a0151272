"""`xiaoneng admit`: let a city system report, under its own source and with its own token."""

import re
import secrets
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime, timedelta

import asyncpg

from deploy.administrator import administrator
from deploy.local.site import add_data, completed, site_of
from deploy.refusal import RefusedError
from deploy.tenancies import ELECTRONIC_SUPERVISION
from services.electronic_supervision.doors.systems import CitySystem, admit

SUMMARY = "接入：允许一个城市系统以自己的名义报送"
HOURS = re.compile(r"(\d{1,3})(h|m)")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("name", metavar="NAME", help="系统名，总线主题 city.NAME.… 中的一段")
    parser.add_argument("source", metavar="SOURCE", help="该系统事件的 source，如 /wuhu/approvals")
    parser.add_argument(
        "--settle",
        type=_duration,
        default=timedelta(),
        metavar="TIME",
        help="最迟多久上传已办的事，如 6h、30m；默认即时",
    )
    add_data(parser)


def run(arguments: Namespace, _: datetime) -> int:
    """Carry the command out. Raises RefusedError (`source-taken`, `not-provisioned`)."""
    system = CitySystem(name=arguments.name, source=arguments.source, settle=arguments.settle)
    token = secrets.token_urlsafe(24)
    with site_of(arguments).postgres() as url:
        completed(_admit(url, system, token))
    print(f"{system.name} 可以 {system.source} 的名义报送。HTTP 令牌（只显示这一次）：")
    print(token)
    return 0


def _duration(text: str) -> timedelta:
    found = HOURS.fullmatch(text)
    if found is None:
        raise ArgumentTypeError("应为小时或分钟，如 6h、30m")
    number = int(found[1])
    return timedelta(hours=number) if found[2] == "h" else timedelta(minutes=number)


async def _admit(url: str, system: CitySystem, token: str) -> None:
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {ELECTRONIC_SUPERVISION.name}")
        await admit(connection, system, token=token)
    except asyncpg.UniqueViolationError as error:
        raise RefusedError(
            "source-taken",
            f"{system.source} 已是另一个系统的名义。",
            "每个系统用自己的 source；请核对后重新执行。",
        ) from error
    except asyncpg.UndefinedTableError as error:
        raise RefusedError(
            "not-provisioned",
            "库中没有电子监察的记录。",
            "请先执行 xiaoneng provision。",
        ) from error
    finally:
        await connection.close()

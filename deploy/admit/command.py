"""`xiaoneng admit`: let a city system report, under its own source and with its own token."""

import re
import secrets
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime, timedelta

import asyncpg
from pydantic import TypeAdapter, ValidationError

from contracts.vocabulary import Code, UriReference
from deploy.administrator import administrator
from deploy.local.site import add_data, completed, site_of
from deploy.refusal import RefusedError
from deploy.tenancies import ELECTRONIC_SUPERVISION, TENANCIES
from services.electronic_supervision.doors.systems import CitySystem, admit

SUMMARY = "接入：允许一个城市系统以自己的名义报送"
HOURS = re.compile(r"(\d{1,3})(h|m)")
NAME: TypeAdapter[str] = TypeAdapter(Code)
SOURCE: TypeAdapter[str] = TypeAdapter(UriReference)


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
    """Carry the command out.

    Raises RefusedError (`name-unusable`, `source-unusable`, `source-taken`, `not-provisioned`).
    """
    _make_sure_of_usable(arguments.name, arguments.source)
    system = CitySystem(name=arguments.name, source=arguments.source, settle=arguments.settle)
    token = secrets.token_urlsafe(24)
    with site_of(arguments).postgres() as url:
        completed(_admit(url, system, token))
    print(f"{system.name} 可以 {system.source} 的名义报送。HTTP 令牌（只显示这一次）：")
    print(token)
    return 0


def _make_sure_of_usable(name: str, source: str) -> None:
    """Refuse what no event could carry, before a system is told that it may report."""
    try:
        NAME.validate_python(name)
    except ValidationError as error:
        fix = "系统名不能为空，不超过100个字符，首尾不能有空格，不能含控制字符。"
        raise RefusedError("name-unusable", "系统名不能使用。", fix) from error
    try:
        SOURCE.validate_python(source)
    except ValidationError as error:
        fix = "请用以 / 开头的路径或者完整的 URI，如 /wuhu/approvals；空格、汉字等须作百分号编码。"
        raise RefusedError("source-unusable", f"事件的 source 不能是 {source!r}。", fix) from error
    if any(source.startswith(tenancy.source) for tenancy in TENANCIES):
        raise RefusedError(
            "source-taken",
            f"{source} 是本平台自己的名义。",
            "每个系统用自己的 source；请核对后重新执行。",
        )


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

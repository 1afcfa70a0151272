"""`xiaoneng epoch open`: let a service speak anew after an older record was restored."""

from argparse import ArgumentParser, Namespace
from datetime import datetime

import asyncpg

from deploy.administrator import administrator
from deploy.refusal import RefusedError
from deploy.site import add_data, completed, site_of
from deploy.tenancies import TENANCIES
from kernel.relay.epoch import StillRunningError, open_epoch

SPEAKERS = [each.name for each in TENANCIES if each.is_on_bus]
SUMMARY = "纪元：恢复较早的备份后，让服务以新的来源继续发布"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("action", choices=["open"], metavar="open", help="开启新纪元")
    parser.add_argument("service", choices=SPEAKERS, metavar="SERVICE", help="、".join(SPEAKERS))
    add_data(parser)


def run(arguments: Namespace, _: datetime) -> int:
    """Carry the command out. Raises RefusedError (`service-running`, `not-provisioned`)."""
    with site_of(arguments).postgres() as url:
        number = completed(_open(url, arguments.service))
    print(f"{arguments.service} 已开启第 {number} 纪元；请重新启动该服务。")
    return 0


async def _open(url: str, service: str) -> int:
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {service}")
        return await open_epoch(connection)
    except StillRunningError as error:
        raise RefusedError(
            "service-running",
            f"{service} 仍在运行（{error}）。",
            "请先停止该服务，等待数秒后重新执行。",
        ) from error
    except asyncpg.UndefinedTableError as error:
        raise RefusedError(
            "not-provisioned",
            f"库中没有 {service} 的记录。",
            "请核对库名；新库请先执行 xiaoneng provision。",
        ) from error
    finally:
        await connection.close()

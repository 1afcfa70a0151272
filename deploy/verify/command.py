"""`xiaoneng verify`: say whether the records are what they were."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from deploy.administrator import administrator
from deploy.provision.schemas import is_older
from deploy.refusal import RefusedError
from deploy.site import SERVICES, add_data, completed, site_of
from deploy.tenancies import TENANCIES
from deploy.verify.verify import Finding, verify
from kernel.store.chain import Break
from kernel.store.heads import HeadsDamagedError

SUMMARY = "核验：逐条检查各服务的记录是否被改动、删除或重写"
SHOWN = 20
WORDS = {
    "altered": "第 {} 条事件被改动",
    "missing": "第 {} 条事件缺失",
    "cut": "第 {} 条事件与库外所记不符，记录的尾部被截去或重写",
    "publication-missing": "第 {} 条发布缺失",
    "publication-altered": "第 {} 条发布被改动",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--service", choices=SERVICES, metavar="NAME", help="只核验这一服务")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    add_data(parser)


def run(arguments: Namespace, now: datetime) -> int:
    """Carry the command out at `now` (aware): 0 if all is well, 1 if not. Raises RefusedError."""
    site = site_of(arguments)
    wanted = [arguments.service] if arguments.service else SERVICES
    with site.postgres() as url:
        try:
            findings = completed(_all(url, site.heads_to_write(), wanted, now))
        except HeadsDamagedError as error:
            print(f"库外所记的链头被改动或损坏：{error}。请从备份恢复该文件，并查明原因。")
            return 1
    if arguments.json:
        json.dump([_as_data(each) for each in findings], sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        for each in findings:
            _tell(each)
    return 1 if any(each.breaks for each in findings) else 0


async def _all(url: str, heads: Path, services: Sequence[str], now: datetime) -> list[Finding]:
    wanted = [each for each in TENANCIES if each.name in services]
    found = [await verify(url, each, heads, now) for each in wanted]
    missing = [each.service for each in found if not each.is_there and not each.breaks]
    if missing and not await _is_older(url):
        raise RefusedError(
            "not-provisioned",
            f"库中没有 {'、'.join(missing)} 的记录。",
            "请核对库名；新库请先执行 xiaoneng provision。",
        )
    return found


async def _is_older(url: str) -> bool:
    connection = await administrator(url)
    try:
        return await is_older(connection, TENANCIES)
    finally:
        await connection.close()


def _tell(found: Finding) -> None:
    events = found.head.position if found.head else 0
    if not found.is_there and not found.breaks:
        print(f"{found.service}：还没有记录，执行 xiaoneng up 或 xiaoneng provision 后才有。")
        return
    if not found.breaks:
        compared = f"，与库外所记 {found.compared} 处相符" if found.compared else ""
        print(f"{found.service}：完好，{events} 条事件，{found.publications} 条发布{compared}。")
        return
    print(f"{found.service}：不完好，共 {len(found.breaks)} 处。")
    for each in found.breaks[:SHOWN]:
        print(f"  {_words(each)}")
    if len(found.breaks) > SHOWN:
        print(f"  ……其余 {len(found.breaks) - SHOWN} 处见 --json。")


def _words(each: Break) -> str:
    return WORDS[each.what].format(each.position) + "。"


def _as_data(found: Finding) -> dict[str, object]:
    return {
        "service": found.service,
        "position": found.head.position if found.head else 0,
        "hash": found.head.hash.hex() if found.head else "",
        "publications": found.publications,
        "compared": found.compared,
        "breaks": [{"position": each.position, "what": each.what} for each in found.breaks],
    }

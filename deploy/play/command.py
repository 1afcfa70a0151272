"""`xiaoneng play`: let another system's log speak on the bus, as its system would have."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from math import isfinite
from pathlib import Path

from rich.console import Console

from deploy.play.play import Played, Wish, play
from deploy.play.progress import shown_on
from deploy.play.read import UNSAYABLE
from deploy.site import add_data, site_of
from services.electronic_supervision.audit.report import REJECTIONS
from services.electronic_supervision.audit.spool import Spool
from services.electronic_supervision.connect.telling import OFFICE
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.map_file import load_map
from services.electronic_supervision.log.record import Rejected
from services.electronic_supervision.log.refusal import visible

SUMMARY = "回放：把另一系统的办件日志报送到运行中的平台"
SHOWN = 20
WORDS = REJECTIONS | {UNSAYABLE: "不能作为事件报送"}
WEEK = timedelta(weeks=1)


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("log", metavar="LOG", type=Path, help="日志：.csv、.xlsx、.xes，均可为 .gz")
    parser.add_argument("--map", type=Path, required=True, metavar="MAP.yaml", help="字段对照表")
    parser.add_argument(
        "--speed", type=_speed, metavar="X", help="按日志原来的节奏、快 X 倍报送；默认尽快报送"
    )
    parser.add_argument(
        "--shift-to-now",
        action="store_true",
        help="所有时间后移整数周，使最后一事落在最近一周；星期不变，节假日不随之移动",
    )
    parser.add_argument(
        "--as", dest="name", metavar="NAME", help="以此系统名报送；默认取 source 的最后一段"
    )
    add_data(parser)


def run(arguments: Namespace, clock: Callable[[], datetime]) -> int:
    """Carry the command out: 1 if some of the log could not be told. Raises RefusedError."""
    log_map = load_map(arguments.map)
    wish = Wish(
        log=arguments.log,
        log_map=log_map,
        name=arguments.name,
        speed=arguments.speed,
        to_now=arguments.shift_to_now,
    )
    with Spool() as spool:
        with shown_on(Console(stderr=True), arguments.log) as listener:
            played = play(site_of(arguments), wish, spool, clock(), listener)
        _tell(played, log_map)
        rejections = spool.rejections()
        shown = list(islice(rejections, SHOWN))
        _tell_rejected(shown, more=sum(1 for _ in rejections))
    return 1 if shown else 0


def _tell(played: Played, log_map: LogMap) -> None:
    new = "（新接入）" if played.is_new else " "
    print(f"已由 {played.name}{new}以 {log_map.source} 的名义报送：", end="")
    print(f"{played.cases:,} 件，{played.events:,} 个事件。")
    if played.shift:
        print(f"所有时间后移 {played.shift // WEEK} 周；节假日不随之移动，到期日可能与原日志不同。")
    if log_map.timezone.key != OFFICE.key:
        print(f"对照表的时区是 {log_map.timezone.key}，本平台按 {OFFICE.key} 计日：", end="")
        print("以日计的期限，结论可能与离线核查不同。")


def _tell_rejected(shown: list[Rejected], *, more: int) -> None:
    if not shown:
        return
    print(f"未报送 {len(shown) + more:,} 处：")
    for each in shown:
        place = f"第 {each.line} 行" if each.line is not None else f"办件 {each.case}"
        said = f"“{each.text}”" if each.text else ""
        print(visible(f"  {place}：{WORDS[each.code]}（{each.column or each.field}）{said}"))
    if more:
        print(f"  ……另有 {more:,} 处未列出；xiaoneng audit --json 可见全部。")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if speed > 0 and isfinite(speed):
        return speed
    raise ArgumentTypeError("应为大于 0 的倍数，如 60、3600")

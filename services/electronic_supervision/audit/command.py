"""`xiaoneng audit`: judge another system's log offline."""

import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from services.electronic_supervision.audit.assemble import LoggedCase
from services.electronic_supervision.audit.judge import Bench, JudgedCase, explain_case
from services.electronic_supervision.audit.progress import shown_on
from services.electronic_supervision.audit.report import write_json, write_text
from services.electronic_supervision.audit.run import audit
from services.electronic_supervision.audit.sheet import Sheet, sheet_at
from services.electronic_supervision.audit.spool import Spool
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.explanation import Explanation
from services.electronic_supervision.log.map_file import load_map
from services.electronic_supervision.log.open import open_log
from services.electronic_supervision.log.refusal import BadInputError
from services.electronic_supervision.log.times import read_as_of

SUMMARY = "离线核查：用本平台的引擎判定另一系统的办件日志"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("log", metavar="LOG", type=Path, help="日志：.csv、.xlsx、.xes，均可为 .gz")
    parser.add_argument("--map", type=Path, required=True, metavar="MAP.yaml", help="字段对照表")
    parser.add_argument(
        "--as-of",
        nargs="+",
        action="extend",
        default=[],
        metavar="TIME",
        help="历史时点，可多个；在办件按其中最晚的判定。无时区者按对照表 timezone",
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON，不显示进度")
    parser.add_argument("--cases", type=Path, metavar="OUT.csv", help="逐件结论写入此文件")
    parser.add_argument(
        "--explain",
        nargs="+",
        action="extend",
        default=[],
        metavar="CASE",
        help="逐日说明这些办件的结论",
    )


def run(arguments: Namespace, now: datetime) -> None:
    """Carry the command out at `now` (aware). Raises BadInputError for what can't be used."""
    log_map = load_map(arguments.map)
    zone = log_map.timezone
    as_of = [read_as_of(text, zone) for text in arguments.as_of]
    asked: dict[str, LoggedCase | None] = dict.fromkeys(arguments.explain)
    with _spool() as spool:
        with (
            _sheet(arguments, zone) as sheet,
            shown_on(Console(stderr=True), arguments.log, silent=arguments.json) as progress,
        ):

            def take(case: JudgedCase) -> None:
                progress.judged()
                if sheet is not None:
                    sheet.add(case)
                if case.logged.id in asked:
                    asked[case.logged.id] = case.logged

            log = open_log(arguments.log, log_map, progress.read)
            calendar = published_calendar()
            done = audit(log.entries, log_map, calendar, spool, as_of=as_of, now=now, seen=take)
            explanations = [_explanation(id_, logged, done.bench) for id_, logged in asked.items()]
        figures = done.tally.as_data(zone) | ({"absent": sorted(log.absent)} if log.absent else {})
        if arguments.json:
            write_json(figures, spool.rejections(), explanations, sys.stdout)
        else:
            write_text(figures, spool.rejections(), explanations, Console())


@contextmanager
def _spool() -> Iterator[Spool]:
    try:
        with Spool() as spool:
            yield spool
    except sqlite3.OperationalError as error:
        message = f"临时空间不足（{error}）。请腾出磁盘，或用环境变量 SQLITE_TMPDIR 指定别处。"
        raise BadInputError("no-temporary-space", message) from error


def _sheet(arguments: Namespace, zone: ZoneInfo) -> AbstractContextManager[Sheet | None]:
    path: Path | None = arguments.cases
    if path is None:
        return nullcontext()
    inputs = (file for file in (arguments.log, arguments.map) if file.exists())
    if path.exists() and any(path.samefile(file) for file in inputs):
        message = f"{path} 正是要读取的文件，写入会毁掉它。请换一个文件名。"
        raise BadInputError("cases-unwritable", message, field="--cases")
    return sheet_at(path, zone)


def _explanation(case_id: str, logged: LoggedCase | None, bench: Bench) -> Explanation:
    if logged is None:
        message = f"日志中没有判定过办件 {case_id}，请核对编号。"
        raise BadInputError("case-unknown", message, field="--explain")
    return explain_case(logged, bench)

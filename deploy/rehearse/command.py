"""`xiaoneng rehearse`: show what another rule, calendar or item would change of all judgements."""

import json
import secrets
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.administrator import administrator
from deploy.refusal import RefusedError
from deploy.rehearse.tables import tables_of
from deploy.site import add_data, completed, site_of
from deploy.tenancies import ELECTRONIC_SUPERVISION
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.rules.life_stages import digest_of
from services.electronic_supervision.log.refusal import BadInputError, visible
from services.electronic_supervision.log.times import read_as_of
from services.electronic_supervision.rehearsal.keep import Rehearsal, draft, enter
from services.electronic_supervision.rehearsal.lane import Place
from services.electronic_supervision.rehearsal.notes import notes_on
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal, subject_of
from services.electronic_supervision.rehearsal.sweep import Told, sweep
from services.electronic_supervision.rules.mistake import BadRuleError

CITY = ZoneInfo("Asia/Shanghai")
OPERATOR = "command-line"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("rule", nargs="?", type=Path, metavar="RULE.yaml", help="规则文件")
    what.add_argument("--calendar", type=Path, metavar="FILE", help="日历文件：改动的日子")
    what.add_argument("--catalogue", type=Path, metavar="FILE", help="事项文件：一个事项的内容")
    parser.add_argument("--as-of", metavar="TIME", help="按此时点判定，默认为现在")
    parser.add_argument("--keep", action="store_true", help="规则存为草案，预演记入规则")
    parser.add_argument("--json", action="store_true", help="输出 JSON，不显示进度")
    add_data(parser)


def run(arguments: Namespace, now: datetime) -> int:
    """Carry the command out at `now` (aware); 1 for a rule with mistakes.

    Raises RefusedError and BadInputError.
    """
    as_of = read_as_of(arguments.as_of, CITY) if arguments.as_of else now
    console = Console(soft_wrap=True)
    try:
        proposal = _proposal(arguments)
        subject = subject_of(proposal)
    except BadRuleError as error:
        for each in error.mistakes:
            words = f"{arguments.rule}：第 {each.line} 行：{each.message}{each.fix}（{each.code}）"
            console.print(escape(visible(words)))
        return 1
    except Refused as refused:
        raise BadInputError(refused.code, "同一天不能既休假又上班。") from refused
    with site_of(arguments).postgres() as url:
        place = Place(url, ELECTRONIC_SUPERVISION.name)
        work = _rehearse(place, proposal, subject, as_of, now, arguments)
        result = completed(work)
    if arguments.json:
        json.dump(result, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        for table in tables_of(subject, result):
            console.print(table)
    return 0


def _proposal(arguments: Namespace) -> Proposal:
    for kind, path in (
        (Kind.RULE, arguments.rule),
        (Kind.CALENDAR, arguments.calendar),
        (Kind.CATALOGUE, arguments.catalogue),
    ):
        if path is not None:
            if arguments.keep and kind is not Kind.RULE:
                raise BadInputError("keep-rule-only", "只有规则可以存为草案。", field="--keep")
            return Proposal(kind=kind, document=_read(path))
    raise BadInputError("rehearsal-nothing", "请写明要预演的文件。")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"不能读取 {path}。请核对路径，文件应为 UTF-8 编码。"
        raise BadInputError("rehearsal-unreadable", message) from error


async def _rehearse(
    place: Place,
    proposal: Proposal,
    subject: str,
    as_of: datetime,
    now: datetime,
    arguments: Namespace,
) -> Mapping[str, Any]:
    connection = await administrator(place.url)
    try:
        await connection.execute(f"set search_path to {place.schema}")
        if arguments.keep:
            proposal = await draft(connection, proposal, subject, now, OPERATOR)
        with _shown(silent=arguments.json) as told:
            tally = await sweep(place, proposal, as_of.astimezone(UTC), told=told)
        result = tally.result(notes_on(proposal, tally))
        if arguments.keep:
            done = Rehearsal(
                id=secrets.token_hex(8),
                subject=subject,
                proposal=proposal,
                digest=digest_of(proposal.document),
                asked_by=OPERATOR,
                as_of=as_of,
            )
            if problem := await enter(connection, done, result, now):
                result["notes"].append(problem)
    except BrokenProcessPool as error:
        raise RefusedError(
            "rehearsal-broken", "预演的计算进程意外结束。", "请确认内存足够，然后重新执行。"
        ) from error
    finally:
        await connection.close()
    return result


@contextmanager
def _shown(*, silent: bool) -> Iterator[Told]:
    """Show on a terminal how many facts are read, and leave nothing behind."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    hidden = silent or not console.is_terminal
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=hidden
    ) as bar:
        reading = bar.add_task("预演（事实）", total=None)

        async def told(read: int, all_: int) -> None:
            bar.update(reading, completed=read, total=all_)

        yield told

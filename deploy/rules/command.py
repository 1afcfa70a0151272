"""`xiaoneng rules`: check, test and list rules written as documents."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.hearing import fact_of
from services.electronic_supervision.log.refusal import BadInputError, visible
from services.electronic_supervision.rules.mistake import BadRuleError
from services.electronic_supervision.rules.read import Document, read_rule
from services.electronic_supervision.rules.shelf import shipped
from services.electronic_supervision.rules.try_out import Result, try_out

CITY = ZoneInfo("Asia/Shanghai")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
    check = acts.add_parser("check", help="核对规则文件，逐处指出错误")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="规则文件（YAML）")
    test = acts.add_parser("test", help="运行规则的例子；不写文件时为随平台发布的规则")
    test.add_argument("files", nargs="*", type=Path, metavar="FILE", help="规则文件（YAML）")
    acts.add_parser("list", help="列出随平台发布的规则")


def run(arguments: Namespace, now: datetime) -> int:
    """Carry the command out; 1 if a document is wrong, or an example comes out otherwise."""
    del now  # what a rule says of its examples depends on no clock
    console = Console(soft_wrap=True)
    if arguments.act == "check":
        return _check(arguments.files, console)
    if arguments.act == "test":
        return _test(arguments.files, console)
    console.print(_listed(list(shipped().values())))
    return 0


def _check(paths: Sequence[Path], console: Console) -> int:
    read = list(_read(paths, console))
    console.print(f"{len(read)} 个文件没有错误，{len(paths) - len(read)} 个有错误。")
    return 0 if len(read) == len(paths) else 1


def _test(paths: Sequence[Path], console: Console) -> int:
    documents = list(_read(paths, console)) if paths else list(shipped().values())
    office = Office(calendar=published_calendar(), zone=CITY)
    results = [(each, told) for each in documents for told in try_out(each, office, fact_of)]
    console.print(_tested(results))
    wrong = [(each, told) for each, told in results if not told.is_as_expected]
    for document, told in wrong:
        console.print(escape(visible(_sentence(document, told))))
    console.print(f"共 {len(results)} 个例子，{len(wrong)} 个与预期不符。")
    return 1 if wrong or len(documents) < len(paths) else 0


def _sentence(document: Document, told: Result) -> str:
    wrong = f"预期 {told.expected.value}，实际 {told.found.value}。"
    return f"{document.rule.id}：例子“{told.name}”：{told.failed or wrong}请修改规则或者例子。"


def _read(paths: Sequence[Path], console: Console) -> Iterator[Document]:
    for path in paths:
        try:
            yield read_rule(path.read_text("utf-8-sig"))
        except BadRuleError as error:
            for each in error.mistakes:
                where = f"第 {each.line} 行：" if each.line else ""
                place = "，".join(filter(None, (each.code, each.field)))
                told = f"{path}：{where}{each.message}{each.fix}（{place}）"
                console.print(escape(visible(told)))
        except (OSError, UnicodeDecodeError) as error:
            message = f"不能读取 {path}。请核对路径，文件应为 UTF-8 编码。"
            raise BadInputError("rule-unreadable", message) from error


def _tested(results: Sequence[tuple[Document, Result]]) -> Table:
    table = Table("规则", "例子", "预期", "实际", "结果")
    for document, told in results:
        mark = "相符" if told.is_as_expected else "不符"
        cells = (document.rule.id, told.name, told.expected.value, told.found.value, mark)
        table.add_row(*(escape(visible(each)) for each in cells))
    return table


def _listed(documents: Sequence[Document]) -> Table:
    table = Table("规则", "版本", "名称", "基本制度", "依据", "生效")
    for each in documents:
        rule = each.rule
        begin = rule.effective_from.isoformat()
        table.add_row(rule.id, str(rule.version), rule.title, rule.system, rule.clause, begin)
    return table

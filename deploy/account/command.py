"""`xiaoneng account`: who may sign in; new passwords are shown once."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from deploy.account.accounts import Opened, listed, opened, reset
from deploy.block import aligned
from deploy.refusal import RefusedError
from deploy.site import add_data, completed, site_of
from deploy.unregistered import unregistered
from kernel.access.accounts import AccountRow
from kernel.access.policy import MAY_HAVE_UNITS, PEOPLE, ROLE_WORDS, Role
from kernel.access.principal import Grant
from kernel.access.register import units_of
from kernel.reception.doubts import doubt_of_units, doubts
from kernel.reception.words import moment, roles

ROLES = {words: role for role, words in ROLE_WORDS.items() if role in PEOPLE}


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "action", choices=["add", "reset", "list"], metavar="add|reset|list", help="要做的事"
    )
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="账号名")
    parser.add_argument("--title", default="", metavar="TITLE", help="姓名，如 张三（add）")
    parser.add_argument(
        "--role",
        action="append",
        choices=[*ROLES, *(role.value for role in ROLES.values())],
        metavar="ROLE",
        help=f"角色（add），可写多次：{'、'.join(ROLES)}",
    )
    parser.add_argument(
        "--unit", action="append", metavar="CODE", help="单位代码（add），可写多次；承办人必填"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON（list）")
    add_data(parser)


def run(arguments: Namespace, now: datetime) -> int:
    """Carry the command out at `now` (aware). Raises RefusedError."""
    name: str = arguments.name
    if (arguments.action == "list") == bool(name):
        fix = "用法：xiaoneng account add|reset NAME，或 xiaoneng account list。"
        raise RefusedError("usage", "缺少或者多出账号名。", fix)
    with site_of(arguments).postgres() as url:
        match arguments.action:
            case "list":
                found = completed(listed(url))
                units = units_of(grant for each in found for grant in each.grants)
                _list(found, completed(unregistered(url, units)), as_json=arguments.json)
            case "reset":
                _tell("已重新生成口令", completed(reset(url, name, now=now)))
            case _:
                grants = _grants(arguments.role or [], arguments.unit or [])
                title = arguments.title or name
                _tell("已开立账号", completed(opened(url, name, title, grants, now=now)))
                if told := doubt_of_units(completed(unregistered(url, units_of(grants)))):
                    print(f"\n{told}")
    return 0


def _grants(names: Sequence[str], units: Sequence[str]) -> tuple[Grant, ...]:
    if not names:
        raise RefusedError("no-role", "没有说明角色。", f"请用 --role 说明：{'、'.join(ROLES)}。")
    chosen = [ROLES.get(each) or Role(each) for each in names]
    # where no role can be held for units, they are refused
    may = [each for each in chosen if each in MAY_HAVE_UNITS] or chosen
    everywhere: Sequence[str | None] = [None]
    return tuple(
        Grant(role=role, unit=unit)
        for role in chosen
        for unit in (units if units and role in may else everywhere)
    )


def _tell(done: str, account: Opened) -> None:
    print(f"{done}：{account.title}（{account.name}），角色：{roles(account.grants)}。\n")
    print(aligned([("账号", account.name), ("口令", account.password)]))
    print("\n口令只显示这一次，首次登录后须修改。")


def _list(found: Sequence[AccountRow], unknown: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        rows = [asdict(each) for each in found]
        json.dump(rows, sys.stdout, indent=2, ensure_ascii=False, default=str)
        print()
        return
    for each in found:
        state = "已停用" if each.is_suspended else "须修改口令" if each.owes_password else "在用"
        seen = f"，最近使用 {moment(each.seen_at)}" if each.seen_at else ""
        print(f"{each.name}  {each.title}  {roles(each.grants) or '没有角色'}  {state}{seen}")
        for doubt in doubts(each.grants, unknown):
            print(f"    {doubt}")

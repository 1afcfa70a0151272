"""`xiaoneng partner`: which systems of the city take part, what each may say and hear."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import datetime

from deploy.block import aligned
from deploy.local.stack import announced
from deploy.partner import record
from deploy.partner.bus import bring_up_to_date
from deploy.partner.handing_over import (
    account_seed,
    configuration,
    handed_over,
    make_sure_of_folder,
    make_sure_of_seed,
    needed_by_account,
)
from deploy.partner.options import add_options, make_sure_of_free, wish_of
from deploy.partner.refusals import refusal_of
from deploy.partner.words import as_json, table, told
from deploy.refusal import RefusedError
from deploy.site import Site, add_data, completed, site_of
from deploy.unregistered import unregistered
from kernel.access.partners import PartnerRow
from kernel.access.principal import by_hand
from kernel.access.refused import Refused

ACTIONS = ("add", "list", "show", "rotate", "revoke")
BY = by_hand("命令行")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    actions = "|".join(ACTIONS)
    parser.add_argument("action", choices=ACTIONS, metavar=actions, help="要做的事")
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="系统名")
    add_options(parser)
    parser.add_argument("--json", action="store_true", help="输出 JSON（list）")
    add_data(parser)


def run(arguments: Namespace, now: datetime) -> int:
    """Carry the command out at `now` (aware).

    Raises RefusedError: `usage`, those of `deploy.partner.refusals`, `name-unusable`,
    `source-unusable`, `source-taken`, `title-unusable`, `account-seed-unusable`, `not-provisioned`,
    `nats-unchanged`, `consumer-taken`, `out-unwritable`.
    """
    if (arguments.action == "list") == bool(arguments.name):
        fix = "用法：xiaoneng partner add|show|rotate|revoke NAME，或 xiaoneng partner list。"
        raise RefusedError("usage", "缺少或者多出系统名。", fix)
    site = site_of(arguments)
    with site.postgres() as url:
        match arguments.action:
            case "list":
                known = completed(record.listed(url))
                _list(known, _unknown(url, known), is_json=arguments.json)
            case "show":
                _show(url, arguments.name)
            case _:
                _change(site, arguments, url, now)
    return 0


def _change(site: Site, arguments: Namespace, url: str, now: datetime) -> None:
    seed, out = account_seed(arguments), arguments.out
    make_sure_of_folder(out)
    make_sure_of_seed(seed)
    done = _done(arguments, url, now)
    shown = handed_over(done, seed, out, now) if done.nkey else ()
    # keys are shown before anything can go wrong: nobody could show them again
    if done.nkey:
        _show(url, done.name)
    if shown:
        print(aligned(shown))
    if done.nkey and seed is not None:
        print("\nJWT 的账户应当只属于这一伙伴；它须从平台的账户引入以下主题：")
        print(aligned(needed_by_account(done)))
    if not bring_up_to_date(site, announced(site.data), done) and seed is None:
        _tell_of_foreign_bus(done)


def _done(arguments: Namespace, url: str, now: datetime) -> record.Held:
    name: str = arguments.name
    match arguments.action:
        case "add":
            known = completed(record.listed(url))
            wish = wish_of(arguments, next((each for each in known if each.name == name), None))
            done = completed(record.add(url, name, wish, now=now, by=BY))
            print(f"{name} {'已接入' if done.is_new else '已按新的约定接入'}。\n")
        case "rotate":
            make_sure_of_free(name)  # a log may have been played under any name
            done = completed(record.rotate(url, name, now=now, by=BY))
            print(f"{name} 的钥匙和令牌已更换，原有的随即停用。\n")
        case _:
            done = completed(record.revoke(url, name, now=now, by=BY))
            print(f"{name} 已停用；已经报送的记录保留。")
    return done


def _tell_of_foreign_bus(done: record.Held) -> None:
    """Say what to do on a NATS that is told by others who may come in."""
    if done.old_nkey and done.old_nkey != done.nkey:
        print(f"\n请从 NATS 的配置中删去公钥 {done.old_nkey}，或者吊销其 JWT。")
    if done.nkey:
        print("\n请把以下用户加入 NATS 服务器的配置，然后重新加载（或用 --jwt 签发用户 JWT）：")
        print(configuration(done))


def _show(url: str, name: str) -> None:
    row = _one(completed(record.listed(url)), name)
    print(told(row, _unknown(url, [row])))


def _unknown(url: str, rows: Sequence[PartnerRow]) -> Sequence[str]:
    return completed(unregistered(url, {unit for each in rows for unit in each.terms.units}))


def _one(known: list[PartnerRow], name: str) -> PartnerRow:
    found = next((each for each in known if each.name == name), None)
    if found is None:
        raise refusal_of(Refused("partner-unknown"), name)
    return found


def _list(known: list[PartnerRow], unknown: Sequence[str], *, is_json: bool) -> None:
    if is_json:
        json.dump(
            [as_json(each, unknown) for each in known], sys.stdout, indent=2, ensure_ascii=False
        )
        print()
    elif known:
        print(table(known, unknown))
    else:
        print("还没有伙伴系统；接入请用 xiaoneng partner add NAME。")

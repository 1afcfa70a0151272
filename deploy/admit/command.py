"""`xiaoneng admit`: let a city system report, under its own source and with its own token."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime, timedelta

from deploy.admit.admit import Admission, admitted
from deploy.admit.bus_user import let_in, make_sure_of_own_password
from deploy.admit.usable import make_sure_of_usable, usable_title
from deploy.block import aligned
from deploy.local.stack import announced
from deploy.site import add_data, completed, site_of

SUMMARY = "接入：允许一个城市系统以自己的名义报送"
HOURS = re.compile(r"(\d{1,3})(h|m)")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("name", metavar="NAME", help="系统名，总线主题 city.NAME.… 中的一段")
    parser.add_argument("source", metavar="SOURCE", help="该系统事件的 source，如 /wuhu/approvals")
    parser.add_argument(
        "--settle",
        type=_duration,
        metavar="TIME",
        help="最迟多久上传已办的事，如 6h、30m；初次接入默认即时，以后默认不变",
    )
    parser.add_argument("--title", metavar="TITLE", help="页面上显示的名称，如 行政审批系统")
    parser.add_argument("--new-token", action="store_true", help="换发 HTTP 令牌，原令牌随即停用")
    add_data(parser)


def run(arguments: Namespace, _: datetime) -> int:
    """Carry the command out.

    Raises RefusedError (`name-unusable`, `source-unusable`, `source-taken`, `source-fixed`,
    `title-unusable`, `not-provisioned`, `password-shared`, `nats-unchanged`).
    """
    site = site_of(arguments)
    make_sure_of_usable(arguments.name, arguments.source)
    with site.postgres() as url:
        stack = announced(site.data)
        make_sure_of_own_password(site, stack, arguments.name, url)
        found = completed(
            admitted(
                *(url, arguments.name, arguments.source),
                settle=arguments.settle,
                title=None if arguments.title is None else usable_title(arguments.title),
                new_token=arguments.new_token,
            )
        )
        user, password = let_in(site, stack, found.system.name)
    _tell(found, user, password)
    return 0


def _tell(found: Admission, user: str, password: str) -> None:
    system = found.system
    state = "现在可以" if found.is_new else "已经可以"
    print(f"{system.name} {state}以 {system.source} 的名义报送。\n")
    rows = [("最迟上传", f"{system.settle}" if system.settle else "即时")]
    if not password:
        fix = f"请把 {system.name} 加入 XIAONENG_CITY_SYSTEMS，并按 provision --nats-config 配置"
        rows.append(("总线用户", f"{user}（{fix}）"))
    else:
        rows += [("总线用户", user), ("总线口令", password)]
    if found.token:
        rows.append(("HTTP 令牌", f"{found.token}（只显示这一次）"))
    else:
        rows.append(("HTTP 令牌", "不变；换发请加 --new-token"))
    print(aligned(rows))


def _duration(text: str) -> timedelta:
    found = HOURS.fullmatch(text)
    if found is None:
        raise ArgumentTypeError("应为小时或分钟，如 6h、30m")
    number = int(found[1])
    return timedelta(hours=number) if found[2] == "h" else timedelta(minutes=number)

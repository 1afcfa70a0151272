"""What an operator asks for a partner, from the options he typed to its terms."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from contracts.grants import SUBSCRIPTIONS, UnknownGrantError, system_of
from contracts.streams import LARGEST_MESSAGE
from contracts.subjects import token
from deploy.partner.usable import make_sure_of_usable, usable_title
from deploy.provision.users import names
from deploy.refusal import RefusedError
from deploy.tenancies import TENANCIES
from kernel.access.partners import PartnerRow

HOURS = re.compile(r"(\d{1,3})(h|m)")
RATE = re.compile(r"(\d{1,7})/min")


def add_options(parser: ArgumentParser) -> None:
    """Declare the options of `partner add`; what is not given stays as it is."""
    parser.add_argument("--title", metavar="TITLE", help="页面上显示的名称，如 行政审批系统")
    parser.add_argument("--publish", metavar="city.NAME", help="准许报送，以自己的系统名")
    parser.add_argument(
        "--source", metavar="SOURCE", help="所报事件的 source，默认 /city/NAME；接入后不能更改"
    )
    parser.add_argument(
        "--settle",
        type=_duration,
        metavar="TIME",
        help="最迟多久上传已办的事，如 6h、30m；初次接入默认即时",
    )
    parser.add_argument(
        "--subscribe",
        action="append",
        metavar="GRANT",
        help=f"准许订阅，可写多次：{'、'.join(SUBSCRIPTIONS)}",
    )
    parser.add_argument(
        "--unit", action="append", metavar="CODE", help="只订阅这一单位的，可写多次；默认全市"
    )
    parser.add_argument(
        "--durable", action="store_true", default=None, help="为订阅建立持久消费者，离线期间不丢"
    )
    parser.add_argument(
        "--rate", type=_rate, metavar="N/min", help="每分钟最多报送的事件数，如 600/min"
    )
    parser.add_argument("--largest", type=_bytes, metavar="BYTES", help="单个事件的最大字节数")
    parser.add_argument(
        "--out", metavar="DIR", help="把钥匙和令牌写入该目录（仅本人可读），而不显示"
    )
    parser.add_argument(
        "--jwt", metavar="SEED", help="NATS 账户的签名种子或其文件；另给出签好的用户 JWT"
    )


def wish_of(arguments: Namespace, known: PartnerRow | None) -> Mapping[str, Any]:
    """Return the terms that were asked for, by field.

    Raises RefusedError (`name-unusable`, `name-taken`, `publish-not-own`, `source-unusable`,
    `source-taken`, `title-unusable`).
    """
    name: str = arguments.name
    source = _source(arguments, known)
    make_sure_of_usable(name, source or "/")
    make_sure_of_free(name)
    asked = {
        "title": None if arguments.title is None else usable_title(arguments.title),
        "source": source,
        "settle": arguments.settle,
        "subscribes": _several(arguments.subscribe),
        "units": _several(arguments.unit),
        "durable": arguments.durable,
        "rate": arguments.rate,
        "largest": arguments.largest,
    }
    return {field: value for field, value in asked.items() if value is not None}


def _several(given: list[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(sorted(set(given)))


def _source(arguments: Namespace, known: PartnerRow | None) -> str | None:
    name: str = arguments.name
    if arguments.publish is None and arguments.source is None:
        return None
    try:
        is_own = arguments.publish is None or system_of(arguments.publish) == name
    except UnknownGrantError:
        is_own = False
    if not is_own:
        fix = f"请写 --publish city.{name}，或者换一个系统名。"
        raise RefusedError("publish-not-own", f"{name} 只能以自己的系统名报送。", fix)
    if arguments.source is not None:
        given: str = arguments.source
        return given
    if known is not None and known.terms.source is not None:
        return known.terms.source
    return f"/city/{quote(name, safe='')}"


def make_sure_of_free(name: str) -> None:
    """Refuse names whose inbox or consumers are those of somebody else on the bus.

    Raises RefusedError (`name-taken`).
    """
    spelled = token(name)
    if spelled in names(TENANCIES) or spelled.startswith("city-"):
        fix = "请换一个系统名；平台各服务的名称和 city- 开头的名称已有用途。"
        raise RefusedError("name-taken", f"系统名不能是 {name}。", fix)


def _duration(text: str) -> timedelta:
    found = HOURS.fullmatch(text)
    if found is None:
        raise ArgumentTypeError("应为小时或分钟，如 6h、30m")
    number = int(found[1])
    return timedelta(hours=number) if found[2] == "h" else timedelta(minutes=number)


def _rate(text: str) -> int:
    found = RATE.fullmatch(text)
    if found is None:
        raise ArgumentTypeError("应为每分钟的事件数，如 600/min")
    return int(found[1])


def _bytes(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= LARGEST_MESSAGE:
        raise ArgumentTypeError(f"应为字节数，不大于 {LARGEST_MESSAGE}")
    return int(text)

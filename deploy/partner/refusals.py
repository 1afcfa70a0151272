"""Why a partner can't be added, changed or removed, in words that say what to do."""

from collections.abc import Mapping

from contracts.grants import SUBSCRIPTIONS
from deploy.refusal import RefusedError
from kernel.access.partner import MOST_A_MINUTE, MOST_UNITS, SMALLEST_EVENT
from kernel.access.refused import Refused

WORDS: Mapping[str, tuple[str, str]] = {
    "partner-unknown": ("没有这个伙伴系统。", "请用 xiaoneng partner list 核对系统名。"),
    "partner-revoked": ("该伙伴系统已经停用。", "请先用 xiaoneng partner add 重新接入。"),
    "source-fixed": (
        "该系统已以另一个 source 接入，不能更改。",
        "请用原来的 source，或换一个系统名（play 用 --as NAME）。",
    ),
    "nothing-granted": (
        "没有写明该系统可以报送或者订阅什么。",
        "请用 --publish city.NAME 或 --subscribe 写明。",
    ),
    "grant-unknown": ("没有这种订阅。", f"可以订阅的有 {'、'.join(SUBSCRIPTIONS)}。"),
    "units-without-subscription": ("--unit 只限定订阅。", "请同时写明 --subscribe。"),
    "durable-without-subscription": ("--durable 只用于订阅。", "请同时写明 --subscribe。"),
    "limit-out-of-range": (
        "限额超出范围。",
        f"速率 1 至 {MOST_A_MINUTE}/min，事件 {SMALLEST_EVENT} 字节起，单位至多 {MOST_UNITS} 个。",
    ),
    "token-exists": ("已有同名的账号或者令牌。", "请换一个系统名。"),
}


def refusal_of(refused: Refused, name: str) -> RefusedError:
    """Word a refusal of the record."""
    message, fix = WORDS.get(refused.code, (f"{refused.code}。", "请核对参数后重新执行。"))
    return RefusedError(refused.code, f"{name}：{message}" if name else message, fix)


def source_taken(source: str, whose: str) -> RefusedError:
    """Say that a source is somebody else's."""
    return RefusedError(
        "source-taken", f"{source} 已是{whose}。", "每个系统用自己的 source；请核对后重新执行。"
    )

"""What officials read of the registers: kinds, states, and what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.electronic_supervision.deeds import DEEDS
from services.electronic_supervision.registers.reading import State
from services.electronic_supervision.registers.views import ChangeView


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """How a kind of entries is called, what its code, name and unit are, and how it ends."""

    title: str
    code: str
    name: str
    ended: str
    note: str
    unit: str = ""


KIND_WORDS: Mapping[str, KindWords] = {
    "green-card": KindWords(
        title="绿卡企业",
        code="统一社会信用代码",
        name="企业名称",
        ended="已收回",
        note="持卡企业的办件按绿卡时限办理。",
    ),
    "inspection-approval": KindWords(
        title="检查审批",
        code="审批编号",
        name="检查事由",
        unit="检查单位",
        ended="已撤销",
        note="单位检查企业应当先经审批；没有审批或者超出审批范围的检查会被发现。",
    ),
    "inspection-quota": KindWords(
        title="年度检查次数",
        code="编号（年度-单位代码）",
        name="检查单位",
        ended="已撤销",
        note="单位一年内对每个企业最多检查几次；个别企业可以单列。",
    ),
    "service-chain": KindWords(
        title="全程服务链",
        code="服务链代码",
        name="服务链名称",
        ended="已停用",
        note="招商引资项目全程服务的环节、责任单位和时限。",
    ),
    "discretion-band": KindWords(
        title="裁量档次",
        code="案由代码",
        name="案由",
        ended="已废止",
        note="行政处罚的自由裁量：各档次适用的情形和罚款的上下限。",
    ),
}
STATES: Mapping[State, str] = {
    State.VALID: "有效",
    State.SUSPENDED: "已暂停",
    State.WITHDRAWN: "已终止",
    State.EXPIRED: "已到期",
    State.FUTURE: "尚未生效",
}
BADGES: Mapping[State, str] = {State.VALID: "good", State.SUSPENDED: "reminder"}


def state_words(kind: str, state: State) -> str:
    """Say how an entry is."""
    return KIND_WORDS[kind].ended if state is State.WITHDRAWN else STATES[state]


def what(change: ChangeView) -> str:
    """Say what happened."""
    told, deed = change.told, DEEDS[change.type]
    if change.type == "EnterpriseRenamed":
        return f"{deed}为“{told['name']}”"
    if change.type == "InspectionQuotaSet":
        return f"{deed}：每个企业 {told['times']} 次"
    if change.type == "EnterpriseExcepted":
        return f"{deed}：{told['enterprise']} {told['times']} 次"
    if change.type == "ExceptionLifted":
        return f"{deed}：{told['enterprise']}"
    if change.type in {"GreenCardGranted", "GreenCardRenewed"}:
        return f"{deed}，有效期至 {told['last_day']}"
    return deed


def when(change: ChangeView) -> str:
    """Say from when on it is so."""
    told: Mapping[str, Any] = change.told
    day = told.get("effective_from")
    return f"自 {day} 起" if day else "即时"

"""What a city system told of a case, field by field, in the words of officials."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts import approvals
from contracts.vocabulary import Limit, Published
from services.electronic_supervision.domain.chinese import GROUNDS
from services.electronic_supervision.domain.words import name_of_limit
from services.electronic_supervision.hearing import limit_of

Named = Callable[[str], str]
"""From the code of a unit to its name, or the code itself."""

OUTCOMES = {
    approvals.Outcome.GRANTED: "准予",
    approvals.Outcome.REFUSED: "不予",
    approvals.Outcome.OTHER: "其他（如终止）",
}
CHANNELS = {
    "counter": "窗口",
    "web": "网上",
    "online": "网上",
    "app": "手机应用",
    "mobile": "手机应用",
    "post": "邮寄",
    "mail": "邮寄",
    "kiosk": "自助终端",
    "self-service": "自助终端",
}
"""Ways in and out that systems commonly name; any other is shown as it was told."""

MOST_MATERIALS = 20


def fact_lines(data: Published, named: Named, zone: ZoneInfo) -> list[str]:
    """Tell what an event of a case says beside its kind and its time."""
    lines = list(_lines(data, named, zone))
    if isinstance(data, approvals.CaseFact) and data.corrects is not None:
        lines.append(f"更正：{data.corrects}")
    return lines


def _lines(data: Published, named: Named, zone: ZoneInfo) -> Iterator[str]:
    match data:
        case approvals.CaseAccepted():
            yield from _accepted(data, named, zone)
        case approvals.SupplementRequested():
            yield from _supplement(data)
        case approvals.ClockPaused():
            yield from _paused(data)
        case approvals.ClockResumed(pause=pause):
            yield f"中止编号：{pause}"
        case approvals.StepStarted() | approvals.StepFinished():
            yield f"环节：{data.name or data.step}"
            if data.holder:
                yield f"承办：{named(data.holder)}"
        case approvals.LimitExtended():
            yield from _extended(data)
        case _:
            yield from _ending(data, named)


def _ending(data: Published, named: Named) -> Iterator[str]:
    match data:
        case approvals.CaseTransferred(unit=unit, to_unit=to_unit, reason=reason):
            yield f"由 {named(unit)} 转至 {named(to_unit)}"
            yield from _told("理由", reason)
        case approvals.CaseDecided(outcome=outcome, reasons=reasons):
            yield f"结果：{OUTCOMES[outcome]}"
            yield f"理由：{'；'.join(reasons)}" if reasons else "未说明理由"
        case approvals.FeeCharged():
            yield f"收费：{data.amount_fen / 100:,.2f}元，{data.purpose}"
            yield from _told("收费依据", data.standard)
        case approvals.ResultDelivered(channel=channel):
            yield from _told("送达方式", CHANNELS.get(channel, channel) if channel else None)
        case approvals.FactVoided(voids=voids, reason=reason):
            yield f"作废：{voids}"
            yield f"理由：{reason}"


def _accepted(data: approvals.CaseAccepted, named: Named, zone: ZoneInfo) -> Iterator[str]:
    yield f"单位：{named(data.unit)}"
    yield f"事项：{data.item}"
    if data.stated_limit is not None:
        yield f"自报时限：{_limit(data.stated_limit)}"
    if data.stated_due is not None:
        yield f"自报届满：{_instant(data.stated_due, zone)}"
    if data.stated_due_on is not None:
        on = data.stated_due_on
        yield f"自报届满：{on.year}年{on.month}月{on.day}日"
    yield from _told("收件方式", CHANNELS.get(data.channel, data.channel) if data.channel else None)
    yield from _told("承办", named(data.holder) if data.holder else None)


def _supplement(data: approvals.SupplementRequested) -> Iterator[str]:
    names = [material.name for material in data.materials]
    more = f"等{len(names)}项" if len(names) > MOST_MATERIALS else ""
    listed = "、".join(names[:MOST_MATERIALS])
    yield f"所缺材料：{listed}{more}" if names else "没有写明所缺材料"
    yield from _in_writing(data)


def _paused(data: approvals.ClockPaused) -> Iterator[str]:
    ground = GROUNDS[data.ground.value]
    yield f"事由：{ground}（{data.ground_text}）" if data.ground_text else f"事由：{ground}"
    yield from _told("所称依据", data.clause)
    yield f"中止编号：{data.pause}"
    yield from _in_writing(data)


def _extended(data: approvals.LimitExtended) -> Iterator[str]:
    yield f"延长：{_limit(data.by)}"
    yield from _told("理由", data.reason)
    yield from _told("批准", data.approved_by)
    yield from _told("所称依据", data.clause)


def _in_writing(data: approvals.SupplementRequested | approvals.ClockPaused) -> Iterator[str]:
    if data.applicant_told_in_writing is not None:
        yield "已书面告知申请人" if data.applicant_told_in_writing else "未书面告知申请人"


def _told(label: str, words: str | None) -> Iterator[str]:
    if words:
        yield f"{label}：{words}"


def _limit(stated: Limit) -> str:
    return name_of_limit(limit_of(stated))


def _instant(at: datetime, zone: ZoneInfo) -> str:
    try:
        local = at.astimezone(zone)
    except OverflowError:
        return "超出可信范围的时间"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"

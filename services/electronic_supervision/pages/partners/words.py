"""A partner in the words of officials: what it may say and hear, and what was refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors.rejections import OVER_RATE, RATE_EXCEEDED, Rejections
from services.electronic_supervision.pages.sources.words import ago_words, missing_words
from services.electronic_supervision.pages.words import instant_words
from services.electronic_supervision.reading.partners import PartnerState
from services.electronic_supervision.reading.quarantine_words import WHY

SUBSCRIPTIONS = {
    "supervision.alerts": "预警和牌",
    "supervision.findings": "违规和规律线索",
    "supervision.catalogue": "事项目录",
    "supervision.clocks": "办件计时",
    "supervision.all": "全部监察结论",
    "organisation.units": "单位名册",
    "organisation.all": "全部组织信息",
}
REASONS = WHY | {
    RATE_EXCEEDED: "超过商定速率，已请稍后重报",
    OVER_RATE: "超过商定速率，经总线照收",
    "too-many-events": "一批事件过多",
}


def line(state: PartnerState, office: Office, now: datetime) -> Mapping[str, object]:
    """Word how a partner stands."""
    reports, agreed = state.reports, state.agreed
    title = agreed.title if agreed is not None else ""
    heard = None if reports is None else reports.heard_at
    is_gone = agreed is not None and agreed.revoked_at is not None
    return {
        "name": title or (state.name if reports is None else reports.system.words),
        "code": state.name,
        "source": "" if reports is None else reports.system.source,
        "state": "已停用" if is_gone else "在用" if _has_keys(state) else "由平台代报",
        "kind": "plain" if is_gone or not _has_keys(state) else "good",
        "hears": [] if agreed is None else _hears(agreed.subscribes),
        "units": "" if agreed is None or not agreed.subscribes else _units(agreed.units),
        "durable": agreed is not None and agreed.durable,
        "limits": [] if reports is None else _limits(reports.system.rate, reports.system.largest),
        "heard": "" if heard is None else instant_words(heard, office.zone, now),
        "ago": "" if heard is None else ago_words(now - heard),
        "missing": "" if reports is None else missing_words(reports.missing),
        "refused": [_reason(each) for each in state.refused],
        "held": [_reason(each) for each in state.held],
    }


def _has_keys(state: PartnerState) -> bool:
    return state.agreed is not None and state.agreed.has_keys


def _hears(grants: Sequence[str]) -> list[str]:
    return [SUBSCRIPTIONS.get(each, each) for each in grants]


def _units(units: Sequence[str]) -> str:
    return "、".join(units) or "全市"


def _limits(rate: int | None, largest: int | None) -> list[str]:
    return [
        "速率不限" if rate is None else f"每分钟 {rate:,} 个事件",
        "大小不限" if largest is None else f"单个事件 {largest:,} 字节",
    ]


def _reason(each: Rejections) -> Mapping[str, object]:
    return {"words": REASONS.get(each.code, each.code), "code": each.code, "times": each.times}

"""What the city's approvals system says in the demonstration: two cases, one mistake set right."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.subjects import city
from services.electronic_supervision.doors.systems import CitySystem

APPROVALS = CitySystem(name="approvals", source="/wuhu/administrative-approval")
LATE, PROMPT = "WH-2026-0101", "WH-2026-0102"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One event, as bytes, and in words for who watches."""

    words: str
    subject: str
    body: bytes


def report(words: str, kind: str, at: str, case: str, **data: object) -> Report:
    """Compose what the system reports of a case at a local time."""
    event_type = f"xiaoneng.approvals.{kind}.v1"
    told: Mapping[str, object] = {
        "specversion": "1.0",
        "id": f"{case}/{kind}/{at}",
        "source": APPROVALS.source,
        "type": event_type,
        "time": at,
        "data": {"case": case, "unit": "市住建委", **data},
    }
    return Report(
        words=words,
        subject=city(APPROVALS.name, event_type, unit="市住建委", key=case),
        body=json.dumps(told, ensure_ascii=False).encode(),
    )


def accepted(case: str) -> Report:
    """Report an application accepted on a Monday, to be decided in five working days."""
    return report(
        f"{case} 受理：3月2日10时，承诺5个工作日办结",
        "case-accepted",
        "2026-03-02T10:00:00+08:00",
        case,
        item="商品房预售许可",
        stated_limit={"amount": 5, "unit": "working-days"},
    )


def decided(case: str, at: str, words: str) -> Report:
    """Report a decision."""
    return report(
        f"{case} {words}", "case-decided", at, case, outcome="granted", reasons=["符合条件"]
    )


OPENING = (
    accepted(LATE),
    accepted(PROMPT),
    decided(PROMPT, "2026-03-05T16:00:00+08:00", "办结：3月5日16时"),
)
LATE_NEWS = decided(LATE, "2026-03-09T16:30:00+08:00", "迟报的办结：3月9日16时30分，其实在期限之内")

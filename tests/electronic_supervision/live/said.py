"""What the approvals system of Wuhu says in the tests, in its own words and as bytes."""

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from contracts.subjects import city
from services.electronic_supervision.doors.systems import CitySystem

WUHU = ZoneInfo("Asia/Shanghai")
APPROVALS = CitySystem(name="approvals", source="/wuhu/administrative-approval")
FIVE_DAYS = {"amount": 5, "unit": "working-days"}
NUMBERS = count(1)

Said = dict[str, object]


def event(kind: str, at: str, case: str = "办件1", **data: object) -> Said:
    """Compose an event of a case at a local time, such as 2026-11-23 10:00."""
    time = datetime.fromisoformat(at).replace(tzinfo=WUHU).isoformat()
    number = next(NUMBERS)
    return {
        "specversion": "1.0",
        "id": f"event-{number}",
        "source": APPROVALS.source,
        "type": f"xiaoneng.approvals.{kind}.v1",
        "time": time,
        "recordedtime": time,
        "subject": case,
        "data": {"case": case, "unit": "housing"} | data,
    }


def accepted(
    at: str, case: str = "办件1", limit: Mapping[str, object] = FIVE_DAYS, **data: object
) -> Said:
    return event("case-accepted", at, case, item="许可", stated_limit=limit, **data)


def decided(at: str, case: str = "办件1", **data: object) -> Said:
    return event("case-decided", at, case, outcome="granted", reasons=["符合条件"], **data)


def raw(said: Said) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def subject(said: Said, system: str = APPROVALS.name) -> str:
    """Name the subject on which an event has to be published."""
    data = said["data"]
    assert isinstance(data, dict)
    return city(system, str(said["type"]), unit=data["unit"], key=data["case"])


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WUHU)

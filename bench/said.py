"""What a city's approvals system says in the measurements: cases of five events each."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zlib import crc32

from bench.city import APPROVALS
from contracts.subjects import city

EVENTS_A_CASE = 5
LATE_EACH = 10
"""One case in so many is decided after its limit: a yellow and a red card each."""
ABREAST = 200
"""So many cases go on at a time, so that a batch holds events of many."""

Said = dict[str, object]


def conversation(cases: int, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Yield (subject, body) of cases that lie behind `now` (aware), interleaved."""
    for first in range(0, cases, ABREAST):
        group = [_case(number, now) for number in range(first, min(first + ABREAST, cases))]
        for turn in zip(*group, strict=True):
            yield from turn


def _case(number: int, now: datetime) -> list[tuple[str, bytes]]:
    """Tell of a case with a limit of five working days, of which a pause takes one day out."""
    case, began = f"WH-{number:08d}", now - timedelta(days=60, seconds=number % 86_400)
    end = timedelta(days=30) if number % LATE_EACH == 0 else timedelta(days=3)
    limit = {"amount": 5, "unit": "working-days"}
    told: list[tuple[str, timedelta, Mapping[str, object]]] = [
        ("case-accepted", timedelta(), {"item": "construction-permit", "stated_limit": limit}),
        ("step-started", timedelta(hours=1), {"step": "review", "holder": "section-2"}),
        ("clock-paused", timedelta(days=1), {"pause": "1", "ground": "hearing"}),
        ("clock-resumed", timedelta(days=2), {"pause": "1"}),
        ("case-decided", end, {"outcome": "granted", "reasons": ["符合法定条件，材料齐全"]}),
    ]
    return [
        message(case, kind, f"{case}-{index}", began + after, data)
        for index, (kind, after, data) in enumerate(told)
    ]


def message(
    case: str, kind: str, id_: str, at: datetime, data: Mapping[str, object]
) -> tuple[str, bytes]:
    """Compose one event of a case as (subject, body)."""
    unit = f"unit-{crc32(case.encode()) % 50:02d}"
    type_ = f"xiaoneng.approvals.{kind}.v1"
    said: Said = {
        "specversion": "1.0",
        "id": id_,
        "source": APPROVALS.source,
        "type": type_,
        "time": at.isoformat(timespec="seconds"),
        "recordedtime": at.isoformat(timespec="seconds"),
        "datacontenttype": "application/json",
        "dataschema": f"urn:xiaoneng:schema:approvals.{kind}.v1#data",
        "subject": case,
        "partitionkey": f"{APPROVALS.source}|{case}",
        "correlationid": f"{APPROVALS.source}|{case}",
        "data": {"case": case, "unit": unit, "time_known": "instant"} | dict(data),
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    return city(APPROVALS.name, type_, unit=unit, key=case), body

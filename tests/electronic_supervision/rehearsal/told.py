"""Records of cases as the city's systems told them, in memory."""

from collections.abc import Sequence
from datetime import datetime

from kernel.store.events import StoredEvent
from services.electronic_supervision.record import CaseRecord
from tests.electronic_supervision.live.said import Said, raw


def record(*told: Said) -> CaseRecord:
    made = CaseRecord()
    for event in stored(told):
        made.add(event)
    return made


def stored(told: Sequence[Said], stream: str = "case") -> list[StoredEvent]:
    return [
        StoredEvent(
            position=number,
            stream=stream,
            version=number,
            id=str(said["id"]),
            type=str(said["type"]),
            data=raw(said).decode(),
            metadata="{}",
            recorded_at=datetime.fromisoformat(str(said["time"])),
            hash=b"",
        )
        for number, said in enumerate(told, 1)
    ]

"""A client of the doors: it reports at a steady rate, and follows what is judged of it."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.city import OPERATOR, REPORTER
from bench.said import message

CONNECTIONS = 32
GRACE_SECONDS = 20
BREACHED = b"xiaoneng.supervision.deadline-breached.v1"


@dataclass(slots=True)
class Diary:
    """When (seconds of the monotonic clock) each case was sent, acknowledged and judged."""

    sent: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    judged: dict[str, float] = field(default_factory=dict)


async def report_at(port: int, now: datetime, rate: int, seconds: int, diary: Diary) -> None:
    """Say so many events a second, each over whichever connection is free."""
    waiting: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue()
    senders = [asyncio.create_task(_sender(port, waiting, diary)) for _ in range(CONNECTIONS)]
    began = time.monotonic()
    for number in range(rate * seconds):
        await asyncio.sleep(began + number / rate - time.monotonic())
        case = f"WH-{number:08d}"
        waiting.put_nowait((case, _overdue(case, now)))
    for _ in senders:
        waiting.put_nowait(None)
    await asyncio.gather(*senders)


def _overdue(case: str, now: datetime) -> bytes:
    """Accept a case whose own end has just passed."""
    due = (now - timedelta(minutes=1)).isoformat(timespec="seconds")
    data = {"item": "construction-permit", "stated_due": due}
    return message(case, "case-accepted", f"{case}-0", now - timedelta(minutes=9), data)[1]


async def _sender(
    port: int, waiting: "asyncio.Queue[tuple[str, bytes] | None]", diary: Diary
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (said := await waiting.get()) is not None:
        case, body = said
        diary.sent[case] = time.monotonic()
        head = _head("POST", "/events", REPORTER, len(body))
        writer.write(head + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(answer))
        diary.acknowledged[case] = time.monotonic()
        if b" 202 " not in answer.partition(b"\r\n")[0]:
            raise RuntimeError(answer.decode())
    writer.close()


async def follow(port: int, diary: Diary, count: int, ready: asyncio.Event) -> None:
    """Note each case when its judgement comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_head("GET", "/judgements/stream", OPERATOR, 0))
    await reader.readuntil(b"\r\n\r\n")
    ready.set()
    is_breach = False
    while len(diary.judged) < count:
        line = await reader.readline()
        if line.startswith(b"event: "):
            is_breach = BREACHED in line
        elif is_breach and line.startswith(b"data: "):
            case = json.loads(line[6:])["data"]["case"]
            diary.judged.setdefault(case, time.monotonic())
    writer.close()


def _head(method: str, path: str, token: str, length: int) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "host: bench",
        f"authorization: Bearer {token}",
        "content-type: application/cloudevents+json",
        f"content-length: {length}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def main(port: int, now: datetime, rate: int, seconds: int) -> dict[str, Sequence[float]]:
    """Return, for all cases judged, the seconds from ack to frame and from sending to ack.

    `rate` is how many a second were acknowledged in the end.
    """
    diary, ready = Diary(), asyncio.Event()
    follower = asyncio.create_task(follow(port, diary, rate * seconds, ready))
    await ready.wait()
    await report_at(port, now, rate, seconds, diary)
    await asyncio.wait([follower], timeout=GRACE_SECONDS)
    follower.cancel()
    return {
        "judged": [at - diary.acknowledged[case] for case, at in diary.judged.items()],
        "rate": [len(diary.sent) / (max(diary.acknowledged.values()) - min(diary.sent.values()))],
        "acknowledged": [at - diary.sent[case] for case, at in diary.acknowledged.items()],
    }


if __name__ == "__main__":
    port, now, rate, seconds = sys.argv[1:]
    told = main(int(port), datetime.fromisoformat(now), int(rate), int(seconds))
    print(json.dumps(asyncio.run(told)))

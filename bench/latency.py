"""How soon a page shows the judgement of what was just acknowledged."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from statistics import quantiles

from bench.city import city
from bench.table import Figure, report

RATE, SECONDS = 500, 20
ALL = ("api", "intake", "loop", "relay")


async def measure(now: datetime, rate: int = RATE, seconds: int = SECONDS) -> None:
    """Measure, and report."""
    async with city() as place:
        with place.running(*ALL) as port:
            told = await _client(port, now, rate, seconds)
    judged, acknowledged = told["judged"], told["acknowledged"]
    note = f"{len(judged):,} of {rate * seconds:,} judged in time"
    figures = [
        Figure(path="ack to frame, p50", value=_percentile(judged, 50), unit="ms", note=note),
        Figure(path="ack to frame, p99", value=_percentile(judged, 99), unit="ms"),
        Figure(path="acknowledged", value=told["rate"][0], unit="events/s"),
        Figure(path="request to ack, p50", value=_percentile(acknowledged, 50), unit="ms"),
        Figure(path="request to ack, p99", value=_percentile(acknowledged, 99), unit="ms"),
    ]
    title = f"latency: POST /events to the frame of its judgement, {rate} events/s, {seconds} s"
    report("latency", title, figures)


async def _client(port: int, now: datetime, rate: int, seconds: int) -> dict[str, Sequence[float]]:
    command = ["-m", "bench.client", str(port), now.isoformat(), str(rate), str(seconds)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the client ended with {process.returncode}")
    told: dict[str, Sequence[float]] = json.loads(out)
    return told


def _percentile(seconds: Sequence[float], nth: int) -> float:
    """Return a percentile in milliseconds."""
    return 1000 * quantiles(seconds, n=100, method="inclusive")[nth - 1]

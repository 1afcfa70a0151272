"""What an intake counts."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge


class IntakeMetrics:
    """Counters of one process, by stream; no message and no source is named."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._messages = Counter(
            "xiaoneng_intake_messages",
            "Messages heard, by what became of them",
            ["stream", "outcome"],
            registry=registry,
        )
        self._pending = Gauge(
            "xiaoneng_intake_pending",
            "Messages in the stream that are not committed yet",
            ["stream"],
            registry=registry,
        )
        self._heard_through = Gauge(
            "xiaoneng_intake_heard_through_timestamp_seconds",
            "Instant up to which everything said is in; it stands still while the bus is away",
            ["stream"],
            registry=registry,
        )
        self._quarantine = Gauge(
            "xiaoneng_quarantine_open",
            "Messages in quarantine that wait for a decision",
            registry=registry,
        )

    def taken(self, stream: str, counts: Mapping[str, int]) -> None:
        """Count the outcomes of a batch."""
        for outcome, number in counts.items():
            self._messages.labels(stream, outcome).inc(number)

    def marked(self, stream: str, pending: int, heard_through: datetime | None) -> None:
        """Note how far a stream has been heard."""
        self._pending.labels(stream).set(pending)
        if heard_through is not None:
            self._heard_through.labels(stream).set(heard_through.timestamp())

    def held(self, depth: int) -> None:
        """Note how many messages wait in quarantine."""
        self._quarantine.set(depth)

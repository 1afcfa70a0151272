"""What a process counts of each partner; only names of known systems become labels."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge


class PartnerMetrics:
    """Counters of one process, by partner; no case and no event is named."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._events = Counter(
            "xiaoneng_partner_events",
            "Events of a partner that were taken, new or told before",
            ["partner", "outcome"],
            registry=registry,
        )
        self._rejected = Counter(
            "xiaoneng_partner_rejected",
            "Events of a partner refused or held, by reason; over-rate were taken all the same",
            ["partner", "code"],
            registry=registry,
        )
        self._heard = Gauge(
            "xiaoneng_partner_last_event_timestamp_seconds",
            "When a partner was last heard, by any door",
            ["partner"],
            registry=registry,
        )

    def took(self, partner: str, outcome: str, number: int) -> None:
        """Count events taken: `new` or `duplicate`."""
        self._events.labels(partner, outcome).inc(number)

    def rejected(self, partner: str, code: str, number: int) -> None:
        """Count events that were refused, held in quarantine, or beyond the rate."""
        self._rejected.labels(partner, code).inc(number)

    def heard(self, partner: str, at: datetime) -> None:
        """Note when a partner was last heard (aware)."""
        self._heard.labels(partner).set(at.timestamp())

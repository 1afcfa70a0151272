"""What a relay counts."""

from dataclasses import dataclass
from typing import Self

from prometheus_client import CollectorRegistry, Counter, Gauge


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayMetrics:
    """Counts of all relays of a process, by service."""

    published: Counter
    lag: Gauge
    reconciled: Counter

    @classmethod
    def on(cls, registry: CollectorRegistry) -> Self:
        """Register them, once for a registry."""
        return cls(
            published=Counter(
                "xiaoneng_relay_published_total",
                "Publications that the stream acknowledged",
                ["service"],
                registry=registry,
            ),
            lag=Gauge(
                "xiaoneng_relay_lag_publications",
                "Publications recorded and not yet known to be in the stream",
                ["service"],
                registry=registry,
            ),
            reconciled=Counter(
                "xiaoneng_relay_reconciled_total",
                "Comparisons of the stream with the record, by what they found",
                ["service", "outcome"],
                registry=registry,
            ),
        )

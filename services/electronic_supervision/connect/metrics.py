"""What connectors count."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from services.electronic_supervision.connect.runs import Counts


class ConnectMetrics:
    """Counters of one process, by connector; no file, no case and no row is named."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._cases = Counter(
            "xiaoneng_connector_cases",
            "Cases read, by what became of them",
            ["connector", "outcome"],
            registry=registry,
        )
        self._events = Counter(
            "xiaoneng_connector_events", "Events told", ["connector"], registry=registry
        )
        self._errors = Counter(
            "xiaoneng_connector_errors",
            "Looks and runs that failed, by code",
            ["connector", "code"],
            registry=registry,
        )
        self._succeeded = Gauge(
            "xiaoneng_connector_last_success_timestamp_seconds",
            "When a connector last looked and nothing was in its way",
            ["connector"],
            registry=registry,
        )
        self._failing = Gauge(
            "xiaoneng_connector_failing",
            "Whether something stands in the way of a connector",
            ["connector"],
            registry=registry,
        )

    def taken(self, connector: str, counts: Counts) -> None:
        """Count what became of some cases."""
        for outcome in ("new", "changed", "unchanged", "bad"):
            self._cases.labels(connector, outcome).inc(getattr(counts, outcome))
        self._events.labels(connector).inc(counts.events)

    def looked(self, connector: str, now: datetime, code: str) -> None:
        """Note how a look went; "" is well."""
        self._failing.labels(connector).set(bool(code))
        if code:
            self.failed(connector, code)
        else:
            self._succeeded.labels(connector).set(now.timestamp())

    def failed(self, connector: str, code: str) -> None:
        """Count what failed."""
        self._errors.labels(connector, code).inc()

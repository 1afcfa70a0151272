"""What the loop counts."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from services.electronic_supervision.domain.engine import JudgementRaised
from services.electronic_supervision.loop.step import Stepped

SECONDS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600, 3600)


class LoopMetrics:
    """Counters of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._facts = Counter(
            "xiaoneng_facts_judged", "Facts taken in by the loop", registry=registry
        )
        self._cases = Counter("xiaoneng_cases_judged", "Times a case was judged", registry=registry)
        self._stuck = Counter(
            "xiaoneng_cases_failed", "Times that our code failed on a case", registry=registry
        )
        self._judgements = Counter(
            "xiaoneng_judgements", "Judgements by what became of them", ["level"], registry=registry
        )
        self._lateness = Histogram(
            "xiaoneng_timer_lateness_seconds",
            "From the instant at which a case had to be looked at to the look, per step",
            buckets=SECONDS,
            registry=registry,
        )

    def note(self, done: Stepped) -> None:
        """Count what a step did."""
        self._facts.inc(done.facts)
        self._cases.inc(done.cases)
        self._stuck.inc(done.stuck)
        for event in done.events:
            became = event.judgement.level if isinstance(event, JudgementRaised) else "superseded"
            self._judgements.labels(became).inc()
        if done.lateness is not None:
            self._lateness.observe(max(done.lateness.total_seconds(), 0))

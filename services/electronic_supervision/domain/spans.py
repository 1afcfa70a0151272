"""Stretches of a case from one kind of event to the next of some others."""

from collections.abc import Iterator

from services.electronic_supervision.domain.case import Case, Mark
from services.electronic_supervision.domain.facts import Fact
from services.electronic_supervision.domain.terms import SpanTerms


def stretches(case: Case, span: SpanTerms) -> Iterator[tuple[Mark, Mark | None]]:
    """Yield where each stretch began and ended, None while it lasts.

    What begins it again meanwhile changes nothing. The end of the case ends it too, if that came
    later: nobody waits for the delivery of what was withdrawn.
    """
    begun: Mark | None = None
    for act in case.acts:
        if begun is None and act.type in span.begin:
            begun = _mark(act)
        elif begun is not None and act.type in span.end:
            yield begun, _mark(act)
            begun = None
    if begun is not None:
        yield begun, _end_of_case(case, begun)


def _mark(act: Fact) -> Mark:
    return Mark(at=act.at, fact=act.id, label=act.unit)


def _end_of_case(case: Case, begun: Mark) -> Mark | None:
    later = (
        end
        for end in (case.ended, case.received)
        if end is not None and end.fact != begun.fact and not end.at.precedes(begun.at)
    )
    return min(later, key=lambda end: end.at.earliest, default=None)

"""The one table of what a partner may be granted on the bus, by name, and what that means there.

`city.<system>` lets it report; the names of `SUBSCRIPTIONS` let it follow what we publish, of the
whole city or of some units.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from contracts.registry import PUBLISHED
from contracts.streams import stream_of
from contracts.subjects import ours_all, ours_matching, ours_of

PUBLISH = "city."

SUBSCRIPTIONS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "supervision.alerts": (
            "deadline-breached",
            "judgement-superseded",
            "lead-raised",
            "reminder-raised",
        ),
        "supervision.findings": ("finding-lifted", "irregularity-found", "pattern-found"),
        "supervision.catalogue": ("item-published", "item-withdrawn"),
        "supervision.clocks": ("clock-started", "clock-changed", "case-closed"),
        "supervision.all": (),
        "organisation.units": (
            "alias-added",
            "alias-removed",
            "unit-closed",
            "unit-registered",
            "unit-regrouped",
            "unit-renamed",
        ),
        "organisation.all": (),
    }
)
"""From a grant to its events; none of them stands for all of the context."""


class UnknownGrantError(ValueError):
    """A grant that is not in the table; the message is its name."""


def system_of(grant: str) -> str:
    """Return the system that `city.<system>` lets speak. Raises UnknownGrantError."""
    if not grant.startswith(PUBLISH) or grant == PUBLISH:
        raise UnknownGrantError(grant)
    return grant.removeprefix(PUBLISH)


def types_of(grant: str) -> frozenset[str]:
    """Return the event types that a subscription brings. Raises UnknownGrantError."""
    context, events = _of(grant)
    return frozenset(
        each
        for each in PUBLISHED
        if each.startswith(f"xiaoneng.{context}.") and (not events or each.split(".")[2] in events)
    )


def streams_of(grants: Iterable[str]) -> list[str]:
    """Name the streams that subscriptions are read from. Raises UnknownGrantError."""
    return sorted({stream_of(_of(each)[0]) for each in grants})


def filters_of(
    grants: Iterable[str], units: Sequence[str] = (), *, stream: str | None = None
) -> list[str]:
    """Give the subject filters of subscriptions, of these units or (none) of all.

    No two overlap, as a consumer demands. Raises UnknownGrantError.
    """
    wanted = sorted({_of(each) for each in grants}, key=lambda one: (one[0], bool(one[1]), one[1]))
    whole = {context for context, events in wanted if not events}
    return [
        each
        for context, events in wanted
        if stream in (None, stream_of(context)) and not (events and context in whole)
        for each in _filters(context, events, units)
    ]


def _filters(context: str, events: Sequence[str], units: Sequence[str]) -> list[str]:
    each_unit: list[str | None] = [*sorted(set(units))] or [None]
    if events:
        return [ours_of(context, event, unit=unit) for event in events for unit in each_unit]
    if not units:
        return [ours_all(context)]
    return [ours_matching(context=context, unit=unit) for unit in each_unit]


def _of(grant: str) -> tuple[str, Sequence[str]]:
    if grant not in SUBSCRIPTIONS:
        raise UnknownGrantError(grant)
    return grant.partition(".")[0], SUBSCRIPTIONS[grant]

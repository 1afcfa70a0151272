"""What is said of a unit."""

from typing import assert_never

from contracts import organisation as o
from services.evaluation.domain.unit_acts import (
    Alias,
    AliasAdded,
    AliasRemoved,
    Closed,
    Event,
    Registered,
    Regrouped,
    Renamed,
)
from services.evaluation.saying.told import ToldOfUnit


def said_of_unit(event: Event) -> ToldOfUnit:
    """Say in the published language what happened to a unit."""
    unit = event.code
    match event:
        case Registered():
            return o.UnitRegistered(
                unit=unit,
                name=event.name,
                group=o.UnitGroup(event.group.value),
                aliases=tuple(_alias(each) for each in event.aliases),
                effective_from=event.effective_from,
            )
        case Renamed(name=name, effective_from=day):
            return o.UnitRenamed(unit=unit, name=name, effective_from=day)
        case Regrouped(group=group, effective_from=day):
            return o.UnitRegrouped(unit=unit, group=o.UnitGroup(group.value), effective_from=day)
        case AliasAdded(alias=alias):
            return o.AliasAdded(unit=unit, alias=_alias(alias))
        case AliasRemoved(alias=alias):
            return o.AliasRemoved(unit=unit, alias=_alias(alias))
        case Closed(effective_from=day, successor=successor):
            return o.UnitClosed(unit=unit, effective_from=day, successor=successor)
        case _:
            assert_never(event)


def _alias(alias: Alias) -> o.Alias:
    return o.Alias(source=alias.source, code=alias.code)

"""The catalogue of items (事项目录) as it is on any day, folded from all that happened to it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import assert_never

from services.electronic_supervision.domain.catalogue.item_acts import (
    Event,
    ItemAlias,
    ItemAliasAdded,
    ItemAliasRemoved,
    ItemPublished,
    ItemRevised,
    ItemWithdrawn,
)
from services.electronic_supervision.domain.catalogue.item_content import ItemContent


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemVersion:
    """What the catalogue says of an item from a local day on; versions count from 1."""

    code: str
    number: int
    effective_from: date
    content: ItemContent


@dataclass(frozen=True, slots=True)
class _Course:
    """Days on which an item changed, in order, and what it became; None: it is no more."""

    days: tuple[date, ...] = ()
    versions: tuple[ItemVersion | None, ...] = ()
    said: int = 0

    def at(self, day: date) -> ItemVersion | None:
        place = bisect_right(self.days, day)
        return self.versions[place - 1] if place else None

    def then(self, day: date, version: ItemVersion | None) -> "_Course":
        """Return it with what holds from a day on, instead of what was to hold from then on."""
        place = bisect_left(self.days, day)
        said = self.said + (version is not None)
        return _Course((*self.days[:place], day), (*self.versions[:place], version), said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All items with all their versions; it never changes, `after` returns another one."""

    _courses: Mapping[str, _Course] = field(default_factory=dict)
    _aliases: Mapping[ItemAlias, str] = field(default_factory=dict)

    def item(self, code: str, day: date, source: str = "") -> ItemVersion | None:
        """Return what an item is on a local day, None if the catalogue has none.

        What a `source` calls an item goes before codes of ours, whenever it was said.
        """
        own = self._aliases.get(ItemAlias(source=source, code=code), code) if source else code
        course = self._courses.get(own)
        return None if course is None else course.at(day)

    def items(self, day: date) -> Sequence[ItemVersion]:
        """Return all items of a local day in order of their codes."""
        told = ((code, course.at(day)) for code, course in self._courses.items())
        return [version for _, version in sorted(told) if version is not None]

    def versions(self, code: str) -> Sequence[ItemVersion]:
        """Return all versions of an item that hold on any day, in order."""
        course = self._courses.get(code, _Course())
        return [version for version in course.versions if version is not None]

    def after(self, events: Iterable[Event]) -> "Catalogue":
        """Return the catalogue after events, in the order in which they were recorded."""
        courses, aliases = dict(self._courses), dict(self._aliases)
        for event in events:
            _tell(courses, aliases, event)
        return Catalogue(_courses=MappingProxyType(courses), _aliases=MappingProxyType(aliases))


def fold(events: Iterable[Event]) -> Catalogue:
    """Return the catalogue that events lead to, in the order in which they were recorded."""
    return Catalogue().after(events)


def _tell(courses: dict[str, _Course], aliases: dict[ItemAlias, str], event: Event) -> None:
    code = event.code
    match event:
        case ItemPublished() | ItemRevised():
            course = courses.get(code, _Course())
            version = ItemVersion(
                code=code,
                number=course.said + 1,
                effective_from=event.effective_from,
                content=event.content,
            )
            courses[code] = course.then(event.effective_from, version)
            if isinstance(event, ItemPublished):
                aliases.update(dict.fromkeys(event.aliases, code))
        case ItemWithdrawn(effective_from=day):
            courses[code] = courses.get(code, _Course()).then(day, None)
        case ItemAliasAdded(alias=alias):
            aliases[alias] = code
        case ItemAliasRemoved(alias=alias):
            if aliases.get(alias) == code:
                del aliases[alias]
        case _:
            assert_never(event)

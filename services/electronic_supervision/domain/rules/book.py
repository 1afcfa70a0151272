"""The book of rules: which versions hold on a day, and which of them an event concerns."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from services.electronic_supervision.domain.rules.demands import (
    Count,
    Demand,
    Forbidden,
    Rate,
    Span,
)
from services.electronic_supervision.domain.rules.rule import Rule

Key = TypeVar("Key")


class Mode(StrEnum):
    """Whether a rule judges in earnest, or only shows what it would say (试运行)."""

    ACTIVE = "active"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Entry:
    """A version of a rule and how it holds on the days of its effect."""

    rule: Rule
    mode: Mode = Mode.ACTIVE


class RulesOverlapError(Exception):
    """Two versions of one rule would hold in one mode on the same day: a mistake of ours."""

    def __init__(self, id_: str, day: date) -> None:
        super().__init__(f"two versions of {id_} on {day}")
        self.id = id_
        self.day = day


@dataclass(frozen=True, slots=True)
class _Chapter:
    """What holds from one day of change to the next."""

    entries: tuple[Entry, ...]
    by_id: Mapping[tuple[str, Mode], Rule]
    by_type: Mapping[str, tuple[Entry, ...]]
    by_kind: Mapping[type, tuple[Entry, ...]]


_BLANK = _Chapter((), {}, {}, {})


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All versions of all rules, made by `book`; every look-up costs the same for any day.

    `entries` are as given, whether in effect on some day or not, and `types` the event types that
    any of them names, `kinds` what kinds of demands they make,
    `titles` what the latest version of each is called, by id; answers are in order of id, active
    before shadow, and the same tuples each time.
    """

    entries: tuple[Entry, ...]
    types: frozenset[str]
    kinds: frozenset[type]
    titles: Mapping[str, str]
    _days: tuple[date, ...]
    _chapters: tuple[_Chapter, ...]

    def rule(self, id_: str, day: date) -> Rule | None:
        """Return the active version of a rule on a local day."""
        return self._on(day).by_id.get((id_, Mode.ACTIVE))

    def shadow(self, id_: str, day: date) -> Rule | None:
        """Return the version of a rule that is tried out on a local day."""
        return self._on(day).by_id.get((id_, Mode.SHADOW))

    def in_force(self, day: date) -> tuple[Entry, ...]:
        """Return all that holds on a local day, in either mode."""
        return self._on(day).entries

    def on(self, event_type: str, day: date) -> tuple[Entry, ...]:
        """Return the rules that an event of this type, on this local day, may set off.

        Those that name the type: rules on the whole case or its steps name none.
        """
        return self._on(day).by_type.get(event_type, ())

    def by_kind(self, kind: type[Demand], day: date) -> tuple[Entry, ...]:
        """Return the rules with such a demand, as `Span`, on a local day."""
        return self._on(day).by_kind.get(kind, ())

    def changes(self) -> tuple[date, ...]:
        """Return the local days on which other rules hold than on the day before."""
        return self._days

    def _on(self, day: date) -> _Chapter:
        at = bisect_right(self._days, day)
        return self._chapters[at - 1] if at else _BLANK


def book(entries: Iterable[Entry]) -> RuleBook:
    """Bind entries in any order. Raises RulesOverlapError."""
    all_ = tuple(sorted(entries, key=_order))
    lasting = [each for each in all_ if _lasts(each.rule)]
    days = sorted({day for each in lasting for day in _turns(each.rule)})
    chapters = tuple(_chapter([each for each in lasting if _holds(each, d)], d) for d in days)
    types = frozenset(type_ for each in all_ for type_ in heard_by(each.rule.demand))
    kinds = frozenset[type](type(each.rule.demand) for each in all_)
    titles = {each.rule.id: each.rule.title for each in all_}
    return RuleBook(all_, types, kinds, titles, tuple(days), chapters)


def heard_by(demand: Demand) -> tuple[str, ...]:
    """Return the event types that a demand names; none if it asks for cases or judgements."""
    match demand:
        case Span(begin=begin, end=end):
            return (*begin, *end)
        case Forbidden(on=on) | Count(on=on) | Rate(on=on):
            return on
        case _:
            return ()


def _order(entry: Entry) -> tuple[str, Mode, int]:
    return entry.rule.id, entry.mode, entry.rule.version


def _lasts(rule: Rule) -> bool:
    return rule.effective_until is None or rule.effective_from < rule.effective_until


def _turns(rule: Rule) -> Iterator[date]:
    yield rule.effective_from
    if rule.effective_until is not None:
        yield rule.effective_until


def _holds(entry: Entry, day: date) -> bool:
    until = entry.rule.effective_until
    return entry.rule.effective_from <= day and (until is None or day < until)


def _chapter(entries: Sequence[Entry], day: date) -> _Chapter:
    by_id: dict[tuple[str, Mode], Rule] = {}
    for each in entries:
        if (each.rule.id, each.mode) in by_id:
            raise RulesOverlapError(each.rule.id, day)
        by_id[each.rule.id, each.mode] = each.rule
    return _Chapter(
        entries=tuple(entries),
        by_id=by_id,
        by_type=_grouped(entries, lambda each: dict.fromkeys(heard_by(each.rule.demand))),
        by_kind=_grouped(entries, lambda each: (type(each.rule.demand),)),
    )


def _grouped(
    entries: Sequence[Entry], keys: Callable[[Entry], Iterable[Key]]
) -> dict[Key, tuple[Entry, ...]]:
    groups: dict[Key, list[Entry]] = {}
    for each in entries:
        for key in keys(each):
            groups.setdefault(key, []).append(each)
    return {key: tuple(group) for key, group in groups.items()}

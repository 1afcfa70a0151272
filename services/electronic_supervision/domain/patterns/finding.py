"""What a pattern over time found, with all that it rests on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid5

from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence, Source
from services.electronic_supervision.domain.rules.demands import Level
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.time.moment import Moment

NAMESPACE = UUID("0d2b8e0a-6c5e-5e0c-9c55-5b0f6a1e7d42")
MOST = 500
"""So many events, judgements and occurrences are named, the newest; `figures` count them all."""


class Kind(StrEnum):
    """How a pattern was found."""

    COUNT = "count"
    CUMULATION = "cumulation"
    ABSENCE = "absence"
    RATE = "rate"
    HONEST_CLOCK = "honest-clock"


class Counted(NamedTuple):
    """An occurrence as a finding names it."""

    id: str
    at: Moment
    case: CaseKey | None
    weight: int
    numbers: tuple[tuple[str, float], ...]


class Place(NamedTuple):
    """What there can be only one finding of at a time: a card and its lead share it."""

    group: Group
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternFinding:
    """A pattern that became true on the local day `day`, at the instant `at` (UTC).

    `id` derives from rule, group, level and `anchor`, which later occurrences don't move; neither a
    replay nor a new version of the rule doubles it. The window [window_from, window_until) in UTC
    holds all that it rests on, and nothing that happens after it changes what is said here.
    `withheld` is the code of what makes it a lead instead of a card of its level, "" if nothing.
    `kind` and `detail` (which tactic, what is absent) say how to tell it.
    """

    id: str
    kind: Kind
    detail: str
    rule: str
    version: int
    clause: str
    level: Level
    withheld: str
    group: Group
    anchor: str
    day: date
    at: datetime
    window_from: datetime
    window_until: datetime
    figures: Mapping[str, float]
    facts: tuple[Source, ...] = ()
    judgements: tuple[str, ...] = ()
    counted: tuple[Counted, ...] = ()

    @property
    def unit(self) -> str:
        """The unit concerned, "" if none is."""
        return self.group.unit

    @property
    def is_lead(self) -> bool:
        """Tell whether it is for people to look into, and no card or reminder."""
        return bool(self.withheld) or self.level is Level.LEAD

    @property
    def place(self) -> Place:
        """What it competes for with its likes."""
        return Place(self.group, self.level)

    def values(self, name: str = "") -> Mapping[str, object]:
        """Return what the message of a rule may name, the figures among them by their names.

        `subject` is called by its `name`, by its code if none is given.
        `begin` and `end` are the instants of the window, `day` the one on which it became true.
        """
        return {
            **self.figures,
            "subject": name or self.group.key,
            "subject_kind": self.group.by.value,
            "unit": self.group.unit,
            "problem": self.group.problem,
            "detail": self.detail,
            "begin": self.window_from,
            "end": self.window_until,
            "day": self.at,
        }


class Window(NamedTuple):
    """When something was found, and what it rests on."""

    anchor: str
    day: date
    at: datetime
    begin: datetime
    end: datetime
    rests_on: Sequence[Occurrence] = ()


def found(
    rule: Rule,
    kind: Kind,
    group: Group,
    level: Level,
    window: Window,
    figures: Mapping[str, float],
    *,
    withheld: str = "",
    detail: str = "",
) -> PatternFinding:
    """Put a finding together, with its id and what it rests on, the newest if that is a lot."""
    newest = window.rests_on[-MOST:]
    return PatternFinding(
        id=finding_id(group, level, window.anchor, withheld),
        kind=kind,
        detail=detail,
        rule=rule.id,
        version=rule.version,
        clause=rule.clause,
        level=level,
        withheld=withheld,
        group=group,
        anchor=window.anchor,
        day=window.day,
        at=window.at,
        window_from=window.begin,
        window_until=window.end,
        figures=dict(figures),
        facts=tuple(dict.fromkeys(fact for each in newest for fact in each.facts))[-MOST:],
        judgements=tuple(each.judgement for each in newest if each.judgement),
        counted=tuple(
            Counted(each.id, each.at, each.case, each.weight, each.numbers) for each in newest
        ),
    )


def finding_id(group: Group, level: Level, anchor: str, withheld: str = "") -> str:
    """Derive the id of a finding; a lead that stands for a card is another one than the card."""
    grade = f"{level.value}-lead" if withheld else level.value
    cause = (group.rule, group.by.value, *group[2:], grade, anchor)
    return str(uuid5(NAMESPACE, json.dumps(cause)))


class Lifted(NamedTuple):
    """A finding that no longer holds, and the id of the one that holds instead, if there is."""

    id: str
    replaced_by: str | None


class Differences(NamedTuple):
    """What has to be said, where some findings stand and others hold."""

    raised: tuple[PatternFinding, ...]
    lifted: tuple[Lifted, ...]


def differences(
    standing: Iterable[PatternFinding], holding: Iterable[PatternFinding]
) -> Differences:
    """Compare what stands with what holds; the caller hands in those of the same days of `told`.

    A finding is replaced by the nearest one in time of the same group and level that it did not
    stand beside.
    """
    before = {finding.id: finding for finding in standing}
    after = {finding.id: finding for finding in holding}
    new = [finding for finding in after.values() if finding.id not in before]
    gone = [finding for finding in before.values() if finding.id not in after]
    return Differences(
        raised=tuple(sorted(new, key=_order)),
        lifted=tuple(Lifted(old.id, _instead(old, new)) for old in sorted(gone, key=_order)),
    )


def _instead(old: PatternFinding, new: Iterable[PatternFinding]) -> str | None:
    rivals = [each for each in new if each.place == old.place]
    nearest = min(rivals, key=lambda each: (abs(each.day - old.day), each.id), default=None)
    return None if nearest is None else nearest.id


def _order(finding: PatternFinding) -> tuple[object, ...]:
    return finding.at, finding.id

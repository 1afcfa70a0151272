"""What can be done to a rule, and what happened to it; by whom is told beside each event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipRule:
    """Take over a rule as a release brings it; `document` is its whole text.

    `on_trial`: it may not act before the city has completed and enacted it.
    """

    id: str
    document: str
    effective_from: date
    on_trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRule:
    """Propose a version: the next one, or another text of one that is no more than a draft."""

    id: str
    version: int
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRehearsal:
    """Note that a draft was held against history; `digest` is that of what was rehearsed.

    `rehearsal` is its id, `figures` say how much would appear, vanish, change, by stable names.
    """

    id: str
    version: int
    digest: str
    rehearsal: str
    figures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowRule:
    """Let a rehearsed version judge beside the others without consequence, from `today` on."""

    id: str
    version: int
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateRule:
    """Enact a rehearsed version from a local day on; the version before ends that day."""

    id: str
    version: int
    effective_from: date
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireRule:
    """End a version: `day` is the first local day without it. A draft may be dropped the same way.

    Nothing but another version follows a version that ended.
    """

    id: str
    version: int
    day: date
    reason: str
    today: date


Command = ShipRule | DraftRule | NoteRehearsal | ShadowRule | ActivateRule | RetireRule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShipped:
    """A rule came with the first release that knew it, and is active, or `on_trial`."""

    id: str
    version: int
    document: str
    digest: str
    effective_from: date
    on_trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDrafted:
    """A version was proposed; `release` says that it came with a release."""

    id: str
    version: int
    document: str
    digest: str
    release: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRehearsed:
    """A draft was held against history."""

    id: str
    version: int
    digest: str
    rehearsal: str
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShadowed:
    """A version shows what it would say, from a local day on."""

    id: str
    version: int
    digest: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleActivated:
    """A version judges what happens from a local day on."""

    id: str
    version: int
    digest: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRetired:
    """A version ended; `day` is the first local day without it."""

    id: str
    version: int
    day: date
    reason: str


Event = RuleShipped | RuleDrafted | RuleRehearsed | RuleShadowed | RuleActivated | RuleRetired

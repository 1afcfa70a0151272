"""What electronic supervision concludes beyond limits: irregularities, and patterns over time.

A conclusion is never edited: `FindingLifted` says that it no longer holds.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.electronic_supervision import (
    FactReference,
    RuleReference,
    SupersedeReason,
    WithheldReason,
)
from contracts.vocabulary import Code, Instant, Published, Text, UriReference


class FindingLevel(StrEnum):
    """How grave a conclusion is."""

    LEAD = "lead"
    """For a person to look at, and never a card (线索)."""
    REMINDER = "reminder"
    """预警"""
    YELLOW = "yellow"
    """黄牌"""
    RED = "red"
    """红牌"""


class Finding(Published):
    """What both kinds of conclusions say."""

    judgement: Code
    """Id of the conclusion: judged again, it stays the same."""
    unit: Code
    """Code of the unit that it concerns."""
    rule: RuleReference
    clause: Text
    """Clause that the rule carries out."""
    level: FindingLevel
    withheld: WithheldReason | None = None
    """Why it is no card, though it has the level of one; none if it is what `level` says."""
    message: Text
    """What is wrong, in Chinese, with the facts filled in."""
    facts: tuple[FactReference, ...]
    """The events it rests on, the last 500 if there are more."""


class IrregularityFound(Finding):
    """Something about a case breaks a rule; the envelope's `time` is that of the act."""

    case: Code
    """Number of the case, unique within its source."""
    case_source: UriReference
    """Source that numbered the case."""


class SubjectKind(StrEnum):
    """Of whom a pattern tells."""

    UNIT = "unit"
    ITEM = "item"
    POST = "post"
    SOURCE = "source"
    ENTERPRISE = "enterprise"
    APPLICANT = "applicant"


class Figure(Published):
    """A number that a pattern rests on."""

    name: Code
    value: Annotated[float, Field(allow_inf_nan=False)]


class PatternFound(Finding):
    """What happened in a window of time breaks a rule, or is a lead for people."""

    subject_kind: SubjectKind
    subject: Code
    """Code of the unit, item or post, name of the source, number of the enterprise, …"""
    window_from: Instant
    """Begin of the window, by the time at which things happened."""
    window_until: Instant
    figures: tuple[Figure, ...]
    """Counts, rates, baselines and uncertainties, by stable names."""
    judgements: tuple[Code, ...] = ()
    """Conclusions that it adds up, if it does; the last 500 if there are more."""


class FindingLifted(Published):
    """A conclusion no longer holds: facts were corrected, or a register, or the rule."""

    judgement: Code
    """Id of the conclusion that no longer holds."""
    unit: Code
    rule: RuleReference
    level: FindingLevel
    reason: SupersedeReason
    because: FactReference | None = None
    """The event that changed it, if it was one."""
    replaced_by: Code | None = None
    """Id of the conclusion that holds instead; none if none does."""

"""What electronic supervision (电子监察) concludes about a case, and what each conclusion rests on.

A conclusion is never edited: `JudgementSuperseded` says that it no longer holds. An alert is not
yet a card: people check a red one first (预发牌 → 核查 → 发牌).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from contracts.vocabulary import Code, EventId, Instant, Limit, Published, Text, UriReference

Clock = Annotated[str, StringConstraints(max_length=110, pattern=r"^(total|citizen|step:.+)$")]
"""The unit's clock for the whole case, the citizen's, which never pauses, or that of one step."""


class FactReference(Published):
    """An event that a conclusion rests on; source and id together are unique."""

    source: UriReference
    id: EventId


class RuleReference(Published):
    """The rule applied, in the version applied."""

    id: Code
    version: Code


class CaseFinding(Published):
    """What every conclusion says."""

    case: Code
    """Number of the case, unique within its source."""
    case_source: UriReference
    """Source that numbered the case."""
    unit: Code
    """Code of the unit that holds the case."""
    facts: tuple[FactReference, ...]
    """All that was known of the case and counted."""


class RuledFinding(CaseFinding):
    """A conclusion from a rule."""

    rule: RuleReference
    clause: Text
    """Clause that the rule carries out."""
    calendar_version: Code
    """Version of the calendar of working days that was counted with."""


class ClockState(StrEnum):
    """What a clock does."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class ClockFinding(RuledFinding):
    """How a clock stands."""

    clock: Clock
    state: ClockState
    limits: tuple[Limit, ...] = ()
    """Limits in force, one after another where an extension is counted in another unit than the
    limit; none if the source stated the end itself or there is no limit."""
    due: Instant | None = None
    """End of the limit; none while paused or without limit."""
    due_on: date | None = None
    """Last local day in time, if the limit is counted in days: `due` is then its 24:00."""
    provisional: bool
    """Whether `due` rests on days that no notice of public holidays has settled yet."""


class ClockStarted(ClockFinding):
    """A clock began to run."""


class ClockChanged(ClockFinding):
    """A clock was paused, resumed, extended, stopped or reckoned anew."""


class Judgement(RuledFinding):
    """A conclusion that time passed a mark."""

    judgement: Code
    """Id derived from rule, case, clock, level and due instant: judged again, it stays the same."""
    clock: Clock
    due: Instant
    """End of the limit of the case or step."""
    supervision_due: Instant | None = None
    """For a red one, the end of the supervision limit that followed."""
    due_on: date | None = None
    """Last local day in time, if the limit is counted in days: `due` is then its 24:00."""
    fires_at: Instant
    """Instant of the mark."""


class ReminderRaised(Judgement):
    """The limit draws near (预警)."""

    provisional: bool
    """Whether `due` rests on days that no notice of public holidays has settled yet."""


class BreachLevel(StrEnum):
    """How grave a breach is."""

    YELLOW = "yellow"
    """The limit passed (黄牌)."""
    RED = "red"
    """The supervision limit passed too (红牌)."""


class DeadlineBreached(Judgement):
    """A limit passed (超时); never concluded from a provisional date.

    One that was superseded may hold again: then it is told anew with the same `judgement`. What
    comes last in the source's sequence holds.
    """

    level: BreachLevel


WithheldReason = Annotated[str, StringConstraints(max_length=100, pattern=r"^[a-z]+(-[a-z]+)*$")]
"""Stable code such as `provisional-date`, `future-time` or `message-in-quarantine`."""


class LeadRaised(Judgement):
    """A limit passed by all that is known, but that is too doubtful for a card (线索).

    A person has to look. Once the doubt is gone, a breach supersedes it, or nothing does.
    """

    level: BreachLevel
    """Level that the card would have."""
    withheld: WithheldReason
    """Why it is no card."""


class Level(StrEnum):
    """How grave the conclusion was; a lead has the level of its card."""

    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"


SupersedeReason = Annotated[str, StringConstraints(max_length=100, pattern=r"^[a-z]+(-[a-z]+)*$")]
"""Stable code such as `date-corrected`, `fact-voided`, `late-fact` or `calendar-changed`."""


class JudgementSuperseded(CaseFinding):
    """A conclusion no longer holds, after a correction, a late fact or a notice of holidays."""

    judgement: Code
    """Id of the conclusion that no longer holds."""
    clock: Clock
    level: Level
    reason: SupersedeReason
    because: FactReference | None = None
    """The event that changed it, if it was one."""
    replaced_by: Code | None = None
    """Id of the conclusion that holds instead; none if none does."""


class Verdict(StrEnum):
    """How a case ended against its total clock."""

    ON_TIME = "on_time"
    LATE = "late"
    NO_LIMIT = "no_limit"
    NOT_JUDGED = "not_judged"
    """On dates too doubtful to judge by."""


class CaseClosed(RuledFinding):
    """The case ended at the envelope's `time`, and this is the verdict on its total clock."""

    judgement: Code
    """Id of this conclusion."""
    verdict: Verdict
    due: Instant | None = None
    """End of the limit, if there was one."""
    due_on: date | None = None
    """Last local day in time, if the limit is counted in days: `due` is then its 24:00."""

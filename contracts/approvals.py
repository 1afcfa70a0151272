"""What a city system tells about its administrative approvals (行政审批), case by case.

When it happened is the envelope's `time`, and nowhere else. No event holds anything about a person
who applies: whoever supervises the administration has no need to know whom it served. An enterprise
may be named by its number in the public register, since privileges are granted to it (绿卡).
"""

from datetime import date
from enum import StrEnum

from contracts.vocabulary import (
    Code,
    CreditCode,
    EventId,
    Fen,
    Instant,
    Limit,
    Pseudonym,
    Published,
    Text,
)


class TimeKnown(StrEnum):
    """How much of an event's time is known; where only the day is, doubt favours the official."""

    INSTANT = "instant"
    DAY = "day"


class CaseFact(Published):
    """What every event of a case says."""

    case: Code
    """Number of the case (办件), unique within the source."""
    unit: Code
    """Code of the unit (单位) that holds the case."""
    time_known: TimeKnown = TimeKnown.INSTANT
    """Whether the envelope's `time` is to be taken as that instant or only as that local day."""
    corrects: EventId | None = None
    """Id of the event of the same source that this one replaces, as after a mistyped date."""


class CaseReceived(CaseFact):
    """An application came in (收件); within five days the unit accepts it, refuses to, or asks for
    what is missing, else it counts as accepted from now (行政许可法第三十二条)."""

    item: Code
    """Code of the item (事项) in the city's catalogue."""
    channel: Code | None = None
    """Way in: counter, web, post, …"""
    holder: Code | None = None
    """Post (岗位) or section (科室) that was asked first (首问); never a person's name."""


class AcceptanceRefused(CaseFact):
    """The unit refused to accept the application (不予受理)."""

    item: Code
    reasons: tuple[Text, ...]
    """Reasons given to the applicant; empty if none were given, for supervision to see."""


class CaseAccepted(CaseFact):
    """The unit accepted the application (受理); the limits run from here (行政许可法第三十二条)."""

    item: Code
    """Code of the item (事项) in the city's catalogue."""
    stated_due: Instant | None = None
    """End of the limit as the source reckons it; finishing at that very instant is in time."""
    stated_due_on: date | None = None
    """The same where the source gives a day only: the limit ends with it (24:00)."""
    stated_limit: Limit | None = None
    """Limit as the source itself states it; the city's catalogue prevails."""
    channel: Code | None = None
    """Way in: counter, web, post, …"""
    holder: Code | None = None
    """Post (岗位) or section (科室) that took the case; never a person's name."""
    enterprise: CreditCode | None = None
    """Whom it is for, if it is an enterprise; to tell holders of a green card (绿卡) by."""
    applicant: Pseudonym | None = None
    """A name for the applicant by which only the source can tell who it is: a keyed digest."""


class Material(Published):
    """A document that the applicant has to bring (材料)."""

    name: Text
    code: Code | None = None
    """Code of the material in the item's catalogue."""


class SupplementRequested(CaseFact):
    """The unit asked for missing materials (补正), all at once (行政许可法第三十二条第一款第四项).

    The clock goes on until a `ClockPaused` says otherwise.
    """

    materials: tuple[Material, ...]
    """All that is missing; empty if the notice named nothing, for supervision to see."""
    applicant_told_in_writing: bool | None = None
    """Whether the applicant got the one-time notice (一次性告知) in writing."""


class PauseGround(StrEnum):
    """Why time does not count: eight grounds of 行政许可法第四十五条, and two of the city's own.

    `supplement`, `publicity` and `other` need a clause of their own for the item.
    """

    HEARING = "hearing"
    """听证"""
    TENDER = "tender"
    """招标"""
    AUCTION = "auction"
    """拍卖"""
    INSPECTION = "inspection"
    """检验"""
    TESTING = "testing"
    """检测"""
    QUARANTINE = "quarantine"
    """检疫"""
    APPRAISAL = "appraisal"
    """鉴定"""
    EXPERT_REVIEW = "expert-review"
    """专家评审"""
    SUPPLEMENT = "supplement"
    """补正"""
    PUBLICITY = "publicity"
    """公示"""
    OTHER = "other"
    """Any other; told so that supervision sees it, it stops a clock only by the item's clause."""


class ClockPaused(CaseFact):
    """Time stopped counting for the unit (暂停计时)."""

    ground: PauseGround
    pause: Code
    """The source's own number of this pause, used once within the case."""
    ground_text: Text | None = None
    """The ground in the source's words, above all where it is `other`."""
    clause: Text | None = None
    """Clause that allows the pause."""
    applicant_told_in_writing: bool | None = None
    """Whether the applicant was told the time needed in writing (行政许可法第四十五条)."""


class ClockResumed(CaseFact):
    """The ground of a pause fell away (恢复计时)."""

    pause: Code
    """Number of the pause that ended."""


class StepStarted(CaseFact):
    """A step (环节) of the case began."""

    step: Code
    name: Text | None = None
    holder: Code | None = None
    """Unit, section or post that has the step in hand."""


class StepFinished(CaseFact):
    """A step (环节) of the case ended."""

    step: Code
    name: Text | None = None
    holder: Code | None = None
    """Unit, section or post that had the step in hand."""


class LimitExtended(CaseFact):
    """The limit was extended (延期), as the head of the unit may do (行政许可法第四十二条)."""

    by: Limit
    """What is added to the limit."""
    reason: Text | None = None
    """Reason given to the applicant."""
    approved_by: Code | None = None
    """Post of whoever approved it; never a person's name."""
    clause: Text | None = None
    """Clause that allows the extension."""


class CaseTransferred(CaseFact):
    """The case was handed over (转办); `unit` is the one that gave it away."""

    to_unit: Code
    """Code of the unit that holds the case from now on."""
    reason: Text | None = None


class Outcome(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    """准予"""
    REFUSED = "refused"
    """不予"""
    OTHER = "other"
    """Any other end, such as a partial grant or a termination (终止)."""


class CaseDecided(CaseFact):
    """The unit decided (办结)."""

    outcome: Outcome
    reasons: tuple[Text, ...]
    """Reasons given to the applicant.

    Empty if none were given: on refusal an irregularity (行政许可法第三十八条第二款).
    """


class CaseReopened(CaseFact):
    """A case that had been decided is worked on again (重新办理)."""

    reason: Text | None = None


class FeeCharged(CaseFact):
    """The unit charged a fee (收费)."""

    amount_fen: Fen
    """Amount in fen (分)."""
    purpose: Text
    """What the fee was for."""
    standard: Text | None = None
    """Clause of the standard of charges."""


class ResultDelivered(CaseFact):
    """The result reached the applicant (送达); ten days are allowed (行政许可法第四十四条)."""

    channel: Code | None = None
    """Way out: counter, web, post, …"""


class CaseWithdrawn(CaseFact):
    """The applicant withdrew the application (撤回)."""


class FactVoided(CaseFact):
    """An event had been recorded by mistake (误录作废) and counts as never said.

    Voiding the voiding, by its own event id, brings the fact back.
    """

    voids: EventId
    """Id of that event, of the same source and case."""
    reason: Text

"""The one table of published event types, and the names that follow from a type."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeVar, cast

from contracts import (
    approvals,
    catalogue,
    electronic_supervision,
    enforcement,
    findings,
    organisation,
)
from contracts.envelope import Event
from contracts.vocabulary import Published

HEARD = frozenset({"approvals", "enforcement"})
"""The contexts that city systems speak; the rest we say ourselves."""

Data = TypeVar("Data", bound=Published)

# A line stays for ever: a new shape gets a new version and a line of its own.
PUBLISHED: Mapping[str, type[Published]] = MappingProxyType(
    {
        "xiaoneng.approvals.case-accepted.v1": approvals.CaseAccepted,
        "xiaoneng.approvals.supplement-requested.v1": approvals.SupplementRequested,
        "xiaoneng.approvals.clock-paused.v1": approvals.ClockPaused,
        "xiaoneng.approvals.clock-resumed.v1": approvals.ClockResumed,
        "xiaoneng.approvals.step-started.v1": approvals.StepStarted,
        "xiaoneng.approvals.step-finished.v1": approvals.StepFinished,
        "xiaoneng.approvals.limit-extended.v1": approvals.LimitExtended,
        "xiaoneng.approvals.case-transferred.v1": approvals.CaseTransferred,
        "xiaoneng.approvals.case-decided.v1": approvals.CaseDecided,
        "xiaoneng.approvals.fee-charged.v1": approvals.FeeCharged,
        "xiaoneng.approvals.result-delivered.v1": approvals.ResultDelivered,
        "xiaoneng.approvals.case-withdrawn.v1": approvals.CaseWithdrawn,
        "xiaoneng.approvals.fact-voided.v1": approvals.FactVoided,
        "xiaoneng.approvals.case-received.v1": approvals.CaseReceived,
        "xiaoneng.approvals.acceptance-refused.v1": approvals.AcceptanceRefused,
        "xiaoneng.approvals.case-reopened.v1": approvals.CaseReopened,
        "xiaoneng.enforcement.inspection-conducted.v1": enforcement.InspectionConducted,
        "xiaoneng.enforcement.penalty-decided.v1": enforcement.PenaltyDecided,
        "xiaoneng.organisation.unit-registered.v1": organisation.UnitRegistered,
        "xiaoneng.organisation.unit-renamed.v1": organisation.UnitRenamed,
        "xiaoneng.organisation.unit-closed.v1": organisation.UnitClosed,
        "xiaoneng.organisation.unit-regrouped.v1": organisation.UnitRegrouped,
        "xiaoneng.organisation.alias-added.v1": organisation.AliasAdded,
        "xiaoneng.organisation.alias-removed.v1": organisation.AliasRemoved,
        "xiaoneng.organisation.section-opened.v1": organisation.SectionOpened,
        "xiaoneng.organisation.section-renamed.v1": organisation.SectionRenamed,
        "xiaoneng.organisation.section-closed.v1": organisation.SectionClosed,
        "xiaoneng.organisation.post-established.v1": organisation.PostEstablished,
        "xiaoneng.organisation.post-renamed.v1": organisation.PostRenamed,
        "xiaoneng.organisation.holder-appointed.v1": organisation.HolderAppointed,
        "xiaoneng.organisation.holder-relieved.v1": organisation.HolderRelieved,
        "xiaoneng.organisation.holder-went-away.v1": organisation.HolderWentAway,
        "xiaoneng.organisation.holder-returned.v1": organisation.HolderReturned,
        "xiaoneng.organisation.post-abolished.v1": organisation.PostAbolished,
        "xiaoneng.organisation.person-joined.v1": organisation.PersonJoined,
        "xiaoneng.organisation.person-renamed.v1": organisation.PersonRenamed,
        "xiaoneng.organisation.person-moved.v1": organisation.PersonMoved,
        "xiaoneng.organisation.person-left.v1": organisation.PersonLeft,
        "xiaoneng.supervision.clock-started.v1": electronic_supervision.ClockStarted,
        "xiaoneng.supervision.clock-changed.v1": electronic_supervision.ClockChanged,
        "xiaoneng.supervision.reminder-raised.v1": electronic_supervision.ReminderRaised,
        "xiaoneng.supervision.deadline-breached.v1": electronic_supervision.DeadlineBreached,
        "xiaoneng.supervision.lead-raised.v1": electronic_supervision.LeadRaised,
        "xiaoneng.supervision.judgement-superseded.v1": electronic_supervision.JudgementSuperseded,
        "xiaoneng.supervision.case-closed.v1": electronic_supervision.CaseClosed,
        "xiaoneng.supervision.irregularity-found.v1": findings.IrregularityFound,
        "xiaoneng.supervision.pattern-found.v1": findings.PatternFound,
        "xiaoneng.supervision.finding-lifted.v1": findings.FindingLifted,
        "xiaoneng.supervision.item-published.v1": catalogue.ItemPublished,
        "xiaoneng.supervision.item-withdrawn.v1": catalogue.ItemWithdrawn,
    }
)


def type_of(data: type[Published]) -> str:
    """Name the event type whose data this model is; `KeyError` if it is none of a type."""
    return _types()[data]


@cache
def _types() -> Mapping[type[Published], str]:
    return {model: event_type for event_type, model in PUBLISHED.items()}


def event_of(data: type[Data]) -> type[Event[Data]]:
    """Give the model of a whole event with such data."""
    # spelled as a call, because mypy takes Event[data] for a type expression
    return cast("type[Event[Data]]", Event.__class_getitem__(data))


@cache
def event_model(event_type: str) -> type[Event[Published]]:
    """Give the model of a whole event of this type; `KeyError` if it was never published."""
    return event_of(PUBLISHED[event_type])


def short_name(event_type: str) -> str:
    """Shorten a type to `approvals.case-accepted.v1`, the name of its schema and golden event."""
    return event_type.removeprefix("xiaoneng.")


def schema_id(name: str) -> str:
    """Give the `$id` of the published schema of this name."""
    return f"urn:xiaoneng:schema:{name}"


def dataschema(event_type: str) -> str:
    """Give the CloudEvents `dataschema`: the schema of `data` inside that of the whole event."""
    return f"{schema_id(short_name(event_type))}#data"

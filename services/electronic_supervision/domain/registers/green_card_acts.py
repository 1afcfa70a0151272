"""What may be wished of the green card (绿卡) of an enterprise, and what may happen to it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantGreenCard:
    """Give an enterprise a green card from a local day through another."""

    enterprise: str
    name: str
    effective_from: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewGreenCard:
    """Have a green card end on another day; said from a local day on."""

    enterprise: str
    last_day: date
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameEnterprise:
    """Call the holder of a green card by another name from a local day on."""

    enterprise: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendGreenCard:
    """Have a green card not hold from a local day on, until it is resumed."""

    enterprise: str
    reason: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeGreenCard:
    """Have a suspended green card hold again from a local day on."""

    enterprise: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawGreenCard:
    """Take a green card away; `effective_from` is the first local day without it.

    On the very day from which it was given: it never was.
    """

    enterprise: str
    reason: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenCardGranted:
    """An enterprise was given a green card."""

    enterprise: str
    name: str
    effective_from: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenCardRenewed:
    """A green card ends on another day."""

    enterprise: str
    last_day: date
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseRenamed:
    """The holder of a green card got another name; its number stays."""

    enterprise: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenCardSuspended:
    """A green card does not hold for the time being."""

    enterprise: str
    reason: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenCardResumed:
    """A green card holds again."""

    enterprise: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenCardWithdrawn:
    """A green card was taken away."""

    enterprise: str
    reason: str
    effective_from: date


Command = (
    GrantGreenCard
    | RenewGreenCard
    | RenameEnterprise
    | SuspendGreenCard
    | ResumeGreenCard
    | WithdrawGreenCard
)
Event = (
    GreenCardGranted
    | GreenCardRenewed
    | EnterpriseRenamed
    | GreenCardSuspended
    | GreenCardResumed
    | GreenCardWithdrawn
)

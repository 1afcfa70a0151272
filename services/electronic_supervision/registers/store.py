"""What is recorded of the registers that rules judge against, and in which streams."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias, get_args

from kernel.codec import Codec
from kernel.decider import Decider
from services.electronic_supervision.domain.registers import (
    discretion_band_acts,
    green_card_acts,
    inspection_approval,
    inspection_quota,
    service_chain_acts,
)
from services.electronic_supervision.domain.registers.discretion_band import DISCRETION_BAND
from services.electronic_supervision.domain.registers.green_card import GREEN_CARD
from services.electronic_supervision.domain.registers.registers import Event
from services.electronic_supervision.domain.registers.service_chain import SERVICE_CHAIN

Command: TypeAlias = (
    green_card_acts.Command
    | inspection_approval.Command
    | inspection_quota.Command
    | service_chain_acts.Command
    | discretion_band_acts.Command
)

CODEC: Codec[Event] = Codec(
    *get_args(green_card_acts.Event),
    *get_args(inspection_approval.Event),
    *get_args(inspection_quota.Event),
    *get_args(service_chain_acts.Event),
    *get_args(discretion_band_acts.Event),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of entries: how its streams begin, how it is decided, and the code of an entry.

    `code_of` takes a command or an event.
    """

    name: str
    decider: Decider[Any, Any, Any]
    code_of: Callable[[Any], str]

    def stream_of(self, code: str) -> str:
        """Name the stream of an entry."""
        return f"{self.name}-{code}"


def quota_code(unit: str, year: int) -> str:
    """Return the code of a unit's quota in a year (four digits)."""
    return f"{year:04}-{unit}"


GREEN_CARDS = Kind(name="green-card", decider=GREEN_CARD, code_of=lambda each: str(each.enterprise))
APPROVALS = Kind(
    name="inspection-approval",
    decider=inspection_approval.INSPECTION_APPROVAL,
    code_of=lambda each: str(each.number),
)
QUOTAS = Kind(
    name="inspection-quota",
    decider=inspection_quota.INSPECTION_QUOTA,
    code_of=lambda each: quota_code(each.unit, each.year),
)
CHAINS = Kind(name="service-chain", decider=SERVICE_CHAIN, code_of=lambda each: str(each.code))
BANDS = Kind(
    name="discretion-band", decider=DISCRETION_BAND, code_of=lambda each: str(each.offence)
)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {each.name: each for each in (GREEN_CARDS, APPROVALS, QUOTAS, CHAINS, BANDS)}
)
STREAMS = tuple(each.stream_of("") for each in KINDS.values())
"""How the streams of the registers begin."""

_KIND_OF: Mapping[type, Kind] = MappingProxyType(
    {
        told: kind
        for kind, *unions in (
            (GREEN_CARDS, green_card_acts.Command, green_card_acts.Event),
            (APPROVALS, inspection_approval.Command, inspection_approval.Event),
            (QUOTAS, inspection_quota.Command, inspection_quota.Event),
            (CHAINS, service_chain_acts.Command, service_chain_acts.Event),
            (BANDS, discretion_band_acts.Command, discretion_band_acts.Event),
        )
        for union in unions
        for told in get_args(union)
    }
)


def kind_of(told: Command | Event) -> Kind:
    """Tell to what kind of entry a command is addressed, or an event happened."""
    return _KIND_OF[type(told)]


def stream_of(told: Command | Event) -> str:
    """Name the stream to which a command is addressed, or in which an event is."""
    kind = kind_of(told)
    return kind.stream_of(kind.code_of(told))

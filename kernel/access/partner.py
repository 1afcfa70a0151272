"""A partner (伙伴系统): another system of the city, what it may say and hear, and its keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from contracts.grants import SUBSCRIPTIONS
from kernel.access.refused import Refused
from kernel.decider import Decider

MOST_UNITS = 200
MOST_A_MINUTE = 1_000_000
SMALLEST_EVENT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed with a partner.

    `source` is the one it reports under, None if it reports nothing; `settle` how late it may
    upload. `subscribes` are names of contracts.grants, narrowed to `units` (none: the whole city);
    `durable` keeps what it has not heard yet. `rate` is in events a minute, `largest` in bytes of
    one event; None is what everybody may.
    """

    title: str = ""
    source: str | None = None
    settle: timedelta = timedelta()
    subscribes: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    durable: bool = False
    rate: int | None = None
    largest: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPartner:
    """Let a system take part, on these terms, or on others than until now."""

    name: str
    terms: Terms
    nkey: str | None
    """Public key by which the bus knows it; None leaves it without keys, or with those it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateKeys:
    """Give a partner new keys; the old ones open nothing any more."""

    name: str
    nkey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokePartner:
    """Let a system take part no more."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAdded:
    """A system takes part from now on; of its keys only the public one is known."""

    name: str
    terms: Terms
    nkey: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerChanged:
    """Other terms were agreed."""

    name: str
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysRotated:
    """A partner got new keys."""

    name: str
    nkey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRevoked:
    """A system takes part no more; what it reported stays on record."""

    name: str


Command = AddPartner | RotateKeys | RevokePartner
Event = PartnerAdded | PartnerChanged | KeysRotated | PartnerRevoked


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It never took part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """It takes part, with keys if there is a public one."""

    terms: Terms
    nkey: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """It took part once; what it reported was reported under this source."""

    source: str | None


State = Unknown | Partner | Gone


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `partner-unknown`, `partner-revoked`, `source-fixed`, `nothing-granted`,
    `grant-unknown`, `units-without-subscription`, `durable-without-subscription`,
    `limit-out-of-range`.
    """
    match command:
        case AddPartner():
            return _add(command, state)
        case RotateKeys():
            return _rotate(command, state)
        case RevokePartner():
            return _revoke(command, state)
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what a partner is after an event."""
    match event:
        case PartnerAdded():
            return Partner(terms=event.terms, nkey=event.nkey)
        case PartnerChanged():
            return Partner(terms=event.terms, nkey=_key_of(state))
        case KeysRotated():
            terms = state.terms if isinstance(state, Partner) else Terms()
            return Partner(terms=terms, nkey=event.nkey)
        case PartnerRevoked():
            return Gone(source=_source_of(state))
        case _:
            assert_never(event)


PARTNER: Decider[Command, Event, State] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def _add(command: AddPartner, state: State) -> Sequence[Event]:
    _make_sure(command.terms)
    source = _source_of(state)
    if source is not None and command.terms.source != source:
        raise Refused("source-fixed", field="source")
    if not isinstance(state, Partner):
        return [PartnerAdded(name=command.name, terms=command.terms, nkey=command.nkey)]
    happened: list[Event] = []
    if command.terms != state.terms:
        happened.append(PartnerChanged(name=command.name, terms=command.terms))
    if command.nkey is not None and command.nkey != state.nkey:
        happened.append(KeysRotated(name=command.name, nkey=command.nkey))
    return happened


def _rotate(command: RotateKeys, state: State) -> Sequence[Event]:
    match state:
        case Unknown():
            raise Refused("partner-unknown", field="name")
        case Gone():
            raise Refused("partner-revoked", field="name")
        case Partner(nkey=known):
            if known == command.nkey:
                return []
            return [KeysRotated(name=command.name, nkey=command.nkey)]
        case _:
            assert_never(state)


def _revoke(command: RevokePartner, state: State) -> Sequence[Event]:
    match state:
        case Unknown():
            raise Refused("partner-unknown", field="name")
        case Gone():
            return []
        case Partner():
            return [PartnerRevoked(name=command.name)]
        case _:
            assert_never(state)


def _make_sure(terms: Terms) -> None:
    if terms.source is None and not terms.subscribes:
        raise Refused("nothing-granted", field="publish")
    if any(each not in SUBSCRIPTIONS for each in terms.subscribes):
        raise Refused("grant-unknown", field="subscribe")
    if terms.units and not terms.subscribes:
        raise Refused("units-without-subscription", field="unit")
    if terms.durable and not terms.subscribes:
        raise Refused("durable-without-subscription", field="durable")
    if len(terms.units) > MOST_UNITS:
        raise Refused("limit-out-of-range", field="unit")
    if terms.rate is not None and not 1 <= terms.rate <= MOST_A_MINUTE:
        raise Refused("limit-out-of-range", field="rate")
    if terms.largest is not None and terms.largest < SMALLEST_EVENT:
        raise Refused("limit-out-of-range", field="largest")


def _source_of(state: State) -> str | None:
    match state:
        case Unknown():
            return None
        case Partner(terms=terms):
            return terms.source
        case Gone(source=source):
            return source
        case _:
            assert_never(state)


def _key_of(state: State) -> str | None:
    return state.nkey if isinstance(state, Partner) else None

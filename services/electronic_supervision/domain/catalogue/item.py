"""An item (事项) of the catalogue: published once, revised from a day on, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from kernel.decider import Decider
from services.electronic_supervision.domain.catalogue.consistency import make_sure_of
from services.electronic_supervision.domain.catalogue.item_acts import (
    AddItemAlias,
    Command,
    Event,
    ItemAlias,
    ItemAliasAdded,
    ItemAliasRemoved,
    ItemPublished,
    ItemRevised,
    ItemWithdrawn,
    PublishItem,
    RemoveItemAlias,
    ReviseItem,
    WithdrawItem,
)
from services.electronic_supervision.domain.catalogue.item_content import ItemContent
from services.electronic_supervision.domain.refused import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody ever published it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """It is there, as it became by its last change; that holds from `changed_from` on."""

    published: ItemPublished
    content: ItemContent
    changed_from: date
    aliases: frozenset[ItemAlias]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """It is no more, or will be no more soon; what its aliases mean stays until they are taken."""

    withdrawn: ItemWithdrawn
    aliases: frozenset[ItemAlias]


State = Unknown | Listed | Ended


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `item-unknown`, `item-exists` (with other content), `item-withdrawn`,
    `effective-date-too-early` (before the last change), `reason-required` (the day has passed), and
    those of consistency.make_sure_of.
    """
    match command:
        case PublishItem():
            return _publish(command, state)
        case ReviseItem():
            return _revise(command, _listed(state))
        case WithdrawItem():
            return _withdraw(command, state)
        case AddItemAlias(code=code, alias=alias):
            is_known = alias in _listed(state).aliases
            return [] if is_known else [ItemAliasAdded(code=code, alias=alias)]
        case RemoveItemAlias(code=code, alias=alias):
            if isinstance(state, Unknown):
                raise Refused("item-unknown", field="code")
            return [ItemAliasRemoved(code=code, alias=alias)] if alias in state.aliases else []
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what an item is after an event."""
    match event:
        case ItemPublished():
            return Listed(
                published=event,
                content=event.content,
                changed_from=event.effective_from,
                aliases=frozenset(event.aliases),
            )
        case _ if isinstance(state, Unknown):
            return state
        case ItemAliasAdded(alias=alias):
            return replace(state, aliases=state.aliases | {alias})
        case ItemAliasRemoved(alias=alias):
            return replace(state, aliases=state.aliases - {alias})
        case _ if isinstance(state, Ended):
            return state
        case ItemRevised(content=content, effective_from=day):
            return replace(state, content=content, changed_from=day)
        case ItemWithdrawn():
            return Ended(withdrawn=event, aliases=state.aliases)
        case _:
            assert_never(event)


ITEM: Decider[Command, Event, State] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def _publish(command: PublishItem, state: State) -> Sequence[Event]:
    wish = (command.content, command.aliases, command.effective_from)
    match state:
        case Unknown():
            make_sure_of(command.content)
            return [
                ItemPublished(
                    code=command.code,
                    content=command.content,
                    aliases=command.aliases,
                    effective_from=command.effective_from,
                    is_backdated=_is_backdated(command),
                    reason=command.reason,
                )
            ]
        case Listed(published=first) if wish == (
            first.content,
            first.aliases,
            first.effective_from,
        ):
            return []  # also after a revision: a request that came late must not undo it
        case Listed():
            raise Refused("item-exists", field="code")
        case Ended():
            raise Refused("item-withdrawn", field="code")
        case _:
            assert_never(state)


def _revise(command: ReviseItem, item: Listed) -> Sequence[Event]:
    _not_before(item, command.effective_from)
    if command.content == item.content:
        return []
    make_sure_of(command.content)
    return [
        ItemRevised(
            code=command.code,
            content=command.content,
            effective_from=command.effective_from,
            is_backdated=_is_backdated(command),
            reason=command.reason,
        )
    ]


def _withdraw(command: WithdrawItem, state: State) -> Sequence[Event]:
    day = command.effective_from
    if isinstance(state, Ended) and state.withdrawn.effective_from == day:
        return []
    item = _listed(state)
    _not_before(item, day)
    return [
        ItemWithdrawn(
            code=command.code,
            unit=item.content.unit,
            effective_from=day,
            is_backdated=_is_backdated(command),
            reason=command.reason,
        )
    ]


def _is_backdated(command: PublishItem | ReviseItem | WithdrawItem) -> bool:
    is_backdated = command.effective_from < command.said_on
    if is_backdated and not command.reason:
        raise Refused("reason-required", field="reason")
    return is_backdated


def _not_before(item: Listed, day: date) -> None:
    if day < item.changed_from:
        raise Refused("effective-date-too-early", field="effective_from")


def _listed(state: State) -> Listed:
    match state:
        case Listed():
            return state
        case Unknown():
            raise Refused("item-unknown", field="code")
        case Ended():
            raise Refused("item-withdrawn", field="code")
        case _:
            assert_never(state)

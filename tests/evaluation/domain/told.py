"""Telling commands to a decider."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from kernel.decider import Decider
from services.evaluation.domain.refused import Refused
from services.evaluation.store import CODEC, Command, Event


def after(decider: Decider[Any, Any, Any], *commands: Command) -> Any:
    """Return the state of an entry after commands that are all granted."""
    state = decider.initial
    for command in commands:
        for event in decider.decide(command, state):
            state = decider.evolve(state, event)
    return state


def refusal(decider: Decider[Any, Any, Any], command: Command, *before: Command) -> tuple[str, str]:
    """Return the code and the field of a refusal."""
    with pytest.raises(Refused) as refused:
        decider.decide(command, after(decider, *before))
    return refused.value.code, refused.value.field


def wished(decider: Decider[Any, Any, Any], command: Command, state: Any) -> Sequence[Event] | str:
    """Return what happens, or why nothing does."""
    try:
        return list(decider.decide(command, state))
    except Refused as refused:
        return refused.code


def twice_is_once(decider: Decider[Any, Any, Any], commands: Iterable[Command]) -> None:
    """Tell each command twice, and store whatever happens."""
    state = decider.initial
    for command in commands:
        happened = wished(decider, command, state)
        if isinstance(happened, str):
            continue
        for event in happened:
            assert CODEC.decode(*CODEC.encode(event)) == event
            state = decider.evolve(state, event)
        assert wished(decider, command, state) == [], f"{command} happens twice"

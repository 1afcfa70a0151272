"""The shape of every decision: a command and a state give events, events give the next state."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

Command = TypeVar("Command")
Happened = TypeVar("Happened")
State = TypeVar("State")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider(Generic[Command, Happened, State]):
    """A pure core. `decide` refuses by raising; a wish already true gives no events."""

    initial: State
    decide: Callable[[Command, State], Sequence[Happened]]
    evolve: Callable[[State, Happened], State]

    def fold(self, events: Iterable[Happened]) -> State:
        """Return the state that events lead to."""
        return reduce(self.evolve, events, self.initial)

"""A chain of services (招商引资全程服务) for an investment: its stages in order, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from kernel.decider import Decider
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers.service_chain_acts import (
    Command,
    Event,
    PublishServiceChain,
    ReviseServiceChain,
    ServiceChainPublished,
    ServiceChainRevised,
    ServiceChainWithdrawn,
    Stage,
    WithdrawServiceChain,
)
from services.electronic_supervision.domain.registers.versions import Versions


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChain:
    """What a chain is from some day on; once withdrawn it stays so, and its code is used up."""

    code: str
    name: str
    stages: tuple[Stage, ...]
    published_from: date
    is_withdrawn: bool = False

    def stage(self, code: str) -> Stage | None:
        """Return a stage by its code."""
        return next((each for each in self.stages if each.code == code), None)


State = Versions[ServiceChain]


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `stages-missing`, `stage-twice`, `limit-wrong`, `chain-exists` (with other content),
    `chain-unknown`, `chain-withdrawn`, `effective-date-too-early` (before the last change).
    """
    match command:
        case PublishServiceChain():
            return _publish(command, state)
        case ReviseServiceChain(code=code, name=name, stages=stages, effective_from=day):
            chain = _standing(state, day)
            _make_sure(stages)
            revised = ServiceChainRevised(code=code, name=name, stages=stages, effective_from=day)
            return [] if (chain.name, chain.stages) == (name, stages) else [revised]
        case WithdrawServiceChain(code=code, reason=reason, effective_from=day):
            if state.last and state.last.is_withdrawn and state.changed_from == day:
                return []
            _standing(state, day)
            return [ServiceChainWithdrawn(code=code, reason=reason, effective_from=day)]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what a chain is on any day after an event."""
    day, known = event.effective_from, state.last
    match event:
        case ServiceChainPublished(code=code, name=name, stages=stages):
            new = ServiceChain(code=code, name=name, stages=stages, published_from=day)
            return state.since(day, new)
        case _ if known is None:
            return state
        case ServiceChainRevised(name=name, stages=stages):
            return state.since(day, replace(known, name=name, stages=stages))
        case ServiceChainWithdrawn() if day == known.published_from:
            return state.before(day)
        case ServiceChainWithdrawn():
            return state.since(day, replace(known, is_withdrawn=True))
        case _:
            assert_never(event)


SERVICE_CHAIN: Decider[Command, Event, State] = Decider(
    initial=Versions(), decide=decide, evolve=evolve
)


def _publish(command: PublishServiceChain, state: State) -> Sequence[Event]:
    _make_sure(command.stages)
    day, known = command.effective_from, state.last
    wish = ServiceChainPublished(
        code=command.code, name=command.name, stages=command.stages, effective_from=day
    )
    if known is None:
        return [wish]
    if evolve(Versions(), wish).last == state.at(day):
        return []  # also after a change: a request that came late must not undo it
    raise Refused("chain-withdrawn" if known.is_withdrawn else "chain-exists", field="code")


def _make_sure(stages: tuple[Stage, ...]) -> None:
    if not stages:
        raise Refused("stages-missing", field="stages")
    if len({each.code for each in stages}) < len(stages):
        raise Refused("stage-twice", field="stage")
    if any(each.time is not None and each.time.amount < 1 for each in stages):
        raise Refused("limit-wrong", field="amount")


def _standing(state: State, day: date) -> ServiceChain:
    chain = state.last
    if chain is None:
        raise Refused("chain-unknown", field="code")
    if chain.is_withdrawn:
        raise Refused("chain-withdrawn", field="code")
    if day < state.changed_from:
        raise Refused("effective-date-too-early", field="effective_from")
    return chain

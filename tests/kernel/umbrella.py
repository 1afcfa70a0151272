"""A tiny domain to try the kernel with: a service hall lends umbrellas (便民雨伞)."""

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.codec import Codec
from kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class Lend:
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """What was stored at first: nobody noted the counter."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LentV2:
    to: str
    counter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    pass


class AlreadyLent(Exception):
    pass


Command = Lend | TakeBack
Happened = LentV2 | TakenBack


def decide(command: Command, holder: str | None) -> Sequence[Happened]:
    match command:
        case Lend(to=to) if holder == to:
            return []
        case Lend() if holder is not None:
            raise AlreadyLent(holder)
        case Lend(to=to):
            return [LentV2(to=to, counter="1号窗口")]
        case TakeBack():
            return [] if holder is None else [TakenBack()]


def evolve(_: str | None, event: Happened) -> str | None:
    return event.to if isinstance(event, LentV2) else None


UMBRELLA: Decider[Command, Happened, str | None] = Decider(
    initial=None, decide=decide, evolve=evolve
)
CODEC: Codec[Happened] = Codec(
    *(Lent, LentV2, TakenBack),
    upcasts={Lent: lambda old: LentV2(to=old.to, counter="不详")},
)

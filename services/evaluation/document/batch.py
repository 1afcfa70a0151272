"""Many commands in one transaction, recorded in one step at its end, all or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from json import dumps
from typing import Any
from uuid import uuid5

import asyncpg

from kernel.handle import NAMESPACE
from kernel.relay.epoch import current
from kernel.store.events import NewEvent
from kernel.store.store import append, load
from services.evaluation.project import project
from services.evaluation.publish import say
from services.evaluation.store import CODEC, Command, Event, kind_of, stream_of
from services.evaluation.tenancy import TENANCY


@dataclass
class _Stream:
    """How far a stream got, and the state that its events lead to."""

    version: int
    state: Any


@dataclass
class Batch:
    """What has happened so far, in a transaction in which nobody else changes the register."""

    connection: asyncpg.Connection
    now: datetime
    acting: Mapping[str, str]
    happened: list[tuple[NewEvent, Event]] = field(default_factory=list)
    _streams: dict[str, _Stream] = field(default_factory=dict)

    async def carry_out(self, command: Command) -> None:
        """Write what follows from a command. Raises Refused; then nothing of it is written."""
        name, decider = stream_of(command), kind_of(command).decider
        stream = await self._stream(name, command)
        events = decider.decide(command, stream.state)
        async with self.connection.transaction():
            await project(self.connection, events)
        for event in events:
            stream.version += 1
            stream.state = decider.evolve(stream.state, event)
            self.happened.append((self._new(name, stream.version, event), event))

    async def record(self) -> None:
        """Record all that happened. Raises what kernel.store.store.append raises."""
        epoch = await current(self.connection)
        said = say(
            [(new.id, event) for new, event in self.happened],
            source=TENANCY.source_in(epoch),
            now=self.now,
        )
        events = [new for new, _ in self.happened]
        await append(self.connection, events, self.now, publications=said, epoch=epoch)

    async def _stream(self, name: str, command: Command) -> _Stream:
        if name not in self._streams:
            past = await load(self.connection, name)
            events = [CODEC.decode(each.type, each.data) for each in past]
            state = kind_of(command).decider.fold(events)
            self._streams[name] = _Stream(len(past), state)
        return self._streams[name]

    def _new(self, stream: str, version: int, event: Event) -> NewEvent:
        kind, data = CODEC.encode(event)
        return NewEvent(
            stream=stream,
            id=str(uuid5(NAMESPACE, f"{stream}/{version}")),
            type=kind,
            data=data,
            metadata=dumps(dict(self.acting), ensure_ascii=False, sort_keys=True),
            version=version,
        )

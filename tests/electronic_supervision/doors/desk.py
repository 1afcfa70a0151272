"""The door to the bus in the hands of a test."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

import asyncpg

from contracts.streams import CITY
from kernel.intake import quarantine
from kernel.intake.heard import Message
from kernel.intake.quarantine import Held
from kernel.store.store import read
from services.electronic_supervision.doors import bus
from services.electronic_supervision.record import CaseRecord, records
from tests.electronic_supervision.live.said import Said, local, raw, subject

NOW = local("2026-11-23 12:00")
NUMBERS = count(1)


def message(data: bytes, on: str) -> Message:
    return Message(stream=CITY, subject=on, data=data, number=next(NUMBERS), sent_at=NOW)


def saying(said: Said, **changed: object) -> Message:
    """Bring an event on the subject it belongs to, with other attributes if so wished."""
    return message(raw({**said, **changed}), subject(said))


@dataclass
class Desk:
    connection: asyncpg.Connection
    settings: dict[str, str]
    url: str

    async def takes(self, *messages: Message) -> Mapping[str, int]:
        counts = await bus.take(self.connection, messages, NOW)
        return {outcome: number for outcome, number in counts.items() if number}

    async def held(self, each: Message) -> Held:
        found = await quarantine.look_at(self.connection, quarantine.name_of(each))
        assert found is not None, "the message is not in quarantine"
        return found

    async def records(self) -> dict[str, CaseRecord]:
        return records([event async for event in read(self.connection)])

    async def told(self) -> int:
        """Count the facts recorded."""
        return sum(len(record.told) for record in (await self.records()).values())

    async def unread(self, stream: str) -> set[str]:
        found = (await self.records()).get(stream)
        return set() if found is None else found.unread

    @asynccontextmanager
    async def another(self) -> AsyncIterator[asyncpg.Connection]:
        """Connect once more, as another process would."""
        connection = await asyncpg.connect(self.url, server_settings=self.settings)
        try:
            yield connection
        finally:
            await connection.close()

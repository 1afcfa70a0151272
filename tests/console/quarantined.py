"""Messages in quarantine, put there as an intake would."""

import asyncpg

from kernel.database import instant
from kernel.intake import quarantine
from kernel.intake.heard import Message
from kernel.intake.quarantine import Unreadable
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.hearing import docket_id
from tests.electronic_supervision.live.said import APPROVALS, Said, raw, subject

NOT_NOW = Unreadable(code="not-processable", field="", message="see the log of this time")
"""Why something is held that can be read again by now."""


async def put(
    database: asyncpg.Connection,
    said: Said,
    why: Unreadable = NOT_NOW,
    source: str = APPROVALS.source,
) -> str:
    """Put a message into quarantine, and return its name."""
    now = await instant(database)
    data = said["data"]
    assert isinstance(data, dict)
    message = Message(stream="CITY", subject=subject(said), data=raw(said), number=1, sent_at=now)
    noted_in = docket_id(CaseKey(source=source, number=data["case"]))
    await quarantine.put(database, message, why, source=source, noted_in=noted_in, now=now)
    return quarantine.name_of(message)

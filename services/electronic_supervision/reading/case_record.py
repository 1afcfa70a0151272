"""Load one case from the record, with what it is judged by."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from kernel.store.events import StoredEvent
from kernel.store.store import load
from services.electronic_supervision.domain.case import Case
from services.electronic_supervision.domain.clocks import Clock, clocks
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.law import Law, matter_of, terms_of
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.loop.court import case_of, key_of
from services.electronic_supervision.loop.law import law_known_at
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.refusals import unknown_case, unknown_then
from services.electronic_supervision.reading.scope import Scope, may_know
from services.electronic_supervision.record import CaseRecord, records


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case with everything recorded of it, and the terms it is judged by."""

    id: str
    events: list[StoredEvent]
    record: CaseRecord
    key: CaseKey
    case: Case
    terms: Terms

    def clocks(self) -> list[Clock]:
        """Return its clocks, the agency's total first; none before it is accepted."""
        return list(clocks(self.case, self.terms))


async def opened(desk: Desk, id_: str, scope: Scope, known_at: datetime | None = None) -> Opened:
    """Open a case as the record and the law told it at an instant, or tell it now.

    Raises `case-unknown`, for a case out of the scope too: nobody learns that it exists; and
    `case-unknown-then`, for one of which nothing had been heard by that instant.
    """
    async with desk.reading() as connection:
        if not await may_know(connection, scope, id_):
            raise unknown_case()
        events = await load(connection, id_)
        law = await law_of(connection, desk, known_at)
    if known_at is not None:
        events = [event for event in events if event.recorded_at <= known_at]
    record = records(events).get(id_)
    if record is None or not record.told:
        raise unknown_case() if known_at is None else unknown_then()
    return open_case(law, id_, events, record)


async def law_of(connection: asyncpg.Connection, desk: Desk, known_at: datetime | None) -> Law:
    """Return the law as it is, or as it was known at an instant."""
    if known_at is None:
        return desk.court.law
    return await law_known_at(connection, desk.court.office, known_at)


def open_case(law: Law, id_: str, events: list[StoredEvent], record: CaseRecord) -> Opened:
    """Make a case of its record, judged by a law."""
    key, case = key_of(record), case_of(record, law)
    terms = terms_of(case, matter_of(key.source, case, law), law)
    return Opened(id=id_, events=events, record=record, key=key, case=case, terms=terms)

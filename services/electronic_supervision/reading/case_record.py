"""Load one case from the record, with what it is judged by."""

from dataclasses import dataclass
from datetime import datetime

from kernel.store.events import StoredEvent
from kernel.store.store import load
from services.electronic_supervision.domain.case import Case
from services.electronic_supervision.domain.clocks import Clock, clocks
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.loop.court import case_of, key_of
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.refusals import unknown_case
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
    """Open a case as the record told it at an instant, or tells it now.

    Raises `case-unknown`, for a case out of the scope too: nobody learns that it exists.
    """
    async with desk.reading() as connection:
        if not await may_know(connection, scope, id_):
            raise unknown_case()
        events = await load(connection, id_)
    if known_at is not None:
        events = [event for event in events if event.recorded_at <= known_at]
    record = records(events).get(id_)
    if record is None or not record.told:
        raise unknown_case()
    return open_case(desk, id_, events, record)


def open_case(desk: Desk, id_: str, events: list[StoredEvent], record: CaseRecord) -> Opened:
    """Make a case of its record."""
    key, case = key_of(record), case_of(record, desk.court.law)
    terms = desk.court.terms(key, case)
    return Opened(id=id_, events=events, record=record, key=key, case=case, terms=terms)

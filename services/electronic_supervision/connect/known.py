"""What the record holds of a case, as its facts stand by now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from contracts.approvals import CaseAccepted, CaseDecided, CaseFact, FactVoided, StepFinished
from contracts.envelope import Event
from contracts.registry import event_model
from contracts.vocabulary import Published
from services.electronic_supervision.connect.telling import Fact, id_of
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.standing import standing
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.hearing import docket_id, fact_of

FACTS = """
select stream, type, data, recorded_at from event
where stream = any($1) and starts_with(type, 'xiaoneng.approvals.') order by stream, version
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact that stands; `recorded_at` (UTC) is when it came in."""

    event: Event[Published]
    data: CaseFact
    recorded_at: datetime

    @property
    def fact(self) -> Fact:
        """Return it as a log would tell it."""
        return Fact(at=self.event.time.astimezone(UTC), data=self.data)

    @property
    def is_of_map(self) -> bool:
        """Tell whether a map told it, and not the system itself."""
        return self.event.id == id_of(self.event.type, self.fact, self.event.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """The facts of a case that stand, of the kinds that a map can tell; in order of time.

    `struck` are the ends that a map voided, the latest last.
    """

    acceptances: Sequence[Known] = ()
    steps: Sequence[Known] = ()
    ends: Sequence[Known] = ()
    struck: Sequence[Known] = ()
    is_new: bool = True


async def stored(
    connection: asyncpg.Connection, source: str, numbers: Iterable[str]
) -> Mapping[str, Sequence[asyncpg.Record]]:
    """Return what was told of cases, by number."""
    streams = {docket_id(CaseKey(source=source, number=each)): each for each in numbers}
    found: dict[str, list[asyncpg.Record]] = {}
    for row in await connection.fetch(FACTS, list(streams)):
        found.setdefault(streams[row["stream"]], []).append(row)
    return found


def known_case(rows: Sequence[asyncpg.Record], office: Office) -> KnownCase:
    """Return what of it stands."""
    if not rows:
        return KnownCase()
    told: dict[str, Known] = {}
    facts = []
    for row in rows:
        event = event_model(row["type"]).model_validate_json(row["data"], extra="ignore")
        fact = fact_of(event, row["recorded_at"], office)
        if fact is not None and isinstance(event.data, CaseFact):
            facts.append(fact)
            each = Known(event=event, data=event.data, recorded_at=row["recorded_at"])
            told.setdefault(event.id, each)
    stand = [told[fact.id] for fact in standing(facts)]
    voided = {
        each.data.voids
        for each in told.values()
        if isinstance(each.data, FactVoided) and each.is_of_map
    }
    return KnownCase(
        acceptances=[each for each in stand if isinstance(each.data, CaseAccepted)],
        steps=[each for each in stand if isinstance(each.data, StepFinished)],
        ends=[each for each in stand if isinstance(each.data, CaseDecided)],
        struck=[
            each
            for each in told.values()
            if isinstance(each.data, CaseDecided) and each.event.id in voided
        ],
        is_new=False,
    )

"""The cases as they were known when a past day ended, by the law as it was known then."""

from datetime import datetime

import asyncpg

from services.electronic_supervision.domain.case import YEARS, Mark
from services.electronic_supervision.domain.clocks import Course, course
from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.time.limits import measure_of
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.loop.tables import load
from services.electronic_supervision.pages.case.judgements import history, standing_of
from services.electronic_supervision.pages.cases.list import (
    PER_PAGE,
    CaseRow,
    Listed,
    place_of,
    systems_of,
)
from services.electronic_supervision.reading.case_record import Opened, law_of, open_case
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.newest import newest
from services.electronic_supervision.reading.scope import Scope
from services.electronic_supervision.reading.unit_names import Names, names_of
from services.electronic_supervision.record import records

ASKED = """
($4 = '' or source = $4) and ($5 = '' or strpos(lower(number), lower($5)) > 0)
"""


async def known(
    connection: asyncpg.Connection,
    desk: Desk,
    scope: Scope,
    *,
    source: str,
    search: str,
    after: str | None,
    known_at: datetime,
) -> Listed:
    """Return a page of cases as they were known at an instant (UTC).

    They come in the order in which they are listed now; those not told of yet are left out of
    their page. Units are named as they are now. Raises 400 `invalid-cursor`.
    """
    place = scope.codes, place_of(after), PER_PAGE + 1
    rows = await connection.fetch(newest(scope, ASKED), *place, source, search)
    shown = [row["id"] for row in rows[:PER_PAGE]]
    law = await law_of(connection, desk, known_at)
    told = [e for e in await load(connection, shown) if e.recorded_at <= known_at]
    found = {
        id_: open_case(law, id_, [e for e in told if e.stream == id_], record)
        for id_, record in records(told).items()
        if record.told
    }
    names = await names_of(connection, [(o.key.source, o.case.unit) for o in found.values()])
    systems = await systems_of(connection, scope)
    return Listed(
        cases=[
            _row(found[id_], law, names, systems.get(found[id_].key.source), known_at)
            for id_ in shown
            if id_ in found
        ],
        following=Listed.cursor(rows),
        systems=systems,
    )


def _row(opened: Opened, law: Law, names: Names, system: str | None, now: datetime) -> CaseRow:
    case, key = opened.case, opened.key
    ended = None if case.ended is None or case.ended.at.earliest > now else case.ended
    run = _course(opened, law.office)
    due = None if run is None else run.due
    standing = standing_of(history(opened.events))
    name = names.get((key.source, case.unit))
    return CaseRow(
        id=opened.id,
        source=key.source,
        system=system,
        number=key.number,
        item=case.item,
        unit=name or case.unit,
        is_registered=name is not None or not case.unit,
        is_closed=False,
        successor=None,
        is_accepted=case.accepted is not None,
        is_ended=ended is not None,
        accepted_at=_credible(case.accepted),
        ended_at=_credible(ended),
        due_at=None if due is None or due.at.year not in YEARS else due.at,
        measure="" if run is None or not run.limits else measure_of(run.limits[-1]),
        is_provisional=due is not None and due.provisional,
        is_late=None if ended is None or due is None else due.missed_by(ended.at),
        level=standing[0].judgement.level.value if standing else None,
        message=standing[0].evidence.message if standing else None,
    )


def _course(opened: Opened, office: Office) -> Course | None:
    total = next(iter(opened.clocks()), None)
    try:
        return None if total is None else course(total, office)
    except OverflowError:
        return None


def _credible(mark: Mark | None) -> datetime | None:
    return None if mark is None or mark.at.earliest.year not in YEARS else mark.at.earliest

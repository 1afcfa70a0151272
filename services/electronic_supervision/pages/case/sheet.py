"""All that a page needs to show a case, read from the record in one go."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.approvals import CaseFact, CaseTransferred
from services.electronic_supervision.domain.case import Flag
from services.electronic_supervision.domain.chinese import FLAGS
from services.electronic_supervision.domain.clocks import TOTAL, Clock
from services.electronic_supervision.domain.explanation import Explanation, explain
from services.electronic_supervision.domain.irregularity import ACT
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.case.judgements import Raising, history, standing_of
from services.electronic_supervision.pages.words import closed_words, moment_words
from services.electronic_supervision.reading.case_record import Opened, opened
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.scope import Scope
from services.electronic_supervision.reading.unit_names import Closed, Names, closed, names_of

SYSTEM = "select coalesce(nullif(title, ''), name) from city_system where source = $1"
STUCK = "select is_stuck from docket where id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A case with its judgements, the names of its units, and its clocks as of `now`.

    Of a clock that begins or ends out of all credible years there is no explanation.
    """

    opened: Opened
    raisings: Sequence[Raising]
    standing: Sequence[Raising]
    leading: str
    """The clock that matters most: that of the gravest judgement on one, or else the total."""
    names: Names
    closed: Closed | None
    """What became of the unit that holds it, None while that goes on."""
    system: str
    is_stuck: bool
    clocks: Sequence[Clock]
    told: Mapping[str, Explanation]
    now: datetime

    def named(self, code: str) -> str:
        """Return the name of a unit, or its code where the register does not know it."""
        return self.names.get((self.opened.key.source, code)) or code


async def sheet_of(
    desk: Desk,
    id_: str,
    scope: Scope,
    *,
    in_short: bool = False,
    known_at: datetime | None = None,
) -> Sheet:
    """Read a case, or what was known of it at an instant.

    In short, only the clock that matters most is explained. Raises `case-unknown` and, for an
    instant too early, `case-unknown-then`.
    """
    found, now = await opened(desk, id_, scope, known_at), known_at or desk.clock()
    source, codes = found.key.source, _codes(found)
    async with desk.reading() as connection:
        names = await names_of(connection, [(source, code) for code in codes])
        gone = await closed(connection, source, found.case.unit)
        system = await connection.fetchval(SYSTEM, source)
        is_stuck = await connection.fetchval(STUCK, id_)
    raisings = history(found.events)
    standing, clocks = standing_of(raisings), found.clocks()
    leading = next((c for each in standing if (c := each.judgement.clock) != ACT), TOTAL)
    wanted = [clock for clock in clocks if not in_short or clock.name == leading]
    # of an old case each day since then is counted; others need the loop meanwhile
    told = await asyncio.to_thread(_explained, found, wanted, desk.court.office, now)
    return Sheet(
        opened=found,
        raisings=raisings,
        standing=standing,
        leading=leading,
        names=names,
        closed=gone,
        system=system or source,
        is_stuck=bool(is_stuck),
        clocks=clocks,
        told=told,
        now=now,
    )


def summary(sheet: Sheet, office: Office) -> Mapping[str, object]:
    """Word what a case is, and how far it has come."""
    case, key, now, gone = sheet.opened.case, sheet.opened.key, sheet.now, sheet.closed
    heir = gone.successor if gone else None
    return {
        "id": sheet.opened.id,
        "number": key.number,
        "unit": sheet.named(case.unit),
        "is_registered": not case.unit or (key.source, case.unit) in sheet.names,
        "closed": closed_words(is_closed=gone is not None, successor=heir),
        "item": case.item,
        "source": key.source,
        "system": sheet.system,
        "state": _state(sheet),
        "accepted": "" if not case.accepted else moment_words(case.accepted.at, office.zone, now),
        "ended": "" if not case.ended else moment_words(case.ended.at, office.zone, now),
        "hops": [sheet.named(hop.label) for hop in case.hops[-6:]] if len(case.hops) > 1 else [],
        "doubts": [FLAGS[flag] for flag in sorted(case.doubts - {Flag.MESSAGE_IN_QUARANTINE})],
        "oddities": [FLAGS[flag] for flag in sorted(case.flags - case.doubts)],
        "unread": sorted(sheet.opened.record.unread),
        "is_stuck": sheet.is_stuck,
    }


def _state(sheet: Sheet) -> str:
    case = sheet.opened.case
    if case.ended is not None and case.ended.at.earliest <= sheet.now:
        return "已办结"
    if case.ended is not None:
        return "在办（报送的办结时间尚未到来）"
    if case.accepted is None:
        return "尚未收到受理"
    total = sheet.clocks[0]
    is_paused = any(pause.begin <= sheet.now and pause.end is None for pause in total.pauses)
    return "在办，中止中" if is_paused else "在办"


def _codes(found: Opened) -> set[str]:
    codes = {found.case.unit, *(hop.label for hop in found.case.hops)}
    for each in found.record.told:
        data = each.event.data
        if isinstance(data, CaseFact):
            codes.add(data.unit)
        if isinstance(data, CaseTransferred):
            codes.add(data.to_unit)
    return codes


def _explained(
    found: Opened, clocks: Sequence[Clock], office: Office, now: datetime
) -> Mapping[str, Explanation]:
    told = {}
    for clock in clocks:
        try:
            told[clock.name] = explain(found.key, found.case, clock, office, now)
        except OverflowError:
            continue
    return told

"""The page of a case, and its drawer: what stands against it, why, and by what arithmetic."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.shell.shell import is_part, shell_of
from services.electronic_supervision.domain.clocks import TOTAL
from services.electronic_supervision.domain.explanation import Explanation
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.case.arithmetic import arithmetic, sentences
from services.electronic_supervision.pages.case.clocks import (
    clock_panel,
    due_of,
    kind_of,
    verdict_words,
)
from services.electronic_supervision.pages.case.judgements import badge, rows, why
from services.electronic_supervision.pages.case.sheet import Sheet, sheet_of, summary
from services.electronic_supervision.pages.case.timeline import anchors_of, kinds_of, shown_line
from services.electronic_supervision.pages.leads.page import address as finding_url
from services.electronic_supervision.pages.leads.words import line
from services.electronic_supervision.pages.then import ONE_DAY, KnownOn, end_of
from services.electronic_supervision.pages.wall.page import STREAM
from services.electronic_supervision.pages.words import (
    clock_words,
    day_words,
    instant_words,
)
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.findings import Found, counting, sight_of
from services.electronic_supervision.reading.refusals import unknown_clock
from services.electronic_supervision.reading.scope import CaseScope

LAST = 5
"""So many entries of the time line are in the drawer."""

ClockName = Annotated[str, Query(max_length=120)]


Reader = Annotated[Caller, Depends(needs(Right.SEE_CASES))]


def case_router(desk: Desk) -> APIRouter:
    """Build the routes of the page and of the drawer."""
    router = APIRouter(prefix="/console/cases", include_in_schema=False)
    office = desk.court.office

    @router.get("/{case}")
    async def page(
        request: Request,
        case: str,
        scope: CaseScope,
        reader: Reader,
        clock: ClockName = "",
        known_on: KnownOn = None,
    ) -> Response:
        """Show a case, or what was known of it when a local day ended.

        `clock` is whose arithmetic to show, "" for the one that matters most.
        """
        today = office.local_date(desk.clock())
        then = known_on if known_on is not None and known_on < today else None
        known_at = None if then is None else end_of(then, office)
        sheet = await sheet_of(desk, case, scope, known_at=known_at)
        found: list[Found] = []
        if then is None:
            async with desk.reading() as connection:
                found = await counting(connection, sight_of(reader), case, sheet.opened.key)
        told = {
            "found": [
                {**line(each, office.zone, sheet.now), "url": finding_url(each.finding.id)}
                for each in found
            ],
            **_whole(sheet, clock, office, then),
            "stream": STREAM,
            "here_url": address(case, clock, then),
            "then": None if then is None else day_words(then, today),
            "known_on": "" if then is None else then.isoformat(),
            "yesterday": (today - ONE_DAY).isoformat(),
            "now_url": address(case, clock),
            "asked_clock": clock,
        }
        template = "case_part.html" if is_part(request) else "case.html"
        return shell_of(request).page(request, f"supervision/{template}", told)

    @router.get("/{case}/brief")
    async def brief(request: Request, case: str, scope: CaseScope) -> Response:
        sheet = await sheet_of(desk, case, scope, in_short=True)
        told = _brief(sheet, office)
        return shell_of(request).page(request, "supervision/case_brief.html", told)

    return router


def address(case: str, clock: str = "", known_on: date | None = None) -> str:
    """Return where a case is shown, as it is or as it was known when a day ended."""
    asked = {"clock": clock, "known_on": "" if known_on is None else known_on.isoformat()}
    given = urlencode({key: value for key, value in asked.items() if value})
    return f"/console/cases/{case}" + (f"?{given}" if given else "")


def _whole(sheet: Sheet, clock: str, office: Office, known_on: date | None) -> Mapping[str, object]:
    name = clock or sheet.leading
    if clock and clock not in {each.name for each in sheet.clocks}:
        raise unknown_clock()
    shown = sheet.told.get(name)
    id_, now = sheet.opened.id, sheet.now
    return {
        **_head(sheet, office),
        "panels": [
            clock_panel(
                each,
                sheet.told.get(each.name),
                office,
                address(id_, each.name, known_on),
                is_shown=shown is not None and each.name == shown.clock,
            )
            for each in sheet.clocks
        ],
        "arithmetic": None
        if shown is None
        else arithmetic(shown, id_, office, anchors_of(sheet.opened)),
        "entries": shown_line(sheet.opened, sheet.raisings, office, now, sheet.named),
        "judgements": rows(sheet.raisings, office, now, kinds_of(sheet.opened)),
    }


def _brief(sheet: Sheet, office: Office) -> Mapping[str, object]:
    shown = sheet.told.get(sheet.leading)
    entries = shown_line(sheet.opened, sheet.raisings, office, sheet.now, sheet.named)
    return {
        **_head(sheet, office),
        "url": address(sheet.opened.id),
        "sentences": [] if shown is None else list(sentences(shown, office)),
        "due": "—" if shown is None else due_of(shown, office),
        "clause": sheet.opened.terms.whole.clause,
        "entries": list(reversed(entries[-LAST:])),
        "left_out": max(0, len(entries) - LAST),
    }


def _head(sheet: Sheet, office: Office) -> Mapping[str, object]:
    shown, zone, now = sheet.told.get(sheet.leading), office.zone, sheet.now
    return {
        "case": summary(sheet, office),
        "verdict": None if shown is None else _verdict(shown),
        "is_incredible": bool(sheet.clocks) and shown is None,
        "standing": [
            {
                **badge(each),
                "why": why(each, office, now),
                "fired": instant_words(each.evidence.fired_at, zone, now),
                "anchor": each.anchor,
            }
            for each in sheet.standing
        ],
        "as_of": f"{now.astimezone(zone):%H:%M:%S}",
    }


def _verdict(told: Explanation) -> Mapping[str, str]:
    clock = "" if told.clock == TOTAL else clock_words(told.clock)
    return {"words": verdict_words(told), "kind": kind_of(told), "clock": clock}

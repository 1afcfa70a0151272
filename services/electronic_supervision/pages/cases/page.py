"""The page that lists cases, and finds one by its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kernel.web.paging import After
from kernel.web.shell.shell import is_part, shell_of
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.cases.known import known
from services.electronic_supervision.pages.cases.list import CaseRow, Listed, State, listed
from services.electronic_supervision.pages.then import ONE_DAY, KnownOn, end_of
from services.electronic_supervision.pages.wall.page import STREAM
from services.electronic_supervision.pages.words import (
    KINDS,
    closed_words,
    day_words,
    distance_words,
    due_words,
    instant_words,
)
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.scope import CaseScope, unit_names

PATH = "/console/cases"
Code = Annotated[str, Query(max_length=500)]
STATES = {
    State.ALL: "全部",
    State.OPEN: "在办",
    State.OVERDUE: "在办，已超期",
    State.ENDED: "已办结",
    State.LATE: "超期办结",
    State.PROVISIONAL: "在办，届满日暂定",
    State.AWAITING: "线索待放假通知",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address of the list says."""

    state: State = State.ALL
    source: str = ""
    q: str = ""
    known_on: str = ""

    def url(self, **more: str | None) -> str:
        """Return the address, with more if there is any; what is as usual is left out."""
        told = {"state": str(self.state), "source": self.source, "q": self.q} | more
        told |= {"known_on": self.known_on}
        query = {name: value for name, value in told.items() if value}
        return f"{PATH}?{urlencode(query)}" if query else PATH


def cases_router(desk: Desk) -> APIRouter:
    """Build the route of the list."""
    router = APIRouter(include_in_schema=False)
    office = desk.court.office

    @router.get(PATH)
    async def cases(
        request: Request,
        scope: CaseScope,
        state: State = State.ALL,
        source: Code = "",
        q: Code = "",
        after: After = None,
        known_on: KnownOn = None,
    ) -> Response:
        """List cases, or what was known of them when a past local day ended, in any state."""
        now, today = desk.clock(), office.local_date(desk.clock())
        then = known_on if known_on is not None and known_on < today else None
        asked = Asked(
            state=State.ALL if then else state,
            source=source,
            q=q,
            known_on="" if then is None else then.isoformat(),
        )
        search = q.strip()
        async with desk.reading() as connection:
            if then is None:
                found = await listed(
                    connection,
                    scope,
                    state=state,
                    source=source,
                    search=search,
                    after=after,
                    now=now,
                )
            else:
                now = end_of(then, office)
                found = await known(
                    connection,
                    desk,
                    scope,
                    source=source,
                    search=search,
                    after=after,
                    known_at=now,
                )
            own = await unit_names(connection, scope)
        template = "case_list.html" if is_part(request) else "cases.html"
        told = {
            **_told(asked, found, after, office, now),
            "own_units": own,
            "then": None if then is None else day_words(then, today),
            "yesterday": (today - ONE_DAY).isoformat(),
        }
        return shell_of(request).page(request, f"supervision/{template}", told)

    return router


def _told(
    asked: Asked, found: Listed, after: str | None, office: Office, now: datetime
) -> Mapping[str, object]:
    return {
        "asked": asked,
        "here_url": asked.url(after=after),
        "states": STATES,
        "systems": found.systems,
        "cases": [row(each, office, now) for each in found.cases],
        "earlier": asked.url() if after else None,
        "later": asked.url(after=found.following) if found.following else None,
        "stream": STREAM,
        "as_of": f"{now.astimezone(office.zone):%H:%M:%S}",
    }


def row(case: CaseRow, office: Office, now: datetime) -> Mapping[str, object]:
    """Word a case for a line of the list."""
    kind, level = KINDS[case.level] if case.level else ("", "")
    due, accepted = case.due_at, case.accepted_at
    until = case.ended_at or now
    is_over = case.is_late if case.is_ended else due is not None and due < now
    return {
        "id": case.id,
        "number": case.number,
        "unit": case.unit,
        "is_registered": case.is_registered,
        "closed": closed_words(is_closed=case.is_closed, successor=case.successor),
        "message": case.message,
        "item": case.item,
        "system": case.system or case.source,
        "state": _state(case),
        "is_over": bool(is_over),
        "kind": kind,
        "level": level,
        "accepted": "" if accepted is None else instant_words(accepted, office.zone, now),
        "ended": "" if case.ended_at is None else instant_words(case.ended_at, office.zone, now),
        "due": "" if due is None else due_words(due, office, now),
        "is_provisional": case.is_provisional,
        # of a case that ended in time nobody asks how long it could still have taken
        "distance": distance_words(due, case.measure, office, until)
        if due is not None and (is_over or not case.is_ended)
        else "",
    }


def _state(case: CaseRow) -> str:
    if case.is_ended:
        return {True: "超期办结", False: "按期办结", None: "已办结"}[case.is_late]
    return "在办" if case.is_accepted else "尚未收到受理"

"""The wall of alerts: what stands against cases now, live, as cards or as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.nudges import Nudges
from kernel.web.paging import After
from kernel.web.shell.shell import is_part, shell_of
from services.electronic_supervision.domain.irregularity import ACT
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.wall.alerts import Alert, Filters, Sort, Wall, wall
from services.electronic_supervision.pages.words import (
    KINDS,
    WITHHELD,
    clock_words,
    closed_words,
    distance_words,
    due_words,
    instant_words,
)
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.scope import CaseScope, unit_names

PATH = "/console/alerts"
STREAM = "/console/stream"
FRESH = timedelta(seconds=60)
"""How long an alert counts as new to the eye."""

READ = Depends(needs(Right.SEE_CASES))
Code = Annotated[str, Query(max_length=200)]


class Kind(StrEnum):
    """What a wall tells apart."""

    ALL = ""
    RED = "red"
    YELLOW = "yellow"
    REMINDER = "reminder"
    LEAD = "lead"


class State(StrEnum):
    """Whether the case goes on."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


class About(StrEnum):
    """What an alert is about: a limit that runs out, or an act that broke a rule."""

    ALL = ""
    LIMIT = "limit"
    ACT = "act"


class View(StrEnum):
    """How alerts are laid out."""

    CARDS = "cards"
    TABLE = "table"


KIND_WORDS = {"": "全部", "red": "红牌", "yellow": "黄牌", "reminder": "预警", "lead": "线索"}
STATE_WORDS = {State.OPEN: "在办", State.ENDED: "已办结", State.ALL: "全部"}
ABOUT_WORDS = {About.ALL: "时限和行为", About.LIMIT: "时限", About.ACT: "行为"}
SORT_WORDS = {
    Sort.GRAVITY: "最严重在前",
    Sort.DUE: "最早届满在前",
    Sort.RAISED: "最新作出在前",
    Sort.UNIT: "按单位",
}
OF_ACTS = {About.ALL: None, About.LIMIT: False, About.ACT: True}
IS_ENDED = {State.OPEN: False, State.ENDED: True, State.ALL: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address of the wall says."""

    level: Kind = Kind.ALL
    unit: str = ""
    source: str = ""
    state: State = State.OPEN
    q: str = ""
    about: About = About.ALL
    rule: str = ""
    sort: Sort = Sort.GRAVITY
    view: View = View.CARDS

    @property
    def filters(self) -> Filters:
        """Return what to look for."""
        return Filters(
            level=self.level,
            unit=self.unit,
            source=self.source,
            is_ended=IS_ENDED[self.state],
            search=self.q.strip(),
            rule=self.rule,
            of_acts=OF_ACTS[self.about],
            sort=self.sort,
        )

    def url(self, **changed: str | None) -> str:
        """Return the address with some of it changed; what is as usual is left out."""
        usual = Asked()
        told = {name: str(getattr(self, name)) for name in Asked.__slots__} | changed
        query = {k: v for k, v in told.items() if v and v != str(getattr(usual, k, ""))}
        return f"{PATH}?{urlencode(query)}" if query else PATH


def wall_router(desk: Desk, nudges: Nudges) -> APIRouter:
    """Build the routes of the wall."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)
    office = desk.court.office

    @router.get(PATH)
    async def alerts(
        request: Request,
        scope: CaseScope,
        level: Kind = Kind.ALL,
        unit: Code = "",
        source: Code = "",
        state: State = State.OPEN,
        q: Code = "",
        about: About = About.ALL,
        rule: Code = "",
        sort: Sort = Sort.GRAVITY,
        view: View = View.CARDS,
        after: After = None,
    ) -> Response:
        asked = Asked(
            level=level,
            unit=unit,
            source=source,
            state=state,
            q=q,
            about=about,
            rule=rule,
            sort=sort,
            view=view,
        )
        async with desk.reading() as connection:
            with_choices = not is_part(request)
            found = await wall(connection, scope, asked.filters, after, with_choices=with_choices)
            own = await unit_names(connection, scope)
            titles = desk.court.law.book.titles
        template = "alert_list.html" if is_part(request) else "alerts.html"
        told = {**_told(asked, found, after, office, desk.clock(), titles), "own_units": own}
        return shell_of(request).page(request, f"supervision/{template}", told)

    @router.get(STREAM)
    async def stream(request: Request) -> StreamingResponse:
        """Tell a page that something has changed, which it then asks for."""
        return nudges.stream(request)

    return router


def _told(
    asked: Asked,
    found: Wall,
    after: str | None,
    office: Office,
    now: datetime,
    titles: Mapping[str, str],
) -> Mapping[str, object]:
    total = sum(found.by_level.values())
    kinds = {"": total, **found.by_level}
    return {
        "asked": asked,
        "here_url": asked.url(after=after),
        "kinds": [
            {"kind": kind, "words": KIND_WORDS[kind], "count": count, "url": asked.url(level=kind)}
            for kind, count in kinds.items()
        ],
        "units": found.units,
        "rules": [(id_, titles.get(id_, id_), count) for id_, count in found.rules],
        "titles": titles,
        "abouts": ABOUT_WORDS,
        "states": STATE_WORDS,
        "sorts": SORT_WORDS,
        "alerts": [row(each, office, now, titles) for each in found.alerts],
        "count": found.by_level[asked.level] if asked.level else total,
        "earlier": asked.url() if after else None,
        "later": asked.url(after=found.following) if found.following else None,
        "stream": STREAM,
        "as_of": f"{now.astimezone(office.zone):%H:%M:%S}",
    }


def row(
    alert: Alert, office: Office, now: datetime, titles: Mapping[str, str]
) -> Mapping[str, object]:
    """Word an alert for a card or a line of the table; `titles` are those of rules by id."""
    kind, words = KINDS[alert.level]
    ended, is_act = alert.ended_at, alert.clock == ACT
    return {
        "id": alert.id,
        "number": alert.number,
        "kind": kind,
        "level": words,
        "unit": alert.unit_name,
        "is_registered": alert.is_registered,
        "closed": closed_words(is_closed=alert.is_closed, successor=alert.successor),
        "item": alert.item,
        "clock": "" if alert.clock == "total" else clock_words(alert.clock),
        "message": alert.message,
        "rule": titles.get(alert.rule, alert.rule) if is_act else "",
        "done": instant_words(alert.fired_at, office.zone, now) if is_act else "",
        "due": "" if is_act else due_words(alert.due_at, office, now),
        "is_provisional": alert.is_provisional and not is_act,
        "distance": ""
        if is_act
        else distance_words(alert.due_at, alert.measure, office, ended or now),
        "ended": "" if ended is None else instant_words(ended, office.zone, now),
        "raised": instant_words(alert.raised_at, office.zone, now),
        "withheld": WITHHELD.get(alert.withheld, alert.withheld),
        "hidden": alert.hidden,
        "is_fresh": now - alert.raised_at < FRESH,
    }

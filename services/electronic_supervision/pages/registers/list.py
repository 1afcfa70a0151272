"""The page of the registers: a tab for each kind, as it is on a day."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from contracts.vocabulary import Code
from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.answers import not_found
from kernel.web.paging import read_cursor, write_cursor
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.pages.registers import paths
from services.electronic_supervision.pages.registers.words import (
    BADGES,
    KIND_WORDS,
    STATES,
    state_words,
)
from services.electronic_supervision.registers.acts import ACTS
from services.electronic_supervision.registers.clerk import Clerk
from services.electronic_supervision.registers.fields import Day
from services.electronic_supervision.registers.reading import (
    Listed,
    State,
    Wanted,
    listed,
    unit_names,
)
from services.electronic_supervision.registers.store import GREEN_CARDS, KINDS

READ = Depends(needs(Right.SEE_CATALOGUE))
SIZE = 100
CODES: TypeAdapter[str] = TypeAdapter(Code)
Search = Annotated[str, Query(max_length=200)]
After = Annotated[str, Query(max_length=2000)]


def list_router(clerk: Clerk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.ROOT)
    async def entries(
        request: Request,
        *,
        kind: Search = GREEN_CARDS.name,
        q: Search = "",
        state: Search = "",
        on: Day | Literal[""] = "",
        after: After = "",
        imported: bool = False,
    ) -> Response:
        if kind not in KINDS:
            raise not_found()
        day = clerk.today if isinstance(on, str) else on
        wanted = Wanted(kind=KINDS[kind], on=day, search=q.strip(), state=state)
        last = read_cursor(after, CODES) if after else ""
        async with clerk.reading() as connection:
            rows = await listed(connection, wanted, after=last, limit=SIZE + 1)
            names = await unit_names(connection, {each.unit for each in rows})
        asked = {"q": q, "state": state, "on": "" if isinstance(on, str) else on.isoformat()}
        told = {
            "kind": kind,
            "kinds": KIND_WORDS,
            "words": KIND_WORDS[kind],
            "rows": [_row(kind, each, names) for each in rows[:SIZE]],
            "states": {each.value: state_words(kind, each) for each in STATES},
            "asked": asked,
            "day": day,
            "earlier": paths.listing(kind, **asked) if after else "",
            "later": _later(kind, asked, rows),
            "act": next(slug for slug, a in ACTS.items() if a.is_new and a.kind.name == kind),
            "acts": ACTS,
            "imported": imported,
            "paths": paths,
        }
        return shell_of(request).page(request, "supervision/registers_list.html", told)

    return router


def _later(kind: str, asked: dict[str, str], rows: Sequence[Listed]) -> str:
    if len(rows) <= SIZE:
        return ""
    return paths.listing(kind, **asked, after=write_cursor(rows[SIZE - 1].code))


def _row(kind: str, row: Listed, names: dict[str, str]) -> dict[str, object]:
    is_quota = kind == "inspection-quota"
    return {
        "code": row.code,
        "name": names.get(row.name, row.name) if is_quota else row.name,
        "unit": names.get(row.unit, row.unit),
        "first_day": row.first_day,
        "last_day": row.last_day,
        "badge": BADGES.get(State(row.state), "plain"),
        "state": state_words(kind, row.state),
    }

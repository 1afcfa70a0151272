"""The page of one unit: its names, codes, sections, posts and people, and what happened to it."""

from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.evaluation.desk import Desk
from services.evaluation.document.headings import DUTY_WORDS, GROUP_WORDS
from services.evaluation.domain.unit_acts import Group
from services.evaluation.forms.views import UnitView
from services.evaluation.pages import paths
from services.evaluation.pages.acts import ACTS
from services.evaluation.pages.history import history
from services.evaluation.problems import of
from services.evaluation.reading.names import names
from services.evaluation.reading.people import people
from services.evaluation.reading.posts import posts
from services.evaluation.reading.sections import sections
from services.evaluation.reading.units import unit, unit_versions
from services.evaluation.store import UNITS

READ = Depends(needs(Right.SEE_REGISTER))
MOST = 2000
Text = Annotated[str, Query(max_length=200)]


def unit_router(desk: Desk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.ROOT + "/units/{unit_code:path}")
    async def one_unit(
        request: Request, unit_code: str, done: Text = "", source: Text = "", code: Text = ""
    ) -> Response:
        async with desk.reading() as connection:
            told = await _told(connection, desk, unit_code)
        more = {
            "done": ACTS[done].title if done in ACTS else "",
            "add_alias": paths.act("add-alias", entry=unit_code, source=source, code=code),
        }
        return shell_of(request).page(request, "register/unit.html", {**told, **more})

    return router


async def _told(connection: asyncpg.Connection, desk: Desk, code: str) -> dict[str, object]:
    today = desk.today
    row = await unit(connection, code, today) or await unit(connection, code)
    if row is None:
        raise of("unit-unknown", "code")
    successor = await names(connection, [row.successor] if row.successor else [])
    found_sections = await sections(connection, after="", limit=MOST, unit=code)
    return {
        "unit": UnitView.of(row),
        "group": GROUP_WORDS[Group(row.unit_group)],
        "is_closed": row.closed_from is not None,
        "successor": successor.get(("unit", row.successor or ""), ""),
        "versions": [
            {"day": each.first_day, "name": each.name, "group": GROUP_WORDS[Group(each.unit_group)]}
            for each in reversed(await unit_versions(connection, code))
        ],
        "sections": found_sections,
        "section_names": {each.code: each.name for each in found_sections},
        "posts": await posts(connection, after="", limit=MOST, on=today, unit=code),
        "people": await people(connection, after="", limit=MOST, unit=code),
        "duties": {duty.value: words for duty, words in DUTY_WORDS.items()},
        "history": await history(connection, UNITS, code),
        "today": today,
        "paths": paths,
    }

"""GET /judgements: what stands against cases now, latest first."""

from typing import Annotated

import asyncpg
from fastapi import APIRouter, Query
from pydantic import AwareDatetime, StringConstraints, TypeAdapter

from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of, read_cursor
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.known_judgements import LAST, known_judgements
from services.electronic_supervision.reading.refusals import unknown_judgement
from services.electronic_supervision.reading.scope import CaseScope, may_know
from services.electronic_supervision.reading.views import JudgementView

LIST = """
select * from judged
where stands and (raised_at, id) < ($2, $3) and ($4::text is null or level = $4) and {which}
order by raised_at desc, id desc limit $5
"""
OF_CITY = LIST.replace("{which}", "$1::text[] is null")
# each code by its own index: the planner would rather walk the judgements of all other units
OF_UNITS = """
select judged.* from unnest(called($1)) told(code)
cross join lateral ({list}) judged order by raised_at desc, id desc limit $5
""".replace("{list}", LIST.replace("{which}", "unit = told.code and of_unit = any($1)"))
OF_CASE = "select * from judged where judged.case = $1 order by fired_at, id"
ONE = "select * from judged where id = $1"
Id = Annotated[str, StringConstraints(max_length=100)]
KEY: TypeAdapter[tuple[AwareDatetime, Id]] = TypeAdapter(tuple[AwareDatetime, Id])

Code = Annotated[str | None, Query(max_length=100)]
ALevel = Annotated[Level | None, Query()]


def judgements_router(desk: Desk) -> APIRouter:
    """Build the routes that show judgements."""
    router = APIRouter()
    zone = desk.court.office.zone

    def view(row: asyncpg.Record) -> JudgementView:
        told = JudgementView(**row)
        return told.model_copy(
            update={
                field: getattr(told, field).astimezone(zone)
                for field in ("due", "fired_at", "raised_at")
            }
        )

    @router.get("/judgements")
    async def judgements(
        scope: CaseScope,
        unit: Code = None,
        level: ALevel = None,
        known_at: Annotated[AwareDatetime | None, Query()] = None,
        after: After = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Page[JudgementView]:
        """List the judgements that stand, those raised last first; `unit` as in the register.

        With `known_at` those that stood by what was known at that instant.
        """
        before, asked = LAST if after is None else read_cursor(after, KEY), scope.narrowed(unit)
        statement = OF_CITY if asked.units is None else OF_UNITS
        wanted = asked.codes, *before, level, limit + 1
        async with desk.reading() as connection:
            if known_at is None:
                rows = await connection.fetch(statement, *wanted)
            else:
                levels = None if level is None else [level]
                rows = await known_judgements(
                    connection, asked, known_at, levels, before, limit + 1
                )
        return page_of(rows, limit, item=view, key=lambda row: (row["raised_at"], row["id"]))

    @router.get("/judgements/{judgement}")
    async def one(judgement: str, scope: CaseScope) -> JudgementView:
        async with desk.reading() as connection:
            rows = await connection.fetch(ONE, judgement)
            if not rows or not await may_know(connection, scope, rows[0]["case"]):
                raise unknown_judgement()
        return view(rows[0])

    @router.get("/cases/{case}/judgements")
    async def of_case(case: str, scope: CaseScope) -> list[JudgementView]:
        """List all judgements ever raised on a case, also those superseded since."""
        async with desk.reading() as connection:
            is_known = await may_know(connection, scope, case)
            rows = await connection.fetch(OF_CASE, case) if is_known else []
        return [view(row) for row in rows]

    return router

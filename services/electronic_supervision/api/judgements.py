"""GET /judgements: what stands against cases now, latest first."""

from datetime import UTC, datetime
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, StringConstraints, TypeAdapter

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of, read_cursor
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.refusals import unknown_judgement
from services.electronic_supervision.reading.views import JudgementView

LIST = """
select * from judged
where stands and (raised_at, id) < ($1, $2) and ($3::text is null or unit = $3)
  and ($4::text is null or level = $4)
order by raised_at desc, id desc limit $5
"""
OF_CASE = "select * from judged where judged.case = $1 order by fired_at, id"
ONE = "select * from judged where id = $1"
LAST = (datetime(9999, 1, 1, tzinfo=UTC), "~")
Id = Annotated[str, StringConstraints(max_length=100)]
KEY: TypeAdapter[tuple[AwareDatetime, Id]] = TypeAdapter(tuple[AwareDatetime, Id])

Code = Annotated[str | None, Query(max_length=100)]
ALevel = Annotated[Level | None, Query()]
READ = Depends(needs(Right.SEE_CASES))


def judgements_router(desk: Desk) -> APIRouter:
    """Build the routes that show judgements."""
    router = APIRouter(dependencies=[READ])
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
        unit: Code = None, level: ALevel = None, after: After = None, limit: Limit = DEFAULT_LIMIT
    ) -> Page[JudgementView]:
        """List the judgements that stand, those raised last first."""
        before = LAST if after is None else read_cursor(after, KEY)
        async with desk.reading() as connection:
            rows = await connection.fetch(LIST, *before, unit, level, limit + 1)
        return page_of(rows, limit, item=view, key=lambda row: (row["raised_at"], row["id"]))

    @router.get("/judgements/{judgement}")
    async def one(judgement: str) -> JudgementView:
        async with desk.reading() as connection:
            rows = await connection.fetch(ONE, judgement)
        if not rows:
            raise unknown_judgement()
        return view(rows[0])

    @router.get("/cases/{case}/judgements")
    async def of_case(case: str) -> list[JudgementView]:
        """List all judgements ever raised on a case, also those superseded since."""
        async with desk.reading() as connection:
            return [view(row) for row in await connection.fetch(OF_CASE, case)]

    return router

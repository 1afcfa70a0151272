"""The HTTP door of the register of units."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, Header, Path, Response
from pydantic import Field, TypeAdapter

from contracts.vocabulary import PRINTABLE, Code
from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.bell import Bell
from kernel.database import borrowed
from kernel.store.store import load
from kernel.web.access import needs
from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of, read_cursor
from services.evaluation.domain.unit import CloseUnit, Command, RegisterUnit, RenameUnit
from services.evaluation.forms import ChangeView, Closing, Registration, Renaming, UnitView
from services.evaluation.problems import answered, of
from services.evaluation.register import carry_out, unit, units
from services.evaluation.store import stream_of

Reader = Annotated[Caller, Depends(needs(Right.SEE_REGISTER))]
Operator = Annotated[Caller, Depends(needs(Right.KEEP_REGISTER))]
UnitCode = Annotated[str, Path(max_length=100, pattern=PRINTABLE, description="单位代码")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=200, pattern=PRINTABLE, description="重试时不变的编号"
    ),
]

CODES: TypeAdapter[str] = TypeAdapter(Code)
VERSIONS: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=1, le=2**31 - 1)])


class Door:
    """Answers requests about units from one schema; `clock` says when they came."""

    def __init__(self, pool: asyncpg.Pool, bell: Bell, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._bell = bell
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["单位名册"])
        router.get("/units", summary="查询单位名册")(self.all)
        router.get("/units/{code}", summary="查询单位")(self.one)
        router.get(
            "/units/{code}/history", summary="查询单位沿革", response_model_exclude_none=True
        )(self.history)
        router.put(
            "/units/{code}",
            summary="登记单位",
            responses={201: {"model": UnitView, "description": "已登记"}},
        )(self.register)
        router.post("/units/{code}/rename", summary="单位更名")(self.rename)
        router.post("/units/{code}/close", summary="撤销单位")(self.close)
        return router

    async def register(
        self,
        code: UnitCode,
        form: Registration,
        caller: Operator,
        response: Response,
        key: Key = None,
    ) -> UnitView:
        """Register a unit: 201 if it is new, 200 if it was registered with the same content."""
        command = RegisterUnit(
            code=code,
            name=form.name,
            group=form.group,
            aliases=tuple(sorted({each.alias() for each in form.aliases})),
            effective_from=form.effective_from,
        )
        shown, is_new = await self._carry_out(command, caller, key)
        response.status_code = 201 if is_new else 200
        return shown

    async def rename(
        self, code: UnitCode, form: Renaming, caller: Operator, key: Key = None
    ) -> UnitView:
        """Give a unit another name."""
        command = RenameUnit(code=code, name=form.name, effective_from=form.effective_from)
        return (await self._carry_out(command, caller, key))[0]

    async def close(
        self, code: UnitCode, form: Closing, caller: Operator, key: Key = None
    ) -> UnitView:
        """Close a unit."""
        command = CloseUnit(code=code, effective_from=form.effective_from, successor=form.successor)
        return (await self._carry_out(command, caller, key))[0]

    async def all(
        self, _: Reader, limit: Limit = DEFAULT_LIMIT, after: After = None
    ) -> Page[UnitView]:
        """Show the units in order of their codes, those that were closed too."""
        last = "" if after is None else read_cursor(after, CODES)
        async with borrowed(self._pool) as connection:
            rows = await units(connection, after=last, limit=limit + 1)
        return page_of(rows, limit, item=UnitView.of, key=lambda row: row.code)

    async def one(self, code: UnitCode, _: Reader) -> UnitView:
        """Show a unit."""
        async with borrowed(self._pool) as connection:
            return await self._shown(connection, code)

    async def history(
        self, code: UnitCode, _: Reader, limit: Limit = DEFAULT_LIMIT, after: After = None
    ) -> Page[ChangeView]:
        """Show what happened to a unit, from its registration on."""
        last = 0 if after is None else read_cursor(after, VERSIONS)
        async with borrowed(self._pool) as connection:
            await self._shown(connection, code)
            changes = await load(connection, stream_of(code), after=last)
        rows = changes[: limit + 1]
        return page_of(rows, limit, item=ChangeView.of, key=lambda stored: stored.version)

    async def _carry_out(
        self, command: Command, caller: Caller, key: str | None
    ) -> tuple[UnitView, bool]:
        """Return the unit as it is then, and whether anything happened."""
        async with borrowed(self._pool) as connection:
            with answered():
                happened = await carry_out(
                    connection, command, now=self._clock(), by=caller.name, key=key
                )
            if happened:
                self._bell.ring()
            return await self._shown(connection, command.code), bool(happened)

    async def _shown(self, connection: asyncpg.Connection, code: str) -> UnitView:
        row = await unit(connection, code)
        if row is None:
            raise of("unit-unknown", "code")
        return UnitView.of(row)

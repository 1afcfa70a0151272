"""The page of an auditor: what everybody did, filtered and exported."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

import asyncpg
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, TypeAdapter
from starlette.responses import Response, StreamingResponse

from kernel.access.policy import ROLE_WORDS, Right, Role
from kernel.access.principal import Caller
from kernel.database import borrowed
from kernel.reception.audit.exported import note_export
from kernel.reception.audit.merged import Place, each, merged
from kernel.reception.audit.words import COLUMNS, ZONE, row
from kernel.store.acts import Ledger, Wanted
from kernel.web.access import needs
from kernel.web.paging import After, read_cursor, write_cursor
from kernel.web.shell.shell import shell_of

PATH = "/console/audit"
EXPORT = "/console/audit.csv"
PER_PAGE = 50
MOST_EXPORTED = 100_000
BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take the file for one in the code page of the machine."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")

Text = Annotated[str, Query(max_length=100)]


def _if_told(value: object) -> object:
    """Take what a form leaves empty as not told."""
    return value or None


Told = BeforeValidator(_if_told)
Day = Annotated[
    Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))] | None, Told, Query()
]
AnyRole = Annotated[Role | None, Told, Query()]
Auditor = Annotated[Caller, Depends(needs(Right.SEE_AUDIT))]
Name = Annotated[str, StringConstraints(max_length=100)]
Position = Annotated[int, Field(ge=0, lt=2**63)]
KEY: TypeAdapter[tuple[AwareDatetime, Name, Position]] = TypeAdapter(
    tuple[AwareDatetime, Name, Position]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address of the page says; days are local, both included."""

    by: str = ""
    role: str = ""
    record: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def wanted(self) -> Wanted:
        """Return what to look for."""
        return Wanted(
            by=self.by.strip(),
            role=self.role,
            since=None if self.since is None else _begin(self.since),
            until=None if self.until is None else _begin(self.until + timedelta(days=1)),
        )

    def among(self, ledgers: Sequence[Ledger]) -> Sequence[Ledger]:
        """Return the ledgers to look in."""
        return [each for each in ledgers if self.record in ("", each.name)]

    def url(self, path: str, **more: str | None) -> str:
        """Return an address with this in it."""
        told = {name: getattr(self, name) for name in Asked.__slots__} | more
        query = urlencode({name: value for name, value in told.items() if value})
        return f"{path}?{query}" if query else path


async def asked(
    by: Text = "", role: AnyRole = None, record: Text = "", since: Day = None, until: Day = None
) -> Asked:
    """Read what an address says."""
    return Asked(by=by, role=role or "", record=record, since=since, until=until)


Filters = Annotated[Asked, Depends(asked)]


def audit_router(pool: asyncpg.Pool, clock: Callable[[], datetime]) -> APIRouter:
    """Build the routes of the audit; `pool` is that of the record of access."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def audit(
        request: Request, _: Auditor, filters: Filters, after: After = None
    ) -> Response:
        before: Place | None = None if after is None else read_cursor(after, KEY)
        ledgers: Sequence[Ledger] = request.app.state.ledgers
        found = await merged(
            filters.among(ledgers), filters.wanted, before=before, limit=PER_PAGE + 1
        )
        is_more = len(found) > PER_PAGE
        following = write_cursor(found[PER_PAGE - 1].place) if is_more else None
        told = {
            "asked": filters,
            "roles": {role.value: words for role, words in ROLE_WORDS.items()},
            "ledgers": ledgers,
            "columns": COLUMNS[:-1],
            "rows": [row(entry) for entry in found[:PER_PAGE]],
            "export": filters.url(EXPORT),
            "earlier": filters.url(PATH) if after else None,
            "later": filters.url(PATH, after=following) if following else None,
        }
        return shell_of(request).page(request, "reception/audit.html", told)

    @router.get(EXPORT)
    async def export(request: Request, caller: Auditor, filters: Filters) -> Response:
        async with borrowed(pool) as connection:
            await note_export(connection, filters.url(PATH), now=clock(), by=caller.acting())
        ledgers: Sequence[Ledger] = request.app.state.ledgers
        return StreamingResponse(
            _lines(filters.among(ledgers), filters.wanted),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": "attachment; filename=audit.csv",
                "Cache-Control": "no-store",
            },
        )

    return router


async def _lines(ledgers: Sequence[Ledger], wanted: Wanted) -> AsyncIterator[str]:
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    async for entry in each(ledgers, wanted, most=MOST_EXPORTED):
        yield _line([_harmless(value) for value in row(entry).values()])


def _line(values: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _harmless(value: str) -> str:
    """Keep a spreadsheet from running what somebody typed as a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE)

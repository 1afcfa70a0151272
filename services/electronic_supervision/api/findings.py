"""GET /findings: what stands against units, posts and others over time, latest first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, StringConstraints, TypeAdapter

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of, read_cursor
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.rules.demands import Level
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.findings import (
    LAST,
    Found,
    Wanted,
    cases_of,
    finding,
    findings,
    sight_of,
)
from services.electronic_supervision.reading.refusals import unknown_finding

Reader = Annotated[Caller, Depends(needs(Right.SEE_CASES))]
Code = Annotated[str, Query(max_length=100)]
Id = Annotated[str, StringConstraints(max_length=100)]
KEY: TypeAdapter[tuple[AwareDatetime, Id]] = TypeAdapter(tuple[AwareDatetime, Id])


class FindingView(BaseModel):
    """A finding; times are the hall's, shares in 0…1."""

    id: str
    rule: str
    rule_version: int
    title: str
    clause: str
    level: Level
    withheld: str
    """Why it is a lead and no card of its level, "" if it is what `level` says."""
    subject_kind: str
    subject: str
    unit: str
    """Code of the unit that it concerns, as its source called it; "" for none."""
    window_from: datetime
    window_until: datetime
    fired_at: datetime
    """When it became true."""
    raised_at: datetime
    stands: bool
    """False once it was lifted."""
    message: str
    figures: dict[str, float]
    """Counts, rates, baselines and uncertainties, by stable names."""


class CountedView(BaseModel):
    """One of the occurrences that a finding adds up."""

    case: str | None
    """Id of the case, as in /cases/{id}."""
    source: str | None
    number: str | None
    from_: datetime
    until: datetime
    """It happened from then until then: a day, where no more is known."""
    weight: int
    numbers: dict[str, float]


class WholeFindingView(FindingView):
    """A finding with what it rests on, the newest 500."""

    counted: list[CountedView]
    facts: list[tuple[str, str]]
    """Source and id of the events it rests on."""
    judgements: list[str]
    """Ids of the judgements that it adds up."""


def findings_router(desk: Desk) -> APIRouter:
    """Build the routes that show findings."""
    router = APIRouter()
    zone = desk.court.office.zone

    @router.get("/findings")
    async def all_findings(
        reader: Reader,
        *,
        level: Level | None = None,
        rule: Code = "",
        unit: Code = "",
        stands: bool = True,
        after: After = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Page[FindingView]:
        """List what was found over time, the latest first; `level` lead means all leads."""
        wanted = Wanted(stands=stands, kind=level.value if level else "", rule=rule, unit=unit)
        before = LAST if after is None else read_cursor(after, KEY)
        async with desk.reading() as connection:
            rows = await findings(connection, sight_of(reader), wanted, before, limit + 1)
        return page_of(rows, limit, item=lambda row: _view(row, zone), key=lambda row: row.key)

    @router.get("/findings/{finding}")
    async def one(reader: Reader, finding: str) -> WholeFindingView:
        """Show one with all that it rests on."""
        async with desk.reading() as connection:
            found = await _one(connection, sight_of(reader), finding)
            if found is None:
                raise unknown_finding()
            ids = await cases_of(connection, found.finding)
        return _whole(found, ids, zone)

    return router


_one = finding


def _view(found: Found, zone: ZoneInfo) -> FindingView:
    told = found.finding
    return FindingView(
        id=told.id,
        rule=told.rule,
        rule_version=told.version,
        title=found.title,
        clause=told.clause,
        level=told.level,
        withheld=told.withheld,
        subject_kind=told.group.by.value,
        subject=told.group.key,
        unit=told.unit,
        window_from=told.window_from.astimezone(zone),
        window_until=told.window_until.astimezone(zone),
        fired_at=told.at.astimezone(zone),
        raised_at=found.raised_at.astimezone(zone),
        stands=found.stands,
        message=found.message,
        figures=dict(told.figures),
    )


def _whole(found: Found, ids: Mapping[CaseKey, str], zone: ZoneInfo) -> WholeFindingView:
    told = found.finding
    return WholeFindingView(
        **_view(found, zone).model_dump(),
        counted=[
            CountedView(
                case=None if each.case is None else ids.get(each.case),
                source=None if each.case is None else each.case.source,
                number=None if each.case is None else each.case.number,
                from_=each.at.earliest.astimezone(zone),
                until=each.at.latest.astimezone(zone),
                weight=each.weight,
                numbers=dict(each.numbers),
            )
            for each in told.counted
        ],
        facts=[(fact.source, fact.id) for fact in told.facts],
        judgements=list(told.judgements),
    )

"""GET /judgements/stream: judgements as they are made, as server-sent events."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from contracts.findings import FindingLifted, PatternFound
from contracts.registry import type_of
from contracts.subjects import parse
from kernel.access.policy import Right, Role
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.feed import Feed, Said
from kernel.web.sse import stream
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.findings import leads_among
from services.electronic_supervision.reading.scope import Scope, scope_of

# a finding names the unit as its source does; the case may be another one's by now. Leads over time
# are published under no unit, and name it in their data alone
WANTED = """
select place from unnest($2::text[], $3::text[], $4::text[]) with ordinality
     as told(source, number, code, place)
where unit_of(source, code) = any($1)
   or is_of((select id from docket
             where (docket.source, docket.number) = (told.source, told.number)), $1)
order by place
"""

OVER_TIME = frozenset({type_of(PatternFound), type_of(FindingLifted)})

Unit = Annotated[str | None, Query(max_length=100)]


def live_router(desk: Desk, feed: Feed) -> APIRouter:
    """Build the route that pages and programs follow."""
    router = APIRouter(dependencies=[Depends(needs(Right.FOLLOW_JUDGEMENTS))])

    @router.get(
        "/judgements/stream",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}},
    )
    async def judgements(request: Request, unit: Unit = None) -> StreamingResponse:
        """Follow what is published; the id of an event is its number, its data the CloudEvent.

        `unit` is its code in the city's register. `Last-Event-ID` goes on after a number without
        loss or double. An event `reload` says that it lies too far back: fetch the lists again.
        """

        async def wanting(caller: Caller, said: Sequence[Said]) -> Sequence[Said]:
            granted = [each for each in said if caller.follows(parse(each.subject).event_type)]
            known = await _known(desk, scope_of(caller).narrowed(unit), granted)
            return known if _may_hear_leads(caller) else await _without_leads(desk, known)

        return stream(request, feed, wanting)

    return router


def _may_hear_leads(caller: Caller) -> bool:
    """Tell whether somebody looks into leads, or is a system of the whole city that was granted."""
    is_system = caller.role is Role.SUBSCRIBER and caller.units is None
    return is_system or caller.principal.may(Right.SEE_LEADS)


async def _without_leads(desk: Desk, said: Sequence[Said]) -> Sequence[Said]:
    """Leave out what is said of leads over time: whoever is looked into is not warned."""
    about = {
        each.sequence: str(each.event()["data"]["judgement"])
        for each in said
        if parse(each.subject).event_type in OVER_TIME
    }
    if not about:
        return said
    async with desk.reading() as connection:
        leads = await leads_among(connection, set(about.values()))
    return [each for each in said if about.get(each.sequence) not in leads]


async def _known(desk: Desk, scope: Scope, said: Sequence[Said]) -> Sequence[Said]:
    """Leave what is said of cases of a scope, by the aliases and the holders of now."""
    if scope.units is None:
        return said
    subjects = [parse(each.subject) for each in said]
    sources = [
        each.partitionkey.removesuffix(f"|{subject.key}")
        for each, subject in zip(said, subjects, strict=True)
    ]
    numbers = [subject.key for subject in subjects]
    units = [
        subject.unit or str(each.event()["data"].get("unit", ""))
        for each, subject in zip(said, subjects, strict=True)
    ]
    async with desk.reading() as connection:
        rows = await connection.fetch(WANTED, scope.codes, sources, numbers, units)
    return [said[row["place"] - 1] for row in rows]

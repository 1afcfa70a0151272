"""The doors of electronic supervision, and who may come in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter

from kernel.service import Work
from kernel.web.feed import Feed
from kernel.web.nudges import Nudges
from kernel.web.shell.shell import Pages
from services.electronic_supervision.api.cases import cases_router
from services.electronic_supervision.api.catalogue import catalogue_router
from services.electronic_supervision.api.catalogue_documents import catalogue_documents_router
from services.electronic_supervision.api.emit import emit_router
from services.electronic_supervision.api.findings import findings_router
from services.electronic_supervision.api.judgements import judgements_router
from services.electronic_supervision.api.live import live_router
from services.electronic_supervision.api.operations import operations_router
from services.electronic_supervision.api.registers import registers_router
from services.electronic_supervision.api.rules import rules_router
from services.electronic_supervision.api.try_out import try_router
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.house import House
from services.electronic_supervision.pages.routers import pages, routers
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.partners import keep_heard
from services.electronic_supervision.registers.clerk import Clerk
from services.electronic_supervision.settings import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The routes of a process, and what has to be done for them."""

    routers: Sequence[APIRouter] = ()
    work: Sequence[Work] = ()
    pages: Pages | None = None


@contextmanager
def front(house: House) -> Iterator[Doors]:
    """Open the doors of a process for the length of the block; none without the part `api`."""
    if Part.API not in house.settings.parts:
        yield Doors()
        return
    with house.said.ear() as ear:
        feed = Feed(house.pool, ear, house.registry)
        desk = Desk(
            pool=house.pool,
            court=house.court,
            facts=house.facts,
            clock=house.clock,
            now=house.now,
        )
        yield Doors(
            routers=[
                *_for_programs(house, desk, feed),
                *routers(desk, Nudges(house.judged, feed.clients), house.said),
            ],
            work=[feed.run, partial(keep_heard, house)],
            pages=pages(house.settings.notice),
        )


def _for_programs(house: House, desk: Desk, feed: Feed) -> Sequence[APIRouter]:
    items = CatalogueDesk(pool=house.pool, clock=house.clock, said=house.said)
    return (
        emit_router(desk, house.partners),
        try_router(desk),
        live_router(desk, feed),  # before the judgements by id: "stream" is none
        cases_router(desk),
        judgements_router(desk),
        findings_router(desk),
        operations_router(desk),
        rules_router(desk),
        catalogue_router(items),
        catalogue_documents_router(items),
        registers_router(Clerk(pool=desk.pool, clock=desk.clock)),
    )

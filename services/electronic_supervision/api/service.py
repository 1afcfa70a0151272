"""The web application of electronic supervision: who may come in, and what is in the way."""

import asyncio
from collections.abc import Callable, Sequence

from fastapi import APIRouter, FastAPI

from kernel.database import borrowed
from kernel.readiness import Check, Problem
from kernel.store.ready import is_migrated
from kernel.web.access import Keyring, Principal, digest_of
from kernel.web.app import create_app
from kernel.web.feed import Feed
from kernel.web.serve import serve
from services.electronic_supervision.api.cases import cases_router
from services.electronic_supervision.api.desk import Desk
from services.electronic_supervision.api.emit import emit_router
from services.electronic_supervision.api.judgements import judgements_router
from services.electronic_supervision.api.live import live_router
from services.electronic_supervision.api.operations import operations_router
from services.electronic_supervision.doors.systems import system_of_token
from services.electronic_supervision.house import House
from services.electronic_supervision.settings import Part
from services.electronic_supervision.tenancy import TENANCY

REMEMBER_SECONDS = 1.0
"""How long a token is taken at its word after it was looked up."""

OPERATOR = Principal(name="operator", may=frozenset({"read", "operate"}))


def application(house: House, feed: Feed) -> FastAPI:
    """Build the application of one process."""
    return create_app(
        title="效能·电子监察",
        routers=_routers(house, feed) if Part.API in house.settings.parts else (),
        checks=[
            is_migrated(house.pool, TENANCY.migrations),
            *(_part(house, part) for part in _working(house)),
        ],
        registry=house.registry,
        keyring=_keyring(house),
    )


async def serve_api(house: House, ready: Callable[[int], None]) -> None:
    """Serve until cancelled."""
    with house.said.ear() as ear:
        feed = Feed(house.pool, ear, house.registry)
        app = application(house, feed)
        async with asyncio.TaskGroup() as group:
            if Part.API in house.settings.parts:
                group.create_task(feed.run())
            group.create_task(serve(app, house.settings.host, house.settings.port, ready=ready))


def _routers(house: House, feed: Feed) -> Sequence[APIRouter]:
    desk = Desk(
        pool=house.pool, court=house.court, facts=house.facts, clock=house.clock, now=house.now
    )
    return (
        emit_router(desk),
        live_router(feed),  # before the judgements by id: "stream" is none
        cases_router(desk),
        judgements_router(desk),
        operations_router(desk),
    )


def _keyring(house: House) -> Keyring:
    operators = digest_of(house.settings.operator_token)
    ticks = asyncio.get_running_loop().time
    known: dict[bytes, tuple[float, Principal]] = {}

    async def holder(digest: bytes) -> Principal | None:
        if digest == operators:
            return OPERATOR
        until, principal = known.get(digest, (0.0, None))
        if ticks() < until:
            return principal
        async with borrowed(house.pool) as connection:
            system = await system_of_token(connection, digest)
        if system is None:
            return None
        emitter = Principal(name=system.name, may=frozenset({"emit"}), source=system.source)
        known[digest] = (ticks() + REMEMBER_SECONDS, emitter)
        return emitter

    return Keyring(holder)


def _working(house: House) -> Sequence[Part]:
    return sorted(house.settings.parts - {Part.API})


def _part(house: House, part: Part) -> Check:
    async def check() -> Sequence[Problem]:
        if (begun := house.checks.get(part)) is not None:
            return await begun()
        message = f"{part.value} 尚未开始工作：正在连接消息总线或者数据库。"
        return (Problem(code="starting", message=message),)

    return check

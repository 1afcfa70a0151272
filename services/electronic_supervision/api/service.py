"""The web application of electronic supervision: who may come in, and what is in the way."""

import asyncio
from collections.abc import Callable, Sequence

from fastapi import APIRouter, FastAPI

from kernel.database import borrowed
from kernel.readiness import Check, Problem
from kernel.store.migrate import pending
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

OPERATOR = Principal(name="operator", may=frozenset({"read", "operate"}))


def application(house: House, feed: Feed) -> FastAPI:
    """Build the application of one process."""
    return create_app(
        title="效能·电子监察",
        routers=_routers(house, feed) if Part.API in house.settings.parts else (),
        checks=[_database(house), *(_part(house, part) for part in _working(house))],
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

    async def holder(digest: bytes) -> Principal | None:
        if digest == operators:
            return OPERATOR
        async with borrowed(house.pool) as connection:
            system = await system_of_token(connection, digest)
        if system is None:
            return None
        return Principal(name=system.name, may=frozenset({"emit"}), source=system.source)

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


def _database(house: House) -> Check:
    async def check() -> Sequence[Problem]:
        async with borrowed(house.pool) as connection:
            missing = await pending(connection, *TENANCY.migrations)
        if not missing:
            return ()
        message = f"数据库还缺少变更 {missing[0].name}；请先运行 xiaoneng provision。"
        return (Problem(code="migrations-pending", message=message),)

    return check

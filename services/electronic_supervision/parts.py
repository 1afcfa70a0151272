"""The parts of the service that run behind its doors: connectors, intake, loop and relay."""

import asyncio
from collections.abc import Sequence
from functools import partial

import asyncpg

from contracts.streams import CITY
from kernel.bus import connect
from kernel.database import borrowed, patiently
from kernel.intake.heard import Message
from kernel.intake.metrics import IntakeMetrics
from kernel.intake.ready import keeps_up as intake_keeps_up
from kernel.intake.subscription import Subscription, Take
from kernel.intake.watermark import Watermark
from kernel.readiness import Check, Problem
from kernel.relay.epoch import current
from kernel.relay.metrics import RelayMetrics
from kernel.relay.relay import Relay
from services.electronic_supervision.connect import runs
from services.electronic_supervision.connect.desk import ConnectDesk
from services.electronic_supervision.connect.metrics import ConnectMetrics
from services.electronic_supervision.connect.ready import connectors_are_well
from services.electronic_supervision.connect.worker import Worker as ConnectWorker
from services.electronic_supervision.doors import bus
from services.electronic_supervision.doors.hearing_units import (
    own_stream_is_readable,
    take_units,
)
from services.electronic_supervision.house import House
from services.electronic_supervision.loop.decide import Bench
from services.electronic_supervision.loop.metrics import LoopMetrics
from services.electronic_supervision.loop.ready import keeps_up as loop_keeps_up
from services.electronic_supervision.loop.worker import Worker
from services.electronic_supervision.patterns.worker import Worker as PatternWorker
from services.electronic_supervision.rehearsal.lane import Place
from services.electronic_supervision.rehearsal.worker import Worker as RehearsalWorker
from services.electronic_supervision.rules.keep import bring_shipped
from services.electronic_supervision.settings import Part
from services.electronic_supervision.tenancy import ORGANISATION, REGISTRAR, TENANCY


class UntakenError(Exception):
    """A message of our own could not be taken in; the message is its place in the stream."""


async def intake(house: House) -> None:
    """Take in what city systems say on the bus, and mark until when all of it is in."""
    client = await connect(house.settings.nats_url, TENANCY.name)
    metrics = IntakeMetrics(house.registry)
    watermark = Watermark(
        pool=house.pool,
        jetstream=client.jetstream(),
        name=TENANCY.name,
        stream=CITY,
        bell=house.marks,
        shift=house.settings.shift,
        metrics=metrics,
    )

    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        async with borrowed(house.pool) as connection:
            now = await house.now(connection)
            counts = await bus.take(connection, messages, now, house.partners)
        metrics.taken(CITY, counts)
        house.facts.ring()
        return ()

    async def set_aside(message: Message) -> None:
        async with borrowed(house.pool) as connection:
            await bus.set_aside(connection, message, await house.now(connection))
        metrics.taken(CITY, {"set-aside": 1})

    city = Subscription(
        url=house.settings.nats_url,
        name=TENANCY.name,
        stream=CITY,
        take=take,
        set_aside=set_aside,
    )
    organisation = Subscription(
        url=house.settings.nats_url,
        name=TENANCY.name,
        stream=ORGANISATION,
        take=_units(house),
        set_aside=_leave,
    )
    house.checks[Part.INTAKE] = _intake_is_well(house)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(city.run())
            group.create_task(organisation.run())
            group.create_task(watermark.run(house.facts))
    finally:
        await client.close()


def _units(house: House) -> Take:
    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        async with borrowed(house.pool) as connection:
            return await take_units(connection, messages, REGISTRAR)

    return take


async def _leave(message: Message) -> None:
    """Leave a message of our own on the bus: it is not the sender's fault that we can't take it."""
    raise UntakenError(message.number)


def _intake_is_well(house: House) -> Check:
    keeps_up = intake_keeps_up(house.pool, CITY, shift=house.settings.shift)
    is_readable = own_stream_is_readable(house.pool, ORGANISATION)

    async def check() -> Sequence[Problem]:
        return [*await keeps_up(), *await is_readable()]

    return check


async def connectors(house: House) -> None:
    """Read what systems that emit nothing leave in folders and views."""
    house.checks[Part.CONNECT] = connectors_are_well(house.pool)
    if house.settings.connectors is None:
        return
    await patiently(house.pool, partial(runs.configure, connectors=house.connectors))
    desk = ConnectDesk(
        pool=house.pool,
        facts=house.facts,
        now=house.now,
        office=house.court.office,
        holder=house.holder,
        metrics=ConnectMetrics(house.registry),
        environment=house.settings.environment,
    )
    async with asyncio.TaskGroup() as group:
        for each in house.connectors:
            group.create_task(ConnectWorker(desk=desk, connector=each).run())


async def loop(house: House) -> None:
    """Judge the cases of the partitions that no other process holds."""
    epoch = await patiently(house.pool, current)
    await patiently(house.pool, partial(_bring_rules, house))
    bench = Bench(court=house.court, streams=(CITY,), source=TENANCY.source_in(epoch), epoch=epoch)
    worker = Worker(
        pool=house.pool,
        bench=bench,
        holder=house.holder,
        marks=house.marks,
        judged=house.judged,
        said=house.said,
        clock=house.clock,
        metrics=LoopMetrics(house.registry),
        share=house.settings.share,
    )
    house.checks[Part.LOOP] = loop_keeps_up(house.pool, (CITY,))
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        group.create_task(_rehearsals(house).run())
        group.create_task(_patterns(house, bench).run())


def _patterns(house: House, bench: Bench) -> PatternWorker:
    return PatternWorker(
        pool=house.pool, bench=bench, holder=house.holder, said=house.said, clock=house.clock
    )


def _rehearsals(house: House) -> RehearsalWorker:
    return RehearsalWorker(
        pool=house.pool,
        place=Place(house.settings.postgres_url, TENANCY.name),
        holder=house.holder,
        clock=house.clock,
    )


async def _bring_rules(house: House, connection: asyncpg.Connection) -> None:
    now = await house.now(connection)
    await bring_shipped(connection, now, house.court.office.local_date(now))


async def relay(house: House) -> None:
    """Send what was said to the stream."""
    client = await connect(house.settings.nats_url, TENANCY.name)
    try:
        with house.said.ear() as ear:
            sender = Relay(
                house.pool,
                client,
                TENANCY,
                holder=house.holder,
                ear=ear,
                metrics=RelayMetrics.on(house.registry),
            )
            house.checks[Part.RELAY] = sender.problems
            await sender.run()
    finally:
        await client.close()

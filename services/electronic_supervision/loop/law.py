"""Take up the law as the city has said it until now; whoever changes it counts its version up."""

from dataclasses import replace
from datetime import datetime

import asyncpg

from services.electronic_supervision.catalogue.store import load_catalogue
from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.loop.court import Court
from services.electronic_supervision.registers.load import load_registers
from services.electronic_supervision.rules.store import load_book

VERSION = "select version from law"
# who changes the law waits for the steps that judge by what was so far
HELD = "select version from law for share"


async def take_up(connection: asyncpg.Connection, court: Court) -> None:
    """Bring a court up to date; the connection must be in no transaction."""
    if await connection.fetchval(VERSION) == court.version:
        return
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        version: int = await connection.fetchval(VERSION)
        catalogue = await load_catalogue(connection)
        registers = await load_registers(connection)
        book = await load_book(connection)
    if version < court.version:
        return  # somebody else of this process was quicker, and later
    court.law = replace(court.law, book=book, catalogue=catalogue, registers=registers)
    court.version = version


async def law_known_at(connection: asyncpg.Connection, office: Office, at: datetime) -> Law:
    """Return the law as the city had said it until an instant; office time is that of today."""
    return Law(
        office=office,
        book=await load_book(connection, at),
        catalogue=await load_catalogue(connection, at),
        registers=await load_registers(connection, at),
    )


async def is_taken_up(connection: asyncpg.Connection, court: Court) -> bool:
    """Tell whether a court judges by the law as it is, and keep it so until the commit."""
    return bool(await connection.fetchval(HELD) == court.version)

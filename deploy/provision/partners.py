"""The partners on record, as provisioning needs them: who is let in, and what waits for whom."""

from collections.abc import Sequence

import asyncpg
from nats.aio.client import Client

from contracts.grants import filters_of, streams_of
from deploy.local.accounts import User
from deploy.provision.difference import Difference
from deploy.provision.jetstream import look_up
from deploy.provision.partner_consumers import put_consumers
from deploy.provision.partner_users import durable_of, user_of
from deploy.provision.schemas import within
from deploy.provision.settings import Settings
from kernel.access.partners import PartnerRow, partners
from kernel.access.tenancy import TENANCY


async def taking_part(connection: asyncpg.Connection) -> list[PartnerRow]:
    """Return the partners that hold keys; none before provisioning."""
    async with within(connection, TENANCY.name):
        if await connection.fetchval("select to_regclass('partner')") is None:
            return []
        return [each for each in await partners(connection) if each.nkey is not None]


def users_of(known: Sequence[PartnerRow]) -> list[User]:
    """Return the users of partners."""
    return [user_of(each.name, each.terms, each.nkey) for each in known if each.nkey is not None]


async def plan(client: Client, connection: asyncpg.Connection) -> list[Difference]:
    """Return which consumers of partners are missing, or bring something else than agreed."""
    found = []
    for each in await taking_part(connection):
        for stream in streams_of(each.terms.subscribes) if each.terms.durable else ():
            where = f"{stream}/{durable_of(each.name)}"
            told = await look_up(client, f"CONSUMER.INFO.{where.replace('/', '.')}")
            if told is None:
                message = "伙伴系统的消费者尚未建立。"
                found.append(Difference(code="partner-consumer", where=where, message=message))
            elif _filters(told["config"]) != _wanted(each, stream):
                message = "伙伴系统的消费者与约定的订阅不符。"
                found.append(Difference(code="partner-consumer", where=where, message=message))
    return found


async def apply(client: Client, connection: asyncpg.Connection, settings: Settings) -> None:
    """Make the consumers of partners what was agreed."""
    for each in await taking_part(connection):
        if each.terms.durable:
            await put_consumers(client, each.name, each.terms, settings)


def _filters(config: dict[str, object]) -> set[object]:
    several = config.get("filter_subjects")
    return set(several) if isinstance(several, list) else {config.get("filter_subject")}


def _wanted(row: PartnerRow, stream: str) -> set[str]:
    return set(filters_of(row.terms.subscribes, row.terms.units, stream=stream))

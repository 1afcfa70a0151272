"""The durable consumers: what each service hears, none further on than its database knows."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
from nats.aio.client import Client

from deploy.provision.difference import Difference
from deploy.provision.jetstream import ask, deviations, look_up
from deploy.provision.schemas import within
from deploy.provision.settings import Settings
from deploy.provision.streams import NANOSECONDS
from kernel.tenancy import Tenancy

START = ("deliver_policy", "opt_start_seq")
"""Where a consumer began says nothing about where it is."""

CHANGEABLE = {"ack_wait", "max_ack_pending", "max_deliver", "max_waiting", "num_replicas"}
HEARD = "select stream_sequence from checkpoint where stream = $1"
SERVERS_OWN = {"metadata", "max_waiting"}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was found of a consumer; `resume_at` if it must begin anew at that message."""

    differences: list[Difference]
    exists: bool
    resume_at: int | None


async def plan(
    client: Client,
    connection: asyncpg.Connection,
    tenancy: Tenancy,
    stream: str,
    settings: Settings,
) -> State:
    """Return what is not as it should be about a service's consumer of a stream."""
    where = f"{stream}/{tenancy.name}"
    told = await look_up(client, f"CONSUMER.INFO.{stream}.{tenancy.name}")
    if told is None:
        missing = Difference(code="consumer-missing", where=where, message="消费者尚未建立。")
        return State(differences=[missing], exists=False, resume_at=None)
    found = []
    wanted = _wanted(tenancy.name, settings)
    had = {key: value for key, value in told["config"].items() if key not in SERVERS_OWN}
    for field, (want, have) in deviations(wanted, had).items():
        if field not in START:
            is_safe = field in CHANGEABLE
            message = f"{field} 应为 {want}，实为 {have}{'' if is_safe else '，不能就地更改'}。"
            found.append(
                Difference(code="consumer-field", where=where, message=message, is_safe=is_safe)
            )
    # the checkpoint is read last: a service at work commits before it acknowledges
    floor: int = told["ack_floor"]["stream_seq"]
    heard, lost = await _heard(connection, tenancy, stream), await _lost(client, stream)
    if floor <= max(heard, lost):
        return State(differences=found, exists=True, resume_at=None)
    message = f"已确认到第 {floor} 条，库中只到第 {heard} 条（恢复过较早的备份）；将从其后重听。"
    found.append(Difference(code="consumer-ahead", where=where, message=message))
    return State(differences=found, exists=True, resume_at=heard + 1)


async def apply(
    client: Client,
    connection: asyncpg.Connection,
    tenancy: Tenancy,
    stream: str,
    settings: Settings,
) -> None:
    """Make a consumer, change it, or let it begin anew after what the database knows."""
    state = await plan(client, connection, tenancy, stream, settings)
    if not state.differences:
        return
    config = _wanted(tenancy.name, settings)
    place = f"{stream}.{tenancy.name}"
    if state.resume_at is not None:
        config |= {"deliver_policy": "by_start_sequence", "opt_start_seq": state.resume_at}
        await ask(client, f"CONSUMER.DELETE.{place}")
    elif state.exists:
        had = await ask(client, f"CONSUMER.INFO.{place}")
        config |= {key: had["config"][key] for key in START if key in had["config"]}
    action = "update" if state.exists and state.resume_at is None else "create"
    body = {"stream_name": stream, "config": config, "action": action}
    await ask(client, f"CONSUMER.CREATE.{place}", body)


def _wanted(name: str, settings: Settings) -> dict[str, Any]:
    return {
        "name": name,
        "durable_name": name,
        "deliver_policy": "all",
        "replay_policy": "instant",
        "ack_policy": "explicit",
        "ack_wait": settings.ack_wait // timedelta(microseconds=1) * (NANOSECONDS // 10**6),
        "max_deliver": -1,
        "max_ack_pending": settings.max_ack_pending,
        "num_replicas": 0,  # as the stream
    }


async def _heard(connection: asyncpg.Connection, tenancy: Tenancy, stream: str) -> int:
    """Return the last message of a stream that the service's database knows; 0 if none."""
    async with within(connection, tenancy.name):
        if await connection.fetchval("select to_regclass('checkpoint')") is None:
            return 0
        return await connection.fetchval(HEARD, stream) or 0


async def _lost(client: Client, stream: str) -> int:
    """Return the last message that a stream no longer has, before all that it has."""
    told = await ask(client, f"STREAM.INFO.{stream}")
    first: int = told["state"]["first_seq"]
    return max(first - 1, 0)

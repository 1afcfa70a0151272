"""Fill a stream quickly, and read it as barely as can be."""

import json
import time
from collections.abc import Iterable
from itertools import islice

from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from contracts.streams import CITY, subjects_of
from kernel.relay.sending import Message, send

BATCH = 500


async def fill(bus: Client, stream: str, messages: Iterable[tuple[str, bytes]]) -> int:
    """Put messages into a stream in atomic batches and return how many.

    A shortcut: on CITY such batches are allowed for the moment, since city systems speak one by one
    and would take a minute for what is read in seconds.
    """
    info = json.loads((await bus.request(f"$JS.API.STREAM.INFO.{stream}", b"")).data)
    config, count = info["config"], info["state"]["last_seq"]
    await _update(bus, config | {"allow_atomic": True})
    source, before = iter(messages), count
    while batch := list(islice(source, BATCH)):
        told = [
            Message(id=f"{stream}:{number}", subject=subject, body=body)
            for number, (subject, body) in enumerate(batch, count + 1)
        ]
        count = await send(bus, stream, told, expected=count, batch_id=f"fill-{count}")
    await _update(bus, config)
    return int(count - before)


async def _update(bus: Client, config: dict[str, object]) -> None:
    body = json.dumps(config).encode()
    answer = json.loads((await bus.request(f"$JS.API.STREAM.UPDATE.{config['name']}", body)).data)
    if "error" in answer:
        raise RuntimeError(answer["error"])


async def bare_fetch(bus: Client, count: int) -> float:
    """Fetch messages of CITY in batches with nats-py and acknowledge each; return messages/s."""
    jetstream = bus.jetstream()
    config = ConsumerConfig(ack_policy=AckPolicy.EXPLICIT, max_ack_pending=2 * BATCH)
    pull = await jetstream.pull_subscribe(subjects_of(CITY), "bare", stream=CITY, config=config)
    began, heard = time.perf_counter(), 0
    while heard < count:
        for message in await pull.fetch(BATCH, timeout=5):
            await message.ack()
            heard += 1
    await bus.flush()
    return heard / (time.perf_counter() - began)

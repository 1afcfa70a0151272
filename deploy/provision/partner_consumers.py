"""The durable consumers of partners: what each has not heard yet waits for it on the bus."""

from typing import Any

from nats.aio.client import Client

from contracts.grants import SUBSCRIPTIONS, filters_of, streams_of
from deploy.provision.jetstream import ask, look_up
from deploy.provision.partner_users import durable_of
from deploy.provision.settings import Settings
from deploy.provision.streams import NANOSECONDS
from kernel.access.partner import Terms

MARK = "partner"
"""Tells the consumers of partners from those of services, whoever chose the name."""


class NotAPartnersError(Exception):
    """A consumer of that name is somebody else's; the message is its place."""


async def put_consumers(client: Client, name: str, terms: Terms, settings: Settings) -> None:
    """Make the consumers that a partner needs what its terms say, and remove the others.

    One that is there goes on where it was, also if it hears other subjects from now on.
    """
    wanted = streams_of(terms.subscribes) if terms.durable else []
    for stream in streams_of(SUBSCRIPTIONS):
        place = f"{stream}.{durable_of(name)}"
        had = await look_up(client, f"CONSUMER.INFO.{place}")
        if had is not None and had["config"].get("metadata", {}).get(MARK) is None:
            raise NotAPartnersError(place)
        if stream not in wanted:
            if had is not None:
                await ask(client, f"CONSUMER.DELETE.{place}")
            continue
        config = _wanted(name, terms, stream, settings)
        action = "create" if had is None else "update"
        body = {"stream_name": stream, "config": config, "action": action}
        await ask(client, f"CONSUMER.CREATE.{place}", body)


async def remove_consumers(client: Client, name: str, settings: Settings) -> None:
    """Remove all consumers of a partner."""
    await put_consumers(client, name, Terms(), settings)


def _wanted(name: str, terms: Terms, stream: str, settings: Settings) -> dict[str, Any]:
    return {
        "name": durable_of(name),
        "durable_name": durable_of(name),
        "filter_subjects": filters_of(terms.subscribes, terms.units, stream=stream),
        "deliver_policy": "new",  # what was said before is to be read at the API
        "replay_policy": "instant",
        "ack_policy": "explicit",
        "ack_wait": int(settings.ack_wait.total_seconds() * NANOSECONDS),
        "max_deliver": -1,
        "max_ack_pending": settings.max_ack_pending,
        "num_replicas": 0,  # as the stream
        "metadata": {MARK: "true"},
    }

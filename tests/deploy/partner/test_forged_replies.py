"""The bus answers wherever a question says: never into a stream, in another's name.

A user's permissions do not hold for the replies it names, so that each partner has an account.
"""

import pytest
from nats.aio.client import Client

from contracts.subjects import city, ours
from deploy.local.accounts import OURS
from deploy.provision.jetstream import ask
from deploy.provision.partner_users import account_of, inbox_of, user_of
from tests.deploy.partner.partners import connection
from tests.deploy.partner.test_bus import (
    ACCEPTED,
    ALERT,
    KEYS,
    TERMS,
    TRADE,
    UNIT,
    administrator,
    bus,
    say,
    url,
)

__all__ = ["administrator", "bus", "say", "url"]

VICTIMS = (
    city("hall", ACCEPTED, unit="WHGAJ", key="another's case"),
    ours(ALERT, unit="WHGAJ", key="a card that nobody gave"),
    ours(UNIT, unit="WHGAJ", key="WHGAJ"),
)
STREAMS = ("CITY", "SUPERVISION", "ORGANISATION")
PULL = b'{"batch":1,"expires":2000000000}'


async def forged(administrator: Client) -> list[str]:
    """Return what the streams hold of what nobody ever said."""
    found = []
    for stream, victim in zip(STREAMS, VICTIMS, strict=True):
        told = await ask(administrator, f"STREAM.INFO.{stream}", {"subjects_filter": victim})
        found += list(told["state"].get("subjects") or ())
    return found


async def all_is_answered(client: Client, name: str) -> None:
    """Return when the bus has answered all that was asked before, twice over."""
    for turn in ("the first answer", "what came of it"):
        subject = city(name, ACCEPTED, unit="u", key=turn)
        await client.jetstream().publish(subject, b"{}")


@pytest.mark.parametrize("victim", VICTIMS)
async def test_no_report_is_acknowledged_into_a_stream(
    administrator: Client, url: str, victim: str
) -> None:
    async with connection(url, "oa", KEYS["oa"]) as client:
        own = city("oa", ACCEPTED, unit="u", key="k")
        await client.publish(own, b"{}", reply=victim)
        await all_is_answered(client, "oa")
    assert not await forged(administrator)


@pytest.mark.parametrize("victim", VICTIMS)
async def test_no_pull_brings_what_was_said_into_a_stream(
    administrator: Client, url: str, say: Client, victim: str
) -> None:
    async with connection(url, "oa", KEYS["oa"]) as client:
        await client.publish("$JS.API.CONSUMER.MSG.NEXT.SUPERVISION.oa", PULL, reply=victim)
        await client.publish("$JS.API.CONSUMER.MSG.NEXT.SUPERVISION.oa", b"?", reply=victim)
        await client.flush()
        await say.jetstream().publish(ours(ALERT, unit="住建委", key="pulled"), b"{}")
        await all_is_answered(client, "oa")
    assert not await forged(administrator)


@pytest.mark.parametrize("victim", VICTIMS)
async def test_no_acknowledgement_is_answered_into_a_stream(
    administrator: Client, url: str, say: Client, victim: str
) -> None:
    for number in range(2):
        await say.jetstream().publish(ours(ALERT, unit=TRADE, key=f"acknowledged-{number}"), b"{}")
    async with connection(url, "keeper", KEYS["keeper"]) as client:
        mine = await client.jetstream().pull_subscribe_bind("keeper", "SUPERVISION")
        (message,) = await mine.fetch(1, timeout=5)
        await client.publish(message.reply, b"+ACK", reply=victim)
        await client.publish(message.reply, b"+NXT", reply=victim)
        for again in await mine.fetch(1, timeout=5):
            await again.ack_sync()
    assert not await forged(administrator)


@pytest.mark.parametrize("victim", [f"{inbox_of('hall')}.x", "$JS.API.STREAM.PURGE.CITY"])
async def test_no_reply_leaves_the_account_of_whoever_asked(
    administrator: Client, url: str, victim: str
) -> None:
    before = await ask(administrator, "STREAM.INFO.CITY")
    async with (
        connection(url, "oa", KEYS["oa"]) as client,
        connection(url, "hall", KEYS["hall"]) as other,
    ):
        heard = await other.subscribe(f"{inbox_of('hall')}.x")
        await other.flush()
        await client.publish(city("oa", ACCEPTED, unit="u", key="k"), b"{}", reply=victim)
        await all_is_answered(client, "oa")
        await all_is_answered(other, "hall")
        assert heard.pending_msgs == 0, "it hears what another was told"
    after = await ask(administrator, "STREAM.INFO.CITY")
    assert after["state"]["messages"] == before["state"]["messages"] + 5


def test_no_partner_is_in_our_account_nor_in_that_of_another() -> None:
    places = {name: user_of(name, TERMS[name], KEYS[name].public).account for name in TERMS}
    assert OURS not in places.values()
    assert len(set(places.values())) == len(places)
    assert places["oa"] == account_of("oa")

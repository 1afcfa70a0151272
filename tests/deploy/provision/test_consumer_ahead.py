"""A service hears again what a restored, older database does not know."""

from nats.js.api import ConsumerConfig

from deploy.provision.provision import plan
from tests.deploy.conftest import HALL, PASSWORDS, House

SERVICE = "electronic_supervision"


async def hear(house: House, number: int) -> list[int]:
    """Take and acknowledge so many messages as the service, and return their numbers."""
    heard: list[int] = []
    async with house.client(SERVICE) as client:
        jetstream = client.jetstream()
        subscription = await jetstream.pull_subscribe_bind(SERVICE, "CITY")
        while len(heard) < number:
            for message in await subscription.fetch(number - len(heard), timeout=10):
                await message.ack_sync(timeout=10)
                heard.append(message.metadata.sequence.stream)
    return heard


async def know(house: House, sequence: int) -> None:
    async with house.database(schema=SERVICE) as connection:
        await connection.execute("delete from checkpoint")
        await connection.execute("insert into checkpoint values ('CITY', $1)", sequence)


async def test_a_consumer_ahead_of_the_database_begins_after_what_the_database_knows(
    provisioned: House,
) -> None:
    await provisioned.say(HALL, 6)
    assert await hear(provisioned, 5) == [1, 2, 3, 4, 5]
    await know(provisioned, 2)
    found = await plan(provisioned.postgres_url, provisioned.nats_url, PASSWORDS)
    assert [(each.code, each.where) for each in found] == [("consumer-ahead", f"CITY/{SERVICE}")]
    await provisioned.provision()
    assert await provisioned.codes() == [], "where a consumer begins is no drift"
    assert await hear(provisioned, 4) == [3, 4, 5, 6]


async def test_a_database_that_knows_nothing_hears_everything(provisioned: House) -> None:
    await provisioned.say(HALL, 3)
    await hear(provisioned, 3)
    assert await provisioned.codes() == ["consumer-ahead"]
    await provisioned.provision()
    assert await hear(provisioned, 3) == [1, 2, 3]


async def test_a_consumer_behind_the_database_or_level_with_it_is_left_alone(
    provisioned: House,
) -> None:
    await provisioned.say(HALL, 3)
    await hear(provisioned, 2)
    for known in (2, 3):
        await know(provisioned, known)
        assert await provisioned.codes() == []
    assert await hear(provisioned, 1) == [3]


async def test_messages_that_the_stream_has_lost_do_not_make_a_consumer_ahead(
    provisioned: House,
) -> None:
    await provisioned.say(HALL, 5)
    await provisioned.ask("STREAM.PURGE.CITY", {"keep": 2})
    await provisioned.ask(f"CONSUMER.DELETE.CITY.{SERVICE}")
    await provisioned.provision()
    assert await provisioned.codes() == []
    assert await hear(provisioned, 2) == [4, 5]
    await provisioned.provision()
    assert await hear(provisioned, 2) == [4, 5], "the database knew neither"
    await know(provisioned, 5)
    assert await provisioned.codes() == []


async def test_a_setting_changes_without_moving_a_consumer_that_began_late(
    provisioned: House,
) -> None:
    await provisioned.say(HALL, 4)
    await hear(provisioned, 4)
    await know(provisioned, 2)
    await provisioned.provision()
    async with provisioned.client() as client:
        told = await client.jetstream().consumer_info("CITY", SERVICE)
    assert isinstance(told.config, ConsumerConfig)
    await provisioned.ask(
        f"CONSUMER.CREATE.CITY.{SERVICE}",
        {
            "stream_name": "CITY",
            "config": {
                **(await provisioned.ask(f"CONSUMER.INFO.CITY.{SERVICE}"))["config"],
                "max_ack_pending": 1,
            },
        },
    )
    assert await provisioned.codes() == ["consumer-field"]
    await provisioned.provision()
    assert await provisioned.codes() == []
    assert await hear(provisioned, 2) == [3, 4]

"""What a service says comes to its stream byte for byte, in order and once."""

from tests.kernel.relay.house import House, until


async def test_what_is_said_arrives_byte_for_byte_in_order_and_once(house: House) -> None:
    await house.say(3)
    async with house.working():
        await until(house.all_is_heard, "what was said before the relay started is sent")
        await house.say()
        await house.say(700)
        await until(house.all_is_heard, "what is said while the relay works is sent")
        assert await house.length() == 704, "nothing is sent twice"

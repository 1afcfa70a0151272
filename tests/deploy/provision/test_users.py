"""On the bus each says what is its own, and hears what it is meant to hear."""

import asyncio
from collections.abc import Sequence

import nats
import pytest

from deploy.provision.jetstream import connected
from deploy.provision.users import names, users
from deploy.refusal import RefusedError
from deploy.tenancies import TENANCIES
from tests.deploy.conftest import HALL, PASSWORDS, SYSTEMS, House

SUPERVISION, EVALUATION, CITY = "electronic_supervision", "evaluation", f"city-{SYSTEMS[1]}"


async def refused(house: House, name: str, *, say: str = "", hear: str = "") -> bool:
    """Tell whether the bus refuses to let a user speak or listen on a subject."""
    told: asyncio.Queue[str] = asyncio.Queue()

    async def note(error: Exception) -> None:
        await told.put(str(error).lower())

    client = await nats.connect(house.user_url(name), error_cb=note)
    if say:
        await client.publish(say, b"{}")
    if hear:
        await client.subscribe(hear)
    await client.publish("nobody.may", b"{}")  # the server answers in order: this comes last
    async with asyncio.timeout(10):
        first = await told.get()
    await client.close()
    assert "permissions violation" in first
    return "nobody.may" not in first


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        (SUPERVISION, "xiaoneng.organisation.unit-closed.v1.u.k"),
        (EVALUATION, "xiaoneng.supervision.clock-started.v1.u.k"),
        (EVALUATION, "city.approvals.approvals.case-accepted.v1.u.k"),
        (EVALUATION, "$JS.API.CONSUMER.MSG.NEXT.CITY.electronic_supervision"),
        (EVALUATION, "$JS.API.STREAM.MSG.GET.CITY"),
        (EVALUATION, "$JS.API.DIRECT.GET.CITY.city.approvals"),
        (EVALUATION, "$JS.API.STREAM.MSG.GET.SUPERVISION"),
        (EVALUATION, "$JS.ACK.CITY.electronic_supervision.1.1.1.1.1"),
        (EVALUATION, "$JS.API.CONSUMER.CREATE.ORGANISATION.evaluation"),
        (EVALUATION, "$JS.API.STREAM.CREATE.MINE"),
        (EVALUATION, "$JS.API.STREAM.UPDATE.ORGANISATION"),
        (EVALUATION, "$JS.API.STREAM.DELETE.ORGANISATION"),
        (EVALUATION, "$JS.API.STREAM.PURGE.ORGANISATION"),
        (EVALUATION, "$JS.API.STREAM.MSG.DELETE.ORGANISATION"),
        (SUPERVISION, "$JS.API.CONSUMER.CREATE.CITY.electronic_supervision"),
        (SUPERVISION, "$JS.API.CONSUMER.DURABLE.CREATE.CITY.electronic_supervision"),
        (SUPERVISION, "$JS.API.CONSUMER.DELETE.CITY.electronic_supervision"),
        (SUPERVISION, "_INBOX_evaluation.x"),
        (CITY, "city.hall.approvals.case-accepted.v1.u.k"),
        (CITY, "xiaoneng.supervision.clock-started.v1.u.k"),
        (CITY, "$JS.API.STREAM.INFO.CITY"),
    ],
)
async def test_nobody_speaks_where_it_has_no_say(
    provisioned: House, name: str, subject: str
) -> None:
    assert await refused(provisioned, name, say=subject)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        *((name, ">") for name in (SUPERVISION, EVALUATION, CITY)),
        (EVALUATION, "_INBOX_electronic_supervision.>"),
        (EVALUATION, "xiaoneng.organisation.>"),
        (SUPERVISION, "city.>"),
        (SUPERVISION, "_INBOX.>"),
        (CITY, "_INBOX_evaluation.>"),
        (CITY, "city.approvals.>"),
        ("provisioner", "city.>"),
    ],
)
async def test_nobody_listens_to_what_is_not_for_it(
    provisioned: House, name: str, subject: str
) -> None:
    assert await refused(provisioned, name, hear=subject)


async def test_a_service_speaks_in_its_own_context_and_finds_it_in_its_own_stream(
    provisioned: House,
) -> None:
    subject = "xiaoneng.organisation.unit-closed.v1.u.k"
    async with provisioned.client(EVALUATION) as client:
        ack = await client.jetstream().publish(subject, b"{}")
        assert (ack.stream, ack.seq) == ("ORGANISATION", 1)
        jetstream = client.jetstream()
        assert (await jetstream.stream_info("ORGANISATION")).state.last_seq == 1
        assert (await jetstream.get_msg("ORGANISATION", 1)).subject == subject
    assert not await refused(provisioned, EVALUATION, hear="_INBOX_evaluation.x")


async def test_a_city_system_is_told_that_it_was_heard(provisioned: House) -> None:
    await provisioned.say(HALL, 1)
    assert (await provisioned.ask("STREAM.INFO.CITY"))["state"]["messages"] == 1


async def test_a_wrong_password_is_refused(provisioned: House) -> None:
    with pytest.raises(RefusedError) as told:
        await connected(provisioned.nats_url.replace("password", "guess"), "provisioner")
    assert told.value.code == "nats-refused"


def grants_of(name: str) -> Sequence[str]:
    made = users(TENANCIES, SYSTEMS, PASSWORDS)
    return next(user.publish for user in made if user.name == name)


def test_every_user_has_a_password_of_its_own() -> None:
    made = users(TENANCIES, SYSTEMS, PASSWORDS)
    on_bus = [each for each in TENANCIES if each.is_on_bus]
    assert [user.name for user in made] == names(on_bus, SYSTEMS)
    assert len({user.password for user in made}) == len(made)


def test_no_service_but_the_provisioner_is_granted_a_wildcard_of_the_api() -> None:
    for name in (SUPERVISION, EVALUATION, CITY):
        assert not [each for each in grants_of(name) if each.startswith("$JS.API") and "*" in each]
        assert not [each for each in grants_of(name) if each in {">", "$JS.>", "$JS.API.>"}]

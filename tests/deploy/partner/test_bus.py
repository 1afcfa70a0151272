"""On the bus a partner says what is its own, hears what it was granted, and nothing else."""

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import nats.errors
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import NoStreamResponseError

from contracts.subjects import city, ours
from deploy.local.accounts import User
from deploy.local.nats import Nats
from deploy.local.nats import nats as server
from deploy.partner.keys import Keys, fresh_keys
from deploy.provision.jetstream import ask, connected, look_up
from deploy.provision.partner_consumers import put_consumers, remove_consumers
from deploy.provision.partner_users import durable_of, user_of
from deploy.provision.settings import Settings
from deploy.provision.streams import apply, streams
from deploy.provision.users import ADMINISTRATOR, names, users
from deploy.tenancies import TENANCIES
from kernel.access.partner import Terms
from tests.deploy.partner.partners import address, connection, refused
from tests.waiting import until

PASSWORDS = {name: f"password-{n}" for n, name in enumerate(names(TENANCIES))}
ALERT = "xiaoneng.supervision.deadline-breached.v1"
CLOCK = "xiaoneng.supervision.clock-started.v1"
UNIT = "xiaoneng.organisation.unit-renamed.v1"
ACCEPTED = "xiaoneng.approvals.case-accepted.v1"
ALL = 10_000
BUILDING, POLICE, TRADE = "住建委", "WHGAJ", "市场.局"

OA = Terms(
    source="/wuhu/oa",
    subscribes=("supervision.alerts", "organisation.units"),
    units=(BUILDING,),
    durable=True,
)
READER = Terms(subscribes=("supervision.all",), durable=True)
REPORTER = Terms(source="/wuhu/hall")
KEEPER = Terms(subscribes=("supervision.alerts",), units=(TRADE,), durable=True)
KEYS = {name: fresh_keys() for name in ("oa", "reader", "hall", "keeper")}
TERMS = {"oa": OA, "reader": READER, "hall": REPORTER, "keeper": KEEPER}
SPEAKER = User(
    name="speaker", password="password-of-speaker", publish=["xiaoneng.>"], subscribe=["_INBOX.>"]
)


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nats]:
    partners = [user_of(name, TERMS[name], KEYS[name].public) for name in TERMS]
    folder: Path = tmp_path_factory.mktemp("bus")
    with server(folder, [*users(TENANCIES, [], PASSWORDS), SPEAKER, *partners]) as running:
        yield running


@pytest.fixture(scope="module")
async def administrator(bus: Nats) -> AsyncIterator[Client]:
    url = f"nats://{ADMINISTRATOR}:{PASSWORDS[ADMINISTRATOR]}@127.0.0.1:{bus.port}"
    client = await connected(url, ADMINISTRATOR)
    for name in streams(TENANCIES):
        await apply(client, name, Settings())
    for partner, terms in TERMS.items():
        await put_consumers(client, partner, terms, Settings())
    yield client
    await client.close()


@pytest.fixture(scope="module")
async def url(bus: Nats, administrator: Client) -> str:
    assert administrator.is_connected
    return address(bus)


@pytest.fixture(scope="module")
async def say(bus: Nats, url: str) -> AsyncIterator[Client]:
    """What our own services say."""
    assert url
    speaker = await nats.connect(bus.url(SPEAKER))
    yield speaker
    await speaker.close()


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("oa", "city.hall.approvals.case-accepted.v1.u.k"),
        ("oa", "city.oa2.approvals.case-accepted.v1.u.k"),
        ("oa", "xiaoneng.supervision.deadline-breached.v1.u.k"),
        ("reader", "city.reader.approvals.case-accepted.v1.u.k"),
        ("hall", "city.oa.approvals.case-accepted.v1.u.k"),
        ("oa", "_INBOX_hall.x"),
        ("oa", "_INBOX.x"),
        ("oa", "$JS.API.INFO"),
        ("oa", "$JS.API.STREAM.INFO.SUPERVISION"),
        ("oa", "$JS.API.STREAM.MSG.GET.SUPERVISION"),
        ("oa", "$JS.API.DIRECT.GET.SUPERVISION"),
        ("oa", "$JS.API.STREAM.PURGE.SUPERVISION"),
        ("oa", "$JS.API.STREAM.CREATE.MINE"),
        ("oa", "$JS.API.CONSUMER.CREATE.SUPERVISION.oa"),
        ("oa", "$JS.API.CONSUMER.CREATE.SUPERVISION.oa.xiaoneng.supervision.>"),
        ("oa", "$JS.API.CONSUMER.DURABLE.CREATE.SUPERVISION.oa"),
        ("oa", "$JS.API.CONSUMER.DELETE.SUPERVISION.oa"),
        ("oa", "$JS.API.CONSUMER.LIST.SUPERVISION"),
        ("oa", "$JS.API.CONSUMER.INFO.SUPERVISION.oa"),
        ("oa", "$JS.API.CONSUMER.INFO.SUPERVISION.reader"),
        ("oa", "$JS.API.CONSUMER.MSG.NEXT.SUPERVISION.reader"),
        ("oa", "$JS.ACK.SUPERVISION.reader.1.1.1.1.0"),
        ("oa", "$JS.API.CONSUMER.MSG.NEXT.CITY.electronic_supervision"),
        ("reader", "$JS.API.CONSUMER.MSG.NEXT.ORGANISATION.reader"),
        ("hall", "$JS.API.CONSUMER.MSG.NEXT.SUPERVISION.hall"),
    ],
)
async def test_a_partner_says_nothing_that_is_not_its_own(
    url: str, name: str, subject: str
) -> None:
    assert await refused(url, KEYS[name], say=subject)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        *((name, subject) for name in TERMS for subject in (">", "_INBOX.>", "$JS.>", "city.>")),
        ("oa", "_INBOX_hall.>"),
        ("oa", "_INBOX_electronic_supervision.>"),
        ("oa", "city.oa.>"),
        ("oa", "xiaoneng.>"),
        ("oa", "xiaoneng.supervision.>"),
        ("oa", "xiaoneng.supervision.deadline-breached.>"),
        ("oa", f"xiaoneng.supervision.deadline-breached.*.{POLICE}.>"),
        ("oa", "xiaoneng.supervision.clock-started.*.%E4%BD%8F%E5%BB%BA%E5%A7%94.>"),
        ("reader", "xiaoneng.organisation.>"),
        ("reader", "_INBOX_oa.>"),
        ("hall", "xiaoneng.supervision.>"),
    ],
)
async def test_a_partner_hears_nothing_that_it_was_not_granted(
    url: str, name: str, subject: str
) -> None:
    assert await refused(url, KEYS[name], hear=subject)


async def test_what_a_partner_reports_is_acknowledged(url: str) -> None:
    async with connection(url, "oa", KEYS["oa"]) as client:
        subject = city("oa", ACCEPTED, unit=BUILDING, key="办件.1")
        ack = await client.jetstream().publish(subject, b"{}")
        assert ack.stream == "CITY"
        foreign = city("hall", ACCEPTED, unit=BUILDING, key="k")
        with pytest.raises((NoStreamResponseError, nats.errors.TimeoutError)):
            await client.jetstream().publish(foreign, b"{}", timeout=0.3)


async def test_a_partner_hears_live_what_is_said_of_its_units_and_of_no_other(
    url: str, say: Client
) -> None:
    async with connection(url, "oa", KEYS["oa"]) as client:
        granted = user_of("oa", OA, KEYS["oa"].public).subscribe[1:]
        heard: list[str] = []

        async def note(message: Msg) -> None:
            heard.append(message.subject)

        for each in granted:
            await client.subscribe(each, cb=note)

        async def has_come() -> bool:
            # again and again: the client's flush may overtake what it subscribes to
            for event, unit in (
                *((ALERT, POLICE), (CLOCK, BUILDING), (UNIT, POLICE)),
                (ALERT, BUILDING),
            ):
                await say.publish(ours(event, unit=unit, key="live"), b"{}")
            return ours(ALERT, unit=BUILDING, key="live") in heard

        await until(has_come)
        assert set(heard) == {ours(ALERT, unit=BUILDING, key="live")}


async def drained(url: str, name: str, stream: str, keys: Keys, number: int) -> list[str]:
    """Return what waits for a partner, which takes so many at most; all is acknowledged."""
    async with connection(url, name, keys) as client:
        mine = await client.jetstream().pull_subscribe_bind(durable_of(name), stream)
        taken: list[str] = []
        with suppress(TimeoutError):
            while len(taken) < number:
                for message in await mine.fetch(number - len(taken), timeout=1):
                    taken.append(message.subject)
                    await message.ack_sync()
        return taken


async def test_what_a_partner_has_not_heard_waits_for_it(url: str, say: Client) -> None:
    bus, mine = say.jetstream(), [ours(ALERT, unit=TRADE, key=f"kept-{n}") for n in range(3)]
    for subject in mine:
        await bus.publish(subject, b"{}")
        await bus.publish(ours(ALERT, unit=POLICE, key="kept"), b"{}")
        await bus.publish(ours(CLOCK, unit=TRADE, key="kept"), b"{}")
    assert await drained(url, "keeper", "SUPERVISION", KEYS["keeper"], 2) == mine[:2]
    assert await drained(url, "keeper", "SUPERVISION", KEYS["keeper"], ALL) == mine[2:], (
        "it did not resume"
    )
    assert len(await drained(url, "reader", "SUPERVISION", KEYS["reader"], ALL)) >= 9


async def test_other_terms_leave_a_consumer_where_it_was(
    administrator: Client, url: str, say: Client
) -> None:
    await drained(url, "reader", "SUPERVISION", KEYS["reader"], ALL)
    before = await ask(administrator, "CONSUMER.INFO.SUPERVISION.reader")
    narrowed = Terms(subscribes=("supervision.alerts",), units=(POLICE,), durable=True)
    await put_consumers(administrator, "reader", narrowed, Settings())
    after = await ask(administrator, "CONSUMER.INFO.SUPERVISION.reader")
    assert after["ack_floor"] == before["ack_floor"]
    await say.jetstream().publish(ours(CLOCK, unit=POLICE, key="later"), b"{}")
    await say.jetstream().publish(ours(ALERT, unit=POLICE, key="later"), b"{}")
    expected = [ours(ALERT, unit=POLICE, key="later")]
    assert await drained(url, "reader", "SUPERVISION", KEYS["reader"], ALL) == expected
    await put_consumers(administrator, "reader", READER, Settings())


async def test_a_consumer_goes_with_the_grant_and_no_service_loses_its_own(
    administrator: Client,
) -> None:
    terms = Terms(subscribes=("organisation.all",), durable=True)
    await put_consumers(administrator, "passing", terms, Settings())
    assert await look_up(administrator, "CONSUMER.INFO.ORGANISATION.passing")
    await remove_consumers(administrator, "passing", Settings())
    assert await look_up(administrator, "CONSUMER.INFO.ORGANISATION.passing") is None

"""Guests of the bus have accounts of their own, and what was there before there were any stays."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.accounts import User
from deploy.local.nats import CONFIG, STORE, Nats, bundled, nats
from deploy.provision.jetstream import ask, connected
from deploy.provision.provision import STANDARD
from deploy.provision.streams import apply
from deploy.provision.users import ADMINISTRATOR, users
from deploy.tenancies import TENANCIES
from tests.deploy.conftest import PASSWORDS, SYSTEMS, House
from tests.deploy.typed import wait_until

TOLD = 3


@contextmanager
def without_accounts(folder: Path) -> Iterator[Nats]:
    """Run a server as it was before: all of its users are in one account without a name."""
    folder.mkdir()
    everybody = [{"user": ADMINISTRATOR, "password": PASSWORDS[ADMINISTRATOR]}]
    config = {
        "port": -1,
        "ports_file_dir": str(folder),
        "jetstream": {"store_dir": str(folder / STORE), "sync_interval": "always"},
        "authorization": {"users": everybody},
    }
    (folder / CONFIG).write_text(json.dumps(config))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([bundled(), "-c", folder / CONFIG], stdout=log, stderr=log)
    ports = folder / f"nats-server_{server.pid}.ports"
    wait_until(lambda: ports.exists() and ports.read_text() != "")
    yield Nats(port=int(json.loads(ports.read_text())["nats"][0].rpartition(":")[2]))
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) in (0, 1)


def administrators_url(bus: Nats) -> str:
    password = PASSWORDS[ADMINISTRATOR]
    return bus.url(User(name=ADMINISTRATOR, password=password, publish=[], subscribe=[]))


async def test_what_a_bus_without_accounts_kept_is_there_once_it_has_some(folder: Path) -> None:
    with without_accounts(folder / "nats") as bus:
        client = await connected(administrators_url(bus), ADMINISTRATOR)
        await apply(client, "CITY", STANDARD)
        consumer = {"name": "late", "durable_name": "late", "ack_policy": "explicit"}
        body = {"stream_name": "CITY", "config": consumer, "action": "create"}
        await ask(client, "CONSUMER.CREATE.CITY.late", body)
        for number in range(TOLD):
            await client.request(f"city.hall.approvals.case-accepted.v1.u.{number}", b"{}")
        await client.close()
    for _ in range(2):
        with nats(folder / "nats", users(TENANCIES, SYSTEMS, PASSWORDS)) as bus:
            client = await connected(administrators_url(bus), ADMINISTRATOR)
            told = await ask(client, "STREAM.INFO.CITY")
            assert told["state"]["messages"] == TOLD, "city systems were acknowledged that"
            assert (await ask(client, "CONSUMER.INFO.CITY.late"))["num_pending"] == TOLD
            await client.close()


async def test_no_report_of_a_city_system_is_acknowledged_into_a_stream(provisioned: House) -> None:
    name = f"city-{SYSTEMS[1]}"
    async with provisioned.client(name) as client:
        own = f"city.{SYSTEMS[1]}.approvals.case-accepted.v1.u.k"
        for victim in ("city.hall.x", "xiaoneng.organisation.unit-closed.v1.u.k"):
            await client.publish(own, b"{}", reply=victim)
        for _ in range(2):
            await client.request(own, b"{}", timeout=10)
    assert (await provisioned.ask("STREAM.INFO.CITY"))["state"]["messages"] == 4
    assert (await provisioned.ask("STREAM.INFO.ORGANISATION"))["state"]["messages"] == 0

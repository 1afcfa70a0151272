"""The configuration of the bus: nats-server takes it, and it keeps what it acknowledges."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.accounts import accounts
from deploy.provision.users import users
from deploy.tenancies import TENANCIES
from tests.deploy.compose.compose_file import FOLDER, SECRETS, services
from tests.deploy.conftest import PASSWORDS, SYSTEMS
from tests.deploy.typed import wait_until
from tests.resilience.cluster import Cluster, Ports, cluster

SERVERS = ("nats-1", "nats-2", "nats-3")
SHIPPED = FOLDER / "nats/nats.conf"
BINARY = Path(sys.executable).with_name("nats-server")
OF_USERS = {"accounts"}
"""What users.conf says, and nats.conf asks for."""

TRIED = 60
REFUSED = b"-ERR 'Authorization Violation'\r\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Lay the files of a server side by side, as they are mounted."""
    who = json.dumps({"accounts": accounts(users(TENANCIES, SYSTEMS, PASSWORDS))})
    (tmp_path / "users.conf").write_text(who, encoding="utf-8")
    copy = tmp_path / "nats.conf"
    copy.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    return copy


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_takes_its_configuration(config: Path, name: str) -> None:
    done = tried(config, name)
    assert done.returncode == 0, done.stderr


def tried(config: Path, name: str = "nats-1") -> "subprocess.CompletedProcess[str]":
    """Let a server read its configuration, and nothing else."""
    environment = {**os.environ, **services()[name]["environment"]}
    return subprocess.run(
        [BINARY, "-t", "-c", config], env=environment, capture_output=True, text=True, check=False
    )


def test_no_server_takes_users_that_are_missing_or_half_written(config: Path) -> None:
    users_conf = config.with_name("users.conf")
    full = users_conf.read_text(encoding="utf-8")
    for torn in ("", "\n", "{}", *(full[: len(full) * n // TRIED] for n in range(TRIED))):
        users_conf.write_text(torn, encoding="utf-8")
        assert tried(config).returncode != 0, f"everybody would be let in by {torn[-40:]!r}"
    users_conf.unlink()
    assert tried(config).returncode != 0
    users_conf.write_text(full, encoding="utf-8")
    assert tried(config).returncode == 0


def test_a_bus_without_users_does_not_start_and_one_that_runs_keeps_its_own(tmp_path: Path) -> None:
    with cluster(tmp_path / "cluster") as running:
        server, port = running.running["nats-1"], running.ports["nats-1"].clients
        wait_until(lambda: anonymous(port) == REFUSED)
        (running.folder / "users.conf").write_text("")
        server.send_signal(signal.SIGHUP)
        log = running.folder / "nats-1.log"
        wait_until(lambda: "Failed to reload server configuration" in log.read_text())
        assert anonymous(port) == REFUSED, "a reload let everybody in"
        running.kill("nats-1")
        running.start("nats-1")
        assert running.running["nats-1"].wait(30) != 0, "it runs without users"
        assert anonymous(port) == b""


def anonymous(port: int) -> bytes:
    """Connect without a name; return what a server says to that, nothing if none is there."""
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as line, line.makefile("rwb") as said:
            said.readline()
            said.write(b'CONNECT {"verbose":false}\r\nPING\r\n')
            said.flush()
            return said.readline()
    except OSError:
        return b""


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_is_told_all_that_its_configuration_asks_for(name: str) -> None:
    lines = [each.partition("#")[0] for each in SHIPPED.read_text().splitlines()]
    asked = set(re.findall(r"\$(\w+)", "\n".join(lines)))
    assert set(services()[name]["environment"]) == asked - OF_USERS


def test_the_cluster_of_the_tests_is_told_the_same() -> None:
    ports = Ports(clients=1, routes=2, health=3)
    tested = Cluster(Path(), {"nats-1": ports}).environment("nats-1")
    assert set(tested) == set(services()["nats-1"]["environment"])


def test_every_server_has_a_name_of_its_own_and_knows_the_way_to_all() -> None:
    told = [services()[name]["environment"] for name in SERVERS]
    assert [each["NATS_NAME"] for each in told] == list(SERVERS)
    password = SECRETS["NATS_ROUTE_PASSWORD"]
    for each in told:
        assert json.loads(each["NATS_ROUTES"]) == [
            f"nats://route:{password}@{name}:6222" for name in SERVERS
        ]


def test_nobody_can_ask_the_servers_about_themselves_from_outside() -> None:
    for name in SERVERS:
        each = services()[name]
        assert each["environment"]["NATS_HEALTH"] == "127.0.0.1:8222"
        assert f"http://{each['environment']['NATS_HEALTH']}/healthz" in each["healthcheck"]["test"]
        assert [port.rpartition(":")[2] for port in each["ports"]] == ["4222"]

"""The configuration of the bus: nats-server takes it, and it keeps what it acknowledges."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.nats import authorization
from deploy.provision.users import users
from deploy.tenancies import TENANCIES
from tests.deploy.compose.compose_file import FOLDER, SECRETS, services
from tests.deploy.conftest import PASSWORDS, SYSTEMS
from tests.resilience.cluster import Cluster, Ports

SERVERS = ("nats-1", "nats-2", "nats-3")
SHIPPED = FOLDER / "nats/nats.conf"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Lay the files of a server side by side, as they are mounted."""
    who = json.dumps({"authorization": authorization(users(TENANCIES, SYSTEMS, PASSWORDS))})
    (tmp_path / "users.conf").write_text(who, encoding="utf-8")
    copy = tmp_path / "nats.conf"
    copy.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    return copy


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_takes_its_configuration(config: Path, name: str) -> None:
    binary = Path(sys.executable).with_name("nats-server")
    environment = {**os.environ, **services()[name]["environment"]}
    done = subprocess.run(
        [binary, "-t", "-c", config], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_is_told_all_that_its_configuration_asks_for(name: str) -> None:
    lines = [each.partition("#")[0] for each in SHIPPED.read_text().splitlines()]
    asked = set(re.findall(r"\$(\w+)", "\n".join(lines)))
    assert set(services()[name]["environment"]) == asked


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

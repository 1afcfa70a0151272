"""What compose tells its containers is what they ask for, and leads them where they should be."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from deploy.provision.roles import role_of, url_for
from deploy.site import Site
from deploy.tenancies import ELECTRONIC_SUPERVISION, EVALUATION, TENANCIES
from kernel.bus import addresses
from kernel.tenancy import Tenancy
from services.electronic_supervision import settings as supervision
from services.electronic_supervision.connect.config_file import load_connectors
from services.electronic_supervision.settings import Part
from services.evaluation import settings as evaluation
from tests.deploy.compose.compose_file import FOLDER, SECRETS, services

SERVICES = {
    "supervision": ELECTRONIC_SUPERVISION,
    "supervision-worker": ELECTRONIC_SUPERVISION,
    "supervision-connector": ELECTRONIC_SUPERVISION,
    "evaluation": EVALUATION,
}


class Asked(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self.told = told
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self.told[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.told)

    def __len__(self) -> int:
        return len(self.told)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_asks_for_all_that_it_is_told(name: str) -> None:
    asked = Asked(services()[name]["environment"])
    module = evaluation if name == "evaluation" else supervision
    told = module.from_environment(asked)
    assert (told.host, told.port) == (asked["XIAONENG_HTTP_HOST"], 8080)
    assert told.host != "127.0.0.1", "no other container would reach it"
    assert set(asked) - asked.names == set()


def test_every_part_of_supervision_is_done_by_somebody() -> None:
    parts = [
        supervision.from_environment(services()[name]["environment"]).parts
        for name in ("supervision", "supervision-worker", "supervision-connector")
    ]
    assert frozenset().union(*parts) == frozenset(Part)


def test_the_file_of_connectors_that_compose_names_is_there_and_can_be_used() -> None:
    connector = services()["supervision-connector"]
    (mounted,) = connector["volumes"]
    source, target, _ = mounted.split(":")
    named = Path(connector["environment"]["XIAONENG_CONNECTORS"])
    assert named.parent == Path(target)
    assert load_connectors(FOLDER / source / named.name) == []


@pytest.mark.parametrize(("name", "tenancy"), SERVICES.items())
def test_a_service_is_told_what_provisioning_prepares_for_it(name: str, tenancy: Tenancy) -> None:
    told, administrator = services()[name]["environment"], services()["provision"]["environment"]
    password = SECRETS[f"XIAONENG_{tenancy.name.upper()}_PASSWORD"]
    postgres, bus = administrator["XIAONENG_POSTGRES_URL"], administrator["XIAONENG_NATS_URL"]
    assert told["XIAONENG_POSTGRES_URL"] == url_for(postgres, role_of(tenancy), password)
    assert told["XIAONENG_NATS_URL"] == url_for(bus, tenancy.name, password)
    assert addresses(told["XIAONENG_NATS_URL"]).servers == [
        f"nats://nats-{number}:4222" for number in (1, 2, 3)
    ]


def test_provisioning_asks_for_all_that_it_is_told_and_makes_no_password_of_its_own(
    tmp_path: Path,
) -> None:
    asked = Asked(services()["provision"]["environment"])
    site = Site(data=tmp_path, environment=asked)
    assert site.settings.replicas == 3
    with site.both() as urls:
        assert urls == (asked["XIAONENG_POSTGRES_URL"], asked["XIAONENG_NATS_URL"])
    passwords = {each.name: each.password for each in site.users()} | site.passwords()
    assert set(asked) - asked.names == {"XIAONENG_DATA"}  # asked for by the command line
    assert list(tmp_path.iterdir()) == []
    assert set(passwords.values()) <= set(SECRETS.values())
    assert {each.name for each in TENANCIES} <= set(passwords)

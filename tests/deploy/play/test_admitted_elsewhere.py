"""A system is admitted from another shell than the stack's, which knows none of its passwords."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.provision.jetstream import connected
from deploy.provision.roles import url_for
from deploy.refusal import RefusedError
from tests.deploy.play.test_admitted_at_once import shown
from tests.deploy.typed import Place, place

GIVEN = {
    "XIAONENG_PROVISIONER_PASSWORD": "given-provisioner",
    "XIAONENG_ELECTRONIC_SUPERVISION_PASSWORD": "given-supervision",
    "XIAONENG_EVALUATION_PASSWORD": "given-evaluation",
    "XIAONENG_OPERATOR_PASSWORD": "given-operator",
    "XIAONENG_CITY_SYSTEMS": "hall,old-hall",
    "XIAONENG_CITY_HALL_PASSWORD": "given-to-hall",
    "XIAONENG_CITY_OLD_HALL_PASSWORD": "given-to-old-hall",
}
"""All that the shell of `up` was told; no file keeps it but the configuration of the bus."""


@pytest.fixture(scope="module")
def told() -> Iterator[Place]:
    with place() as made:
        started = made.up("--background", **GIVEN)
        assert started.returncode == 0, started.stderr
        yield made


def configuration(told: Place) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((told.data / "nats" / "nats.conf").read_text())
    return read


def without(config: dict[str, Any], user: str) -> dict[str, Any]:
    users = [each for each in config["authorization"]["users"] if each["user"] != user]
    return config | {"authorization": {"users": users}}


async def gets_in(told: Place, user: str, password: str) -> bool:
    try:
        client = await connected(url_for(told.stack["nats_url"], user, password), user)
    except RefusedError:
        return False
    await client.close()
    return True


async def test_a_shell_that_knows_no_password_admits_a_system_and_the_stack_lives_on(
    told: Place,
) -> None:
    before, pid = configuration(told), told.stack["pid"]
    admitted = told.type("admit", "newcomer", "/city/newcomer")
    assert (admitted.returncode, admitted.stderr) == (0, "")
    assert without(configuration(told), "city-newcomer") == before, "others were changed"
    assert await gets_in(told, "city-newcomer", shown(admitted.stdout, "总线口令"))
    assert await gets_in(told, "city-hall", "given-to-hall"), "a city system was shut out"
    assert await gets_in(told, "evaluation", "given-evaluation"), "a service was shut out"
    assert told.type("status").returncode == 0, "the stack did not live on"
    assert told.stack["pid"] == pid
    assert (told.data / "nats" / "nats.conf").stat().st_mode & 0o077 == 0


async def test_a_system_that_is_on_the_bus_keeps_its_password_unless_another_is_given(
    told: Place,
) -> None:
    before = configuration(told)
    admitted = told.type("admit", "hall", "/city/hall")
    assert shown(admitted.stdout, "总线口令") == "given-to-hall"
    assert without(configuration(told), "city-hall") == without(before, "city-hall")
    assert await gets_in(told, "city-hall", "given-to-hall")
    another = told.type("admit", "hall", "/city/hall", XIAONENG_CITY_HALL_PASSWORD="given-later")
    assert shown(another.stdout, "总线口令") == "given-later"
    assert await gets_in(told, "city-hall", "given-later")
    assert not await gets_in(told, "city-hall", "given-to-hall")


def test_a_name_that_would_get_the_password_of_another_is_refused(told: Place) -> None:
    before = configuration(told)
    given = {"XIAONENG_CITY_OLD_HALL_PASSWORD": "given-to-old-hall"}
    refused = told.type("admit", "old_hall", "/city/old_hall", **given)
    assert (refused.returncode, "password-shared" in refused.stderr) == (2, True)
    assert configuration(told) == before
    assert "old_hall 现在可以" in told.type("admit", "old_hall", "/city/old_hall").stdout
    again = told.type("admit", "old_hall", "/city/old_hall", **given)
    assert (again.returncode, "password-shared" in again.stderr) == (2, True)

"""We speak for a system from another shell than the stack's, which knows none of its passwords."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.provision.jetstream import connected
from deploy.provision.roles import url_for
from deploy.refusal import RefusedError
from tests.deploy.typed import Place, place

LOG = "id,at,end\n1,2026-03-02 10:00,2026-03-04 10:00\n"
MAP = """
source: /city/{name}
case: {{id: id, accepted_at: at, finished_at: end, limit: {{working_days: 5}}}}
"""

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
    others = {name: told for name, told in config["accounts"].items() if name != user}
    return config | {"accounts": others}


def password_of(told: Place, user: str) -> str:
    (found,) = configuration(told)["accounts"][user]["users"]
    return str(found["password"])


def plays(told: Place, folder: Path, name: str, **given: str) -> tuple[int, str]:
    """Play a small log of a system, and return the exit code and the errors."""
    log, log_map = folder / "log.csv", folder / "map.yaml"
    log.write_text(LOG)
    log_map.write_text(MAP.format(name=name))
    done = told.type("play", str(log), "--map", str(log_map), **given)
    return done.returncode, done.stderr


async def gets_in(told: Place, user: str, password: str) -> bool:
    try:
        client = await connected(url_for(told.stack["nats_url"], user, password), user)
    except RefusedError:
        return False
    await client.close()
    return True


async def test_a_shell_that_knows_no_password_speaks_for_a_system_and_the_stack_lives_on(
    told: Place, tmp_path: Path
) -> None:
    before, pid = configuration(told), told.stack["pid"]
    assert plays(told, tmp_path, "newcomer") == (0, "")
    assert without(configuration(told), "city-newcomer") == before, "others were changed"
    assert await gets_in(told, "city-newcomer", password_of(told, "city-newcomer"))
    assert await gets_in(told, "city-hall", "given-to-hall"), "a city system was shut out"
    assert await gets_in(told, "evaluation", "given-evaluation"), "a service was shut out"
    assert told.type("status").returncode == 0, "the stack did not live on"
    assert told.stack["pid"] == pid
    assert (told.data / "nats" / "nats.conf").stat().st_mode & 0o077 == 0


async def test_a_system_that_is_on_the_bus_keeps_its_password_unless_another_is_given(
    told: Place, tmp_path: Path
) -> None:
    before = configuration(told)
    assert plays(told, tmp_path, "hall") == (0, "")
    assert password_of(told, "city-hall") == "given-to-hall"
    assert without(configuration(told), "city-hall") == without(before, "city-hall")
    given = {"XIAONENG_CITY_HALL_PASSWORD": "given-later"}
    assert plays(told, tmp_path, "hall", **given) == (0, "")
    assert await gets_in(told, "city-hall", "given-later")
    assert not await gets_in(told, "city-hall", "given-to-hall")


def test_a_name_that_would_get_the_password_of_another_is_refused(
    told: Place, tmp_path: Path
) -> None:
    before = configuration(told)
    given = {"XIAONENG_CITY_OLD_HALL_PASSWORD": "given-to-old-hall"}
    code, said = plays(told, tmp_path, "old_hall", **given)
    assert (code, "password-shared" in said) == (2, True)
    assert configuration(told) == before
    assert plays(told, tmp_path, "old_hall") == (0, "")
    code, said = plays(told, tmp_path, "old_hall", **given)
    assert (code, "password-shared" in said) == (2, True)

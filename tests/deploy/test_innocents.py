"""Only what is ours is ended: numbers of processes are used again, and files are read by others."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from deploy.local.accounts import User
from deploy.local.child import start
from deploy.local.folder import claim
from deploy.local.leftovers import leftovers, stop_leftovers
from deploy.local.nats import nats
from deploy.local.occupation import occupant, occupied
from deploy.local.postgres import postgres
from deploy.refusal import RefusedError
from deploy.stop.stop import stop
from tests.deploy.typed import wait_until

SLEEPING = [sys.executable, "-c", "import time; time.sleep(600)"]
ANYBODY = User(name="anybody", password="p", publish=[">"], subscribe=[">"])


@contextmanager
def bystander(*command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process of others, and make sure that it lives to the end of the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: command[1].encode() in Path(f"/proc/{process.pid}/cmdline").read_bytes())
        yield process
        assert process.poll() is None, f"{' '.join(command)} was ended, and it is not ours"
    finally:
        process.kill()
        process.wait()


def claims_to_be_held_by(folder: Path, pid: int) -> int:
    """Hold a folder as one does who has not said yet who it is, after a dead one's words."""
    claim(folder)
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    os.pwrite(file, f"{pid} up\n".encode(), 0)
    flock(file, LOCK_EX)
    return file


@pytest.mark.parametrize("words", [(), ("up",), ("xiaoneng",), ("xiaoneng", "verify")])
def test_stop_ends_nobody_whose_number_a_dead_one_had(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    with bystander(*SLEEPING, *words) as innocent:
        file = claims_to_be_held_by(tmp_path, innocent.pid)
        try:
            with pytest.raises(RefusedError) as refused:
                stop(tmp_path)
        finally:
            os.close(file)
    assert refused.value.code == "data-in-use"
    assert str(innocent.pid) not in refused.value.message


def test_a_new_holder_never_goes_by_the_name_of_a_dead_one(tmp_path: Path) -> None:
    claim(tmp_path)
    (tmp_path / "lock").write_text("4194304 a command with a very long name that died here\n")
    with occupied(tmp_path, "up"):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()} up\n"
        holder = occupant(tmp_path)
        assert holder is not None
        assert holder.pid == os.getpid()


def test_who_reads_our_files_is_not_taken_for_a_server(folder: Path) -> None:
    bus, base = folder / "nats", folder / "postgres"
    (base / "data").mkdir(parents=True)
    bus.mkdir()
    (bus / "nats.conf").touch()
    for command in (
        ("tail", "-f", str(bus / "nats.conf")),
        ("tail", "-f", "--", "--config", str(bus / "nats.conf")),
        (*SLEEPING, "-D", str(base / "data")),
        (*SLEEPING, "/bin/postgres", "-D", str(base / "data")),
        (*SLEEPING, "/bin/nats-server", "--config", str(bus / "nats.conf")),
    ):
        with bystander(*command) as reader:
            (base / "data" / "postmaster.pid").write_text(f"{reader.pid}\n")
            ports = bus / f"nats-server_{reader.pid}.ports"
            ports.touch()
            assert stop_leftovers(folder) == [], command
            ports.unlink()


def test_servers_of_another_folder_are_not_ended(folder: Path) -> None:
    ours, theirs = folder / "data", folder / "data-2"
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user
    with nats(theirs / "nats", [ANYBODY]) as bus:
        assert bus.process is not None
        (ours / "nats").mkdir(parents=True)
        (ours / "nats" / f"nats-server_{bus.process.pid}.ports").touch()
        assert list(leftovers(ours)) == []
        assert [each.pid for each in leftovers(theirs)] == [bus.process.pid]
    with postgres(theirs / "postgres") as base:
        assert base.process is not None
        (ours / "postgres" / "data").mkdir(parents=True)
        (ours / "postgres" / "data" / "postmaster.pid").write_text(f"{base.process.pid}\n")
        assert list(leftovers(ours)) == []
        assert [each.pid for each in leftovers(theirs)] == [base.process.pid]


def test_servers_that_were_left_are_ended(folder: Path) -> None:
    with nats(folder / "nats", [ANYBODY]):
        pass
    binary = Path(sys.executable).with_name("nats-server")
    config = str(folder / "nats" / "nats.conf")
    with (folder / "nats" / "nats.log").open("ab") as log:
        left = start([str(binary), "--config", config], log, end=signal.SIGTERM)
    wait_until(lambda: any(leftovers(folder)))
    assert [each.name for each in stop_leftovers(folder)] == ["NATS"]
    assert left.wait(10) is not None

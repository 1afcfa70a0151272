"""Servers by URL come first; without, our own are run, and never two on the same data."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fcntl import LOCK_SH, LOCK_UN, flock
from pathlib import Path
from threading import Timer

import pytest

from deploy.administrator import administrator
from deploy.command import main
from deploy.local.accounts import User
from deploy.local.folder import claim
from deploy.local.occupation import Occupant, occupant, occupied
from deploy.local.servers import servers
from deploy.local.stack import Stack, announce, announced, retract
from deploy.provision.jetstream import administered
from deploy.provision.passwords import load_passwords
from deploy.refusal import RefusedError

NATS_FIRST = b'INFO {"server_id":"x","version":"2.11.9","headers":true,"max_payload":1048576}\r\n'


@asynccontextmanager
async def speaking(*words: bytes) -> AsyncIterator[int]:
    """Run a server of others that says its words at once, one more whenever it hears something."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for each in words:
            if each is not words[0]:
                await reader.read(4096)
            writer.write(each)
        await reader.read(4096)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_bus_that_is_too_old_is_refused() -> None:
    async with speaking(NATS_FIRST, b"PONG\r\n") as port:
        with pytest.raises(RefusedError) as refused:
            async with administered(f"nats://127.0.0.1:{port}"):
                pass
    assert refused.value.code == "nats-too-old"
    assert "2.12" in refused.value.fix


def parameter(name: bytes, value: bytes) -> bytes:
    body = name + b"\0" + value + b"\0"
    return b"S" + (len(body) + 4).to_bytes(4, "big") + body


async def test_a_database_that_is_too_old_is_refused() -> None:
    welcome = (
        b"R\0\0\0\x08\0\0\0\0"
        + parameter(b"server_version", b"14.12")
        + parameter(b"client_encoding", b"UTF8")
        + b"K\0\0\0\x0c\0\0\0\x01\0\0\0\x02Z\0\0\0\x05I"
    )
    async with speaking(b"", welcome) as port:
        with pytest.raises(RefusedError) as refused:
            await administrator(f"postgresql://a:b@127.0.0.1:{port}/x?sslmode=disable")
    assert refused.value.code == "postgres-too-old"


async def test_a_bus_without_jetstream_is_refused() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    binary = Path(sys.executable).with_name("nats-server")
    server = await asyncio.create_subprocess_exec(
        *(str(binary), "-a", "127.0.0.1", "-p", str(port)), stderr=subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(20):
            while True:
                with pytest.raises(RefusedError) as refused:
                    async with administered(f"nats://127.0.0.1:{port}"):
                        pass
                if refused.value.code != "nats-unreachable":
                    break
                await asyncio.sleep(0.02)
    finally:
        server.terminate()
        await server.wait()
    assert refused.value.code == "jetstream-missing"


def no_users(_: str) -> list[User]:
    return []


def stack_of(pid: int, port: int = 1) -> Stack:
    return Stack(
        pid=pid,
        started_at="2026-11-23T09:00:00+00:00",
        console=f"http://127.0.0.1:{port}",
        token="t",
        postgres_url=f"p://127.0.0.1:{port}",
        nats_url=f"n://127.0.0.1:{port}",
    )


def test_what_is_given_by_url_comes_first(folder: Path) -> None:
    given = {"XIAONENG_POSTGRES_URL": "p", "XIAONENG_NATS_URL": "n"}
    with occupied(folder, "up"):
        announce(folder, stack_of(os.getpid()))
        with servers(folder, given, users=no_users) as found:
            assert (found.postgres_url, found.nats_url) == ("p", "n")
        part = {"XIAONENG_NATS_URL": "n"}
        with servers(folder, part, users=no_users) as found:
            assert (found.postgres_url, found.nats_url) == ("p://127.0.0.1:1", "n")


def test_a_running_stack_is_found_and_one_that_is_gone_is_not(folder: Path) -> None:
    stack = stack_of(os.getpid())
    with occupied(folder, "up"):
        announce(folder, stack)
        assert announced(folder) == stack
        assert (folder / "stack.json").stat().st_mode & 0o077 == 0
        with servers(folder, {}, users=no_users, creates=False) as found:
            assert (found.postgres_url, found.nats_url) == (stack.postgres_url, stack.nats_url)
    assert announced(folder) is None, "the one that announced it holds the folder no more"
    with pytest.raises(RefusedError) as refused, servers(folder, {}, users=None, creates=False):
        pass
    assert refused.value.code == "no-server"


def test_a_stack_whose_folder_another_holds_by_now_is_gone(folder: Path) -> None:
    with occupied(folder, "backup"):
        announce(folder, stack_of(os.getpid() + 1))
        assert announced(folder) is None
        retract(folder)
        assert announced(folder) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", "x", '{"postgres_url": "p"}'])
def test_a_torn_announcement_counts_as_none(folder: Path, text: str) -> None:
    with occupied(folder, "up"):
        (folder / "stack.json").write_text(text)
        assert announced(folder) is None


def test_two_commands_never_start_servers_on_one_folder(folder: Path) -> None:
    with occupied(folder, "backup"):
        holder = occupant(folder)
        with pytest.raises(RefusedError) as refused, servers(folder, {}, users=None):
            pass
    assert holder == Occupant(os.getpid(), "backup")
    assert refused.value.code == "data-in-use"
    assert f"进程 {os.getpid()}，xiaoneng backup" in refused.value.message
    assert occupant(folder) is None


def test_whoever_only_looks_keeps_nobody_out(folder: Path) -> None:
    claim(folder)
    with (folder / "lock").open("w") as looking:
        flock(looking, LOCK_SH)
        leaving = Timer(0.1, flock, (looking, LOCK_UN))
        leaving.start()
        with occupied(folder, "up"):
            assert occupant(folder) == Occupant(os.getpid(), "up")
        leaving.join()


def test_everything_works_on_servers_of_our_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [each for each in os.environ if each.startswith("XIAONENG_")]:
        monkeypatch.delenv(name)
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user
    data = ["--data", str(folder / "data")]
    assert main(["verify", *data]) == 2
    assert "no-server" in capsys.readouterr().err
    assert not (folder / "data").exists(), "looking made something"
    assert main(["provision", *data]) == 0
    assert main(["provision", "--check", *data]) == 0
    assert main(["verify", *data]) == 0
    assert main(["backup", str(folder / "b"), *data]) == 0
    assert main(["restore", str(folder / "b"), *data]) == 0
    assert (folder / "data" / "passwords.json").stat().st_mode & 0o077 == 0
    assert (folder / "data" / "nats").stat().st_mode & 0o077 == 0
    assert "已恢复" not in capsys.readouterr().err


def test_passwords_are_made_once(tmp_path: Path) -> None:
    first = load_passwords(tmp_path, ["a", "b"], {})
    assert len({*first.values()}) == 2
    assert load_passwords(tmp_path, ["b", "c"], {})["b"] == first["b"]
    assert load_passwords(tmp_path, ["a"], {}) == {"a": first["a"]}


def test_a_password_of_the_environment_comes_first_and_is_not_kept(tmp_path: Path) -> None:
    given = {"XIAONENG_CITY_HALL_PASSWORD": "given-by-hand"}
    assert load_passwords(tmp_path, ["city-hall"], given) == {"city-hall": "given-by-hand"}
    assert not (tmp_path / "passwords.json").exists()


def test_two_names_never_get_one_password_from_one_variable(tmp_path: Path) -> None:
    names = ["city-a-b", "city-a_b", "city-A-B"]
    with pytest.raises(RefusedError) as refused:
        load_passwords(tmp_path, names, {"XIAONENG_CITY_A_B_PASSWORD": "given-by-hand"})
    assert refused.value.code == "password-shared"
    assert "city-a-b 和 city-a_b" in refused.value.message
    assert len({*load_passwords(tmp_path, names, {}).values()}) == 3
    assert load_passwords(tmp_path, names[:1] * 2, {"XIAONENG_CITY_A_B_PASSWORD": "p" * 8})


@pytest.mark.parametrize("text", ["", "x", "[]", '{"a": 1}'])
def test_a_file_of_passwords_that_can_not_be_read_is_never_overwritten(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "passwords.json").write_text(text)
    with pytest.raises(RefusedError) as refused:
        load_passwords(tmp_path, ["a"], {})
    assert refused.value.code == "passwords-unreadable"
    assert (tmp_path / "passwords.json").read_text() == text

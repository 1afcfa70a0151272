"""The servers we bring along: private, guarded, and durable."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import nats as client
import pytest

from deploy.local.accounts import User
from deploy.local.nats import nats
from deploy.local.postgres import postgres

PROVISIONER = User(name="provisioner", password="p", publish=[">"], subscribe=[">"])
READER = User(name="reader", password="r", publish=[], subscribe=["open.>"])


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that the server's own user can reach, unlike pytest's."""
    made = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


async def test_the_database_asks_for_a_password_and_keeps_what_it_was_told(folder: Path) -> None:
    with postgres(folder) as server:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.url(password="guess"))
        connection = await asyncpg.connect(server.url())
        await connection.execute("create table t (v text); insert into t values ('群众')")
        await connection.close()
    with postgres(folder) as server:
        connection = await asyncpg.connect(server.url())
        assert await connection.fetchval("select v from t") == "群众"
        assert await connection.fetchval("show fsync") == "on"
        await connection.close()


def test_the_superusers_password_is_for_its_owner_alone(folder: Path) -> None:
    with postgres(folder):
        assert (folder / "superuser").stat().st_mode & 0o077 == 0


async def test_the_bus_keeps_what_it_acknowledged(folder: Path) -> None:
    with nats(folder, [PROVISIONER]) as server:
        connection = await client.connect(server.url(PROVISIONER))
        await connection.jetstream().add_stream(name="S", subjects=["x.>"])
        await connection.jetstream().publish("x.y", "办结".encode())
        await connection.close()
    with nats(folder, [PROVISIONER]) as server:
        connection = await client.connect(server.url(PROVISIONER))
        message = await connection.jetstream().get_msg("S", 1)
        assert (message.data or b"").decode() == "办结"
        await connection.close()


async def test_both_run_in_a_folder_named_in_chinese_with_a_blank(folder: Path) -> None:
    place = folder / '数据 "目录"'
    with postgres(place), nats(place / "总线", [PROVISIONER]) as server:
        connection = await client.connect(server.url(PROVISIONER))
        await connection.jetstream().add_stream(name="S", subjects=["x.>"])
        await connection.close()
    assert [each.name for each in (place / "总线" / "jetstream").iterdir()], "kept elsewhere"


async def test_the_bus_lets_a_user_do_only_what_is_granted(folder: Path) -> None:
    refused: asyncio.Queue[str] = asyncio.Queue()

    async def note(error: Exception) -> None:
        await refused.put(str(error).lower())

    with nats(folder, [READER]) as server:
        connection = await client.connect(server.url(READER), error_cb=note)
        await connection.publish("open.x", b"")
        await connection.subscribe("closed.x")
        async with asyncio.timeout(10):
            told = [await refused.get() for _ in range(2)]
        assert all("permissions violation" in each for each in told)
        await connection.close()


async def test_the_bus_asks_for_a_password(folder: Path) -> None:
    with nats(folder, [READER]) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        await reader.readline()
        writer.write(b'CONNECT {"user":"reader","pass":"guess"}\r\nPING\r\n')
        assert await reader.readline() == b"-ERR 'Authorization Violation'\r\n"
        writer.close()
        await writer.wait_closed()

"""A data folder of an older version is upgraded by starting it with this one."""

import asyncio

import asyncpg
import pytest

from deploy.demo.mark import Mark, save
from deploy.local.folder import claim
from deploy.local.postgres import postgres
from tests.deploy.older import FIRST_RELEASE, Older, lay
from tests.deploy.record import NOW
from tests.deploy.typed import Place

pytestmark = pytest.mark.long


@pytest.fixture
def old(here: Place) -> Place:
    """Return a folder that a version without accounts and partners has left."""
    claim(here.data)
    here.data.chmod(0o711)
    with postgres(here.data / "postgres") as server:
        asyncio.run(laid(server.url()))
    return here


async def laid(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await lay(connection, Older("first-release", FIRST_RELEASE), fills=False)
    finally:
        await connection.close()


@pytest.mark.parametrize("arguments", [(), ("--demo",)])
def test_up_brings_an_older_folder_up_to_date_and_is_ready(
    old: Place, arguments: tuple[str, ...]
) -> None:
    if arguments:
        save(old.data, Mark(seed=1, began=NOW))
    told = old.up("--background", *arguments)
    assert (told.returncode, told.stderr) == (0, ""), told
    assert "admin" in told.stdout, "nobody is told how to sign in"
    verified = old.type("verify")
    assert (verified.returncode, "不完好" in verified.stdout) == (0, False)
    assert old.type("stop").returncode == 0


def test_each_command_does_its_work_or_says_what_to_do_first(old: Place) -> None:
    verified = old.type("verify")
    assert (verified.returncode, "完好，3 条事件" in verified.stdout) == (0, True)
    assert "access：还没有记录" in verified.stdout
    checked = old.type("provision", "--check")
    assert (checked.returncode, "migration-pending" in checked.stdout) == (1, True)
    assert old.type("backup", str(old.data.parent / "backup")).returncode == 0
    for command in (
        ("account", "list"),
        ("rebuild", "access"),
        ("rebuild", "electronic_supervision"),
    ):
        refused = old.type(*command)
        assert refused.returncode == 2, command
        assert "xiaoneng provision" in refused.stderr, "it does not say what to do"
        assert "server-lost" not in refused.stderr
    provisioned = old.type("provision")
    assert (provisioned.returncode, provisioned.stderr) == (0, "")
    assert old.type("account", "list").returncode == 0

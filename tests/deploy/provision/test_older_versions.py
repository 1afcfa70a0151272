"""What an older version left is brought up to date, and looked at before without being touched."""

from pathlib import Path

import pytest

from deploy.backup.backup import backup
from deploy.site import known_in
from deploy.tenancies import ACCESS, EVALUATION, TENANCIES
from deploy.verify.verify import verify
from kernel.store.chain import Break, Head
from kernel.store.heads import note
from tests.deploy.conftest import House
from tests.deploy.older import FIRST_RELEASE, Older, lay, olders
from tests.deploy.record import NOW

OLDERS = olders()


async def old_house(house: House, older: Older) -> House:
    async with house.database() as connection:
        await lay(connection, older)
    return house


@pytest.mark.parametrize("older", OLDERS, ids=str)
async def test_every_older_database_is_read_before_and_brought_up_to_date(
    house: House, tmp_path: Path, older: Older
) -> None:
    await old_house(house, older)
    assert list((await known_in(house.postgres_url)).systems) == ["x"], "a speaker is shut out"
    assert "migration-pending" in await house.codes(), "checking does not tell"
    await house.provision()
    assert await house.codes() == []
    for each in TENANCIES:
        found = await verify(house.postgres_url, each, tmp_path, NOW)
        assert found.breaks == [], each.name
    assert list((await known_in(house.postgres_url)).systems) == ["x"]


async def test_a_record_that_an_older_version_did_not_keep_is_no_break(
    house: House, tmp_path: Path
) -> None:
    await old_house(house, Older("first", FIRST_RELEASE))
    found = await verify(house.postgres_url, EVALUATION, tmp_path, NOW)
    assert (found.breaks, found.is_there, found.publications) == ([], True, 3)
    found = await verify(house.postgres_url, ACCESS, tmp_path, NOW)
    assert (found.breaks, found.is_there) == ([], False)


async def test_a_record_that_was_there_once_is_found_to_be_cut_away(
    provisioned: House, tmp_path: Path
) -> None:
    note(tmp_path, ACCESS.name, Head(position=7, hash=b"x" * 32), NOW)
    await provisioned.execute(f"drop schema {ACCESS.name} cascade")
    found = await verify(provisioned.postgres_url, ACCESS, tmp_path, NOW)
    assert found.breaks == [Break(position=7, what="cut")]


async def test_a_backup_is_taken_before_the_upgrade_of_what_there_is(
    house: House, tmp_path: Path
) -> None:
    await old_house(house, Older("first", FIRST_RELEASE))
    manifest = await backup(house.postgres_url, tmp_path / "backup", NOW)
    assert sorted(manifest.services) == sorted(FIRST_RELEASE)

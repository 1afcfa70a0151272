"""A backup is restored that is older than the stream: nobody is told two things by one number."""

from datetime import UTC, datetime

from deploy.backup.backup import backup
from deploy.backup.restore import restore
from deploy.provision.users import ADMINISTRATOR
from deploy.tenancies import ELECTRONIC_SUPERVISION as TENANCY
from kernel.relay.epoch import open_epoch
from kernel.relay.identity import identity_of
from tests.resilience.canonical import Canonical, differences, dumped
from tests.resilience.deadline import comes_true
from tests.resilience.feeding import by_bus
from tests.resilience.intact import at_rest, said, streamed
from tests.resilience.life import Life
from tests.resilience.recovery import all_is_well
from tests.resilience.told import MONTH
from tests.resilience.town import Town
from tests.system.stack import PASSWORDS, SOON

HALF = len(MONTH) // 2
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


async def test_the_service_goes_on_in_a_new_epoch(city: Town, undisturbed: Canonical) -> None:
    city.start()
    await by_bus(city, MONTH[:HALF])
    await at_rest(city, MONTH[:HALF])
    kept = await streamed(city)
    await backup(city.stack.postgres.url(), city.folder / "backup", NOW)
    await by_bus(city, MONTH[HALF:])
    await at_rest(city, MONTH)
    all_said = await streamed(city)
    assert len(all_said) > len(kept)

    city.kill_services()
    await city.time_passes()
    await city.ask_no_more()
    await _restored(city)
    await _refused(city.start())
    assert await streamed(city) == all_said, "a relay that is not sure changes nothing"

    city.kill_services()
    await city.time_passes()
    connection = await city.stack.database()
    assert await open_epoch(connection) == 2
    await connection.close()
    city.start()
    await at_rest(city, MONTH)
    connection = await city.stack.database()
    recorded = await said(connection)
    await connection.close()
    anew = (await streamed(city))[len(all_said) :]
    assert recorded == kept + anew, "promise 3: what the record says follows what was disowned"
    names = [identity_of(each.body.encode()) for each in anew]
    assert [(name.source, int(name.sequence)) for name in names if name] == [
        (TENANCY.source_in(2), number) for number in range(1, len(anew) + 1)
    ], "no number is used for two things"
    found = differences(undisturbed, await dumped(city))
    assert found == [], f"what the older database did not know is heard again: {found[:5]}"
    await all_is_well(city)


async def _restored(city: Town) -> None:
    await restore(
        city.stack.postgres.url(),
        city.stack.nats_url(ADMINISTRATOR),
        city.folder / "backup",
        city.folder / "heads",
        PASSWORDS,
        NOW,
        replace=True,
        settings=SOON,
    )


async def _refused(service: Life) -> None:
    await service.listening()

    async def is_quiet() -> object:
        return "stream-ahead" not in await service.problems()

    await comes_true("a relay refuses to speak behind the stream, and says so", is_quiet)

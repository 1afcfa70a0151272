"""An export may say again what another denied since; a file at rest says nothing new."""

from services.electronic_supervision.connect.folder import Watch
from services.electronic_supervision.connect.read_files import read_files
from services.electronic_supervision.connect.run import Turn
from tests.electronic_supervision.connect.site import PERMITS, A, Site

FINISHED = A + "2026-11-10 16:00"


async def restart(site: Site) -> None:
    """Look with a memory of nothing but what is on record."""
    assert site.watch is not None
    site.watch = Watch(place=site.watch.place)
    await site.look()


async def test_a_finish_that_was_a_slip_is_voided_by_the_export_of_before(site: Site) -> None:
    await site.looks(A, name="1.csv")
    await site.looks(FINISHED, name="2.csv")
    await site.looks(A, name="3.csv")
    assert (await site.case("A1")).ended is None, "the third file was never read"


async def test_a_finish_that_an_export_forgot_is_told_again_however_often(site: Site) -> None:
    for number in range(3):
        await site.looks(FINISHED, name=f"{number}.csv")
        assert (await site.case("A1")).ended is not None, "a finished case stands open"
        await site.looks(A, name=f"{number}-forgotten.csv")
        assert (await site.case("A1")).ended is None


async def test_one_name_may_be_written_again_and_again(site: Site) -> None:
    for row in (A, FINISHED, A, FINISHED):
        await site.looks(row)
    assert (await site.case("A1")).ended is not None


async def test_files_that_stay_are_not_read_again_after_a_start(site: Site) -> None:
    await site.looks(A, name="1.csv")
    await site.looks(FINISHED, name="2.csv")
    await site.looks(A, name="3.csv")
    await site.looks(FINISHED, name="4.csv")
    told = await site.told()
    await restart(site)
    assert len(await site.runs()) == 4, "an old file was taken for a new one"
    assert await site.told() == told
    (site.drops / "1.csv").rename(site.drops / "0.csv")
    await site.look()
    assert len(await site.runs()) == 4, "a file that was renamed was taken for a new one"


async def test_a_copy_of_what_was_read_last_says_nothing_new(site: Site) -> None:
    await site.looks(FINISHED, name="1.csv")
    await site.looks(FINISHED, name="2.csv")
    assert len(await site.runs()) == 1


async def test_files_known_before_times_were_kept_are_known_still(site: Site) -> None:
    await site.looks(A, name="1.csv")
    await site.looks(FINISHED, name="2.csv")
    await site.connection.execute(
        "update connector_file set changed_at = 0, read_at = '2100-01-01'"
    )
    await restart(site)
    assert len(await site.runs()) == 2


async def test_a_file_that_is_written_to_is_seen_and_not_taken_for_read(site: Site) -> None:
    turn = Turn(desk=site.desk, connector=site.connector, system=PERMITS, lease=await site.lease())
    assert site.watch is not None
    site.drop(A)
    await read_files(turn, site.watch, 0)
    assert site.watch.is_waiting
    await read_files(turn, site.watch, 10)
    assert not site.watch.is_waiting

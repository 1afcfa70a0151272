"""Each row becomes events once; what changed is corrected, what vanished is left as it was."""

from services.electronic_supervision.domain.case import Flag
from tests.electronic_supervision.connect.site import (
    BY_STEP,
    STEP_HEADER,
    A,
    B,
    Site,
)
from tests.electronic_supervision.live.said import WUHU

STEP = "A1,住建局,施工许可,2026-11-02 09:00,,,审查,2026-11-03 10:00,审批科"
FINISHED = A + "2026-11-12 15:00"


async def test_a_dropped_file_is_told_case_by_case(site: Site) -> None:
    await site.looks(A, B)
    assert await site.told() == [
        ("A1", "case-accepted", "11-02 09:00"),
        ("B2", "case-accepted", "11-03 10:00"),
        ("B2", "case-decided", "11-10 16:00"),
    ]
    done = await site.last()
    found = [done[name] for name in ("place", "entries", "cases", "new", "events", "bad", "code")]
    assert found == ["办件.csv", 2, 2, 2, 3, 0, ""]
    assert done["ended_at"] is not None


async def test_the_same_file_again_says_nothing(site: Site) -> None:
    await site.looks(A, B)
    await site.looks(A, B, name="同一内容.csv")
    await site.connect()
    await site.look()
    assert len(await site.told()) == 3
    assert len(await site.runs()) == 1, "a file that was read is read again"


async def test_what_is_new_of_a_known_case_is_told_alone(site: Site) -> None:
    await site.looks(A, B)
    await site.looks(FINISHED, B)
    assert (await site.told())[3:] == [("A1", "case-decided", "11-12 15:00")]
    last = await site.last()
    assert [last[name] for name in ("new", "changed", "unchanged")] == [0, 1, 1]


async def test_a_changed_row_corrects_what_was_told(site: Site) -> None:
    await site.looks(A)
    await site.looks(A.replace("11-02 09:00", "11-04 09:30"))
    case = await site.case("A1")
    assert case.accepted is not None
    assert case.accepted.at.earliest.astimezone(WUHU).day == 4
    assert case.flags == frozenset(), "it counts as accepted twice"
    assert len(await site.told()) == 2


async def test_a_row_may_change_back_and_forth(site: Site) -> None:
    other = A.replace("住建局", "城管局")
    for number, row in enumerate((A, other, A, other, A)):
        await site.looks(
            row, name=f"{number}.csv", header=f"编号,单位,事项,受理,到期,办结,第{number}次"
        )
        case = await site.case("A1")
        assert case.unit == row.split(",")[1], number
        assert case.flags == frozenset(), number
    assert len(await site.told()) == 5


async def test_an_end_that_was_deleted_is_voided_and_may_come_again(site: Site) -> None:
    await site.looks(FINISHED)
    await site.looks(A)
    assert (await site.case("A1")).ended is None
    await site.looks(A + "2026-11-13 15:00")
    ended = (await site.case("A1")).ended
    assert ended is not None
    assert ended.at.earliest.astimezone(WUHU).day == 13
    await site.looks(A, name="again.csv", header="编号,单位,事项,受理,到期,办结,备注")
    assert (await site.case("A1")).ended is None


async def test_an_end_in_the_future_leaves_no_doubt_once_it_was_deleted(site: Site) -> None:
    await site.looks(A + "2099-11-12 15:00")
    assert Flag.FUTURE_TIME in (await site.case("A1")).doubts
    await site.looks(A)
    case = await site.case("A1")
    assert (case.ended, case.doubts) == (None, frozenset())


async def test_rows_of_steps_that_say_nothing_of_the_end_do_not_void_it(site: Site) -> None:
    await site.connect(BY_STEP)
    ended = "A1,住建局,施工许可,,,2026-11-06 10:00,审查,2026-11-03 10:00,审批科"
    await site.looks(ended, header=STEP_HEADER)
    later = "A1,住建局,施工许可,,,,批准,2026-11-05 10:00,局领导"
    await site.looks(later, name="2.csv", header=STEP_HEADER)
    assert (await site.case("A1")).ended is not None
    await site.looks(STEP, name="3.csv", header=STEP_HEADER)
    assert (await site.case("A1")).ended is not None


async def test_a_row_that_vanished_is_no_void(site: Site) -> None:
    await site.looks(A, B)
    await site.looks(A)
    assert (await site.case("B2")).ended is not None
    assert len(await site.told()) == 3


async def test_of_two_rows_of_a_case_the_last_counts(site: Site) -> None:
    await site.looks(A, FINISHED)
    assert [kind for _, kind, _ in await site.told()] == ["case-accepted", "case-decided"]


async def test_what_a_lost_memory_forgot_is_known_to_the_record(site: Site) -> None:
    await site.looks(A, B)
    await site.connection.execute("truncate connector_case, connector_file")
    await site.connect(name="renamed")
    await site.look()
    await site.looks(FINISHED, B)
    assert len(await site.told()) == 4
    assert (await site.case("A1")).flags == frozenset()


async def test_a_step_is_told_once_however_its_rows_are_exported(site: Site) -> None:
    await site.connect(BY_STEP)
    later = "A1,,,,,,批准,2026-11-05 10:00,局领导"
    await site.looks(STEP, header=STEP_HEADER)
    await site.looks(later, name="只有新的.csv", header=STEP_HEADER)
    await site.looks(STEP, later, name="全部.csv", header=STEP_HEADER)
    assert await site.told() == [
        ("A1", "case-accepted", "11-02 09:00"),
        ("A1", "step-finished", "11-03 10:00"),
        ("A1", "step-finished", "11-05 10:00"),
    ]
    assert (await site.case("A1")).unit == "住建局"


async def test_steps_that_come_before_the_acceptance_are_not_lost(site: Site) -> None:
    await site.connect(BY_STEP)
    early = "A1,住建局,施工许可,,,,审查,2026-11-03 10:00,审批科"
    await site.looks(early, header=STEP_HEADER)
    assert [kind for _, kind, _ in await site.told()] == ["step-finished"]
    assert len(await site.held()) == 1, "nobody is told that the acceptance is missing"
    full = "A1,住建局,施工许可,2026-11-02 09:00,,,批准,2026-11-05 10:00,局领导"
    await site.looks(full, name="2.csv", header=STEP_HEADER)
    assert await site.held() == []
    assert len(await site.told()) == 3
    assert (await site.case("A1")).flags == frozenset()

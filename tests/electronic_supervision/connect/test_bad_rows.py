"""A row that can't be told waits in quarantine until a row that can be told takes its place."""

import pytest

from kernel.intake.heard import Message
from services.electronic_supervision.domain.case import Flag
from services.electronic_supervision.doors import bus, settle
from tests.electronic_supervision.connect.site import (
    BY_STEP,
    HEADER,
    NOW,
    PERMITS,
    STEP_HEADER,
    A,
    B,
    Site,
)
from tests.electronic_supervision.live.said import accepted, raw, subject

BAD = A.replace("2026-11-02 09:00", "去年")
NAMELESS = A.replace("A1,", ",")


async def test_a_bad_row_is_held_with_its_file_line_column_and_reason(site: Site) -> None:
    await site.looks(B, BAD)
    (held,) = await site.held()
    assert (held["code"], held["field"], held["source"]) == (
        "row-unreadable",
        "受理",
        PERMITS.source,
    )
    assert held["message"] == "办件.csv 第 3 行“受理”：时间无法识别"
    assert "去年" not in held["message"]
    assert len(await site.told()) == 2, "the good row was not told"
    assert (await site.last())["bad"] == 1


async def test_no_card_rests_on_a_case_of_which_a_row_is_bad(site: Site) -> None:
    await site.looks(A)
    await site.looks(BAD)
    assert Flag.MESSAGE_IN_QUARANTINE in (await site.case("A1")).doubts
    await site.looks(A, name="改正.csv", header=HEADER + ",备注")
    assert (await site.case("A1")).doubts == frozenset()
    assert await site.held() == []


async def test_the_same_bad_row_waits_once_however_often_it_comes(site: Site) -> None:
    for number in range(3):
        await site.looks(B, BAD, name=f"{number}.csv", header=f"{HEADER},{number}")
    (held,) = await site.held()
    assert held["times"] == 3
    assert held["message"].startswith("2.csv 第 3 行"), "it is said to be where it was before"


async def test_another_bad_row_of_a_case_takes_the_place_of_the_first(site: Site) -> None:
    await site.looks(BAD)
    (first,) = await site.held()
    await site.looks(BAD.replace("去年", "前年"))
    (second,) = await site.held()
    assert first["id"] != second["id"]
    assert (await site.case("A1")).doubts


async def test_a_row_that_turns_bad_again_is_held_again(site: Site) -> None:
    for number in range(3):
        await site.looks(BAD, name=f"坏{number}.csv", header=f"{HEADER},坏{number}")
        assert len(await site.held()) == 1, number
        assert (await site.case("A1")).doubts, number
        await site.looks(A, name=f"好{number}.csv", header=f"{HEADER},好{number}")
        assert await site.held() == [], number
        assert not (await site.case("A1")).doubts, number


async def test_a_bad_row_that_was_discarded_stays_so(site: Site) -> None:
    await site.looks(BAD)
    (held,) = await site.held()
    await settle.discard(site.connection, held["id"], NOW, "测试数据", by={"who": "office"})
    await site.looks(BAD, name="2.csv", header=HEADER + ",备注")
    assert await site.held() == []


async def test_a_row_can_not_be_read_again_but_from_its_file(site: Site) -> None:
    await site.looks(BAD)
    (held,) = await site.held()
    await settle.resubmit(site.connection, held["id"], NOW, by={"who": "office"})
    (still,) = await site.held()
    told = ("code", "message", "noted_in", "source")
    assert [still[name] for name in told] == [held[name] for name in told]


async def test_a_row_without_a_number_waits_until_its_line_is_mended(site: Site) -> None:
    await site.looks(B, NAMELESS)
    assert [each["message"] for each in await site.held()] == ["办件.csv 第 3 行“编号”：没有编号"]
    await site.looks(B, A)
    assert await site.held() == []


async def test_the_last_row_of_a_case_counts_though_an_earlier_one_is_bad(site: Site) -> None:
    await site.looks(BAD, A)
    assert await site.held() == []
    await site.looks(A, BAD, name="2.csv")
    assert len(await site.held()) == 1


async def test_a_good_row_settles_no_bad_one_that_follows_it(site: Site) -> None:
    for number in range(3):
        await site.looks(A, BAD, name=f"{number}.csv", header=f"{HEADER},{number}")
        assert len(await site.held()) == 1, number
        assert (await site.case("A1")).doubts, number


async def test_a_bad_step_leaves_the_others_and_waits_for_its_own_row(site: Site) -> None:
    await site.connect(BY_STEP)
    first = "A1,住建局,许可,2026-11-02 09:00,,,审查,昨天,科"
    second = "A1,,,,,,批准,2026-11-05 10:00,科"
    await site.looks(first, second, header=STEP_HEADER)
    assert [kind for _, kind, _ in await site.told()] == ["case-accepted", "step-finished"]
    await site.looks(second, name="2.csv", header=STEP_HEADER)
    assert len(await site.held()) == 1, "another step of the case settled it"
    await site.looks(first.replace("昨天", "2026-11-03 10:00"), name="3.csv", header=STEP_HEADER)
    assert await site.held() == []
    assert (await site.case("A1")).doubts == frozenset()


@pytest.mark.parametrize(
    "number",
    ["办" * 101, "A\x07B", "../../etc/passwd", "<script>alert(1)</script>", "=1+1"],
    ids=["long", "bell", "path", "markup", "formula"],
)
async def test_whatever_a_number_is_the_others_are_told(site: Site, number: str) -> None:
    await site.looks(A.replace("A1", number), B)
    told = {case for case, _, _ in await site.told()}
    held = await site.held()
    assert "B2" in told
    assert (number in told) != bool(held)


async def test_a_file_that_does_not_fit_the_map_is_refused_as_a_whole(site: Site) -> None:
    rows = [f"C{number},局,事项,不是时间,," for number in range(200)]
    await site.looks(B, *rows)
    last = await site.last()
    assert (last["code"], last["events"]) == ("map-mismatch", 0)
    assert await site.held() == []
    assert await site.told() == []


async def test_what_the_system_said_itself_is_not_corrected_by_a_row(site: Site) -> None:
    said = accepted("2026-11-02 09:00", "A1", unit="住建局") | {"source": PERMITS.source}
    message = Message(
        stream="CITY", subject=subject(said, "permits"), data=raw(said), number=1, sent_at=NOW
    )
    await bus.take(site.connection, [message], NOW)
    await site.looks(A)
    assert len(await site.told()) == 1
    (held,) = await site.held()
    assert "自行报送" in held["message"]
    await site.looks(A, name="2.csv", header=HEADER + ",备注")
    assert len(await site.held()) == 1, "it was taken for told"

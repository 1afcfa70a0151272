from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.record import Record, Rejected, Step
from tests.electronic_supervision.log.reading import HEADER, PERMITS, read_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
STEPS = f"{PERMITS}event: {{name: 环节, at: 时间, unit: 处室}}\n"
STEP_HEADER = "编号,部门,事项,收件,截止,办结,环节,时间,处室\n"


def at(day: int, hour: int) -> Moment:
    return Moment.instant(datetime(2019, 4, day, hour, tzinfo=SHANGHAI))


def the_day(day: int) -> Moment:
    return Moment.day(date(2019, 4, day), SHANGHAI)


def rejected(line: int, code: str, field: str, column: str | None, text: str = "") -> Rejected:
    return Rejected(line=line, case=None, code=code, field=field, column=column, text=text)


def test_a_row_is_a_case_as_its_columns_tell_it(tmp_path: Path) -> None:
    row = "XN-1,规划局,建设工程许可,2019-04-01 09:00,2019-04-15,2019-04-12 16:00\n"
    assert read_text(tmp_path, HEADER + row) == (
        [
            Record(
                line=2,
                case_id="XN-1",
                unit="规划局",
                item="建设工程许可",
                accepted=at(1, 9),
                due=the_day(15),
                finished=at(12, 16),
                steps=(),
            )
        ],
        [],
    )


def test_empty_cells_say_nothing_and_an_empty_finish_is_an_open_case(tmp_path: Path) -> None:
    (record,), flaws = read_text(tmp_path, HEADER + "XN-1,,,2019-04-01 09:00,,\n")
    assert (record.unit, record.item, record.due, record.finished) == ("", "", None, None)
    assert flaws == []


def test_what_the_map_leaves_out_is_empty_and_a_constant_is_everywhere(tmp_path: Path) -> None:
    map_text = """
source: /city/permits
case: {id: 编号, unit: {value: 规划局}, accepted_at: 收件, due_at: {value: 2019-04-30}}
"""
    (record,), _ = read_text(tmp_path, "收件,编号\n2019-04-01,XN-1\n", map_text=map_text)
    assert (record.unit, record.item, record.due) == ("规划局", "", the_day(30))


def test_a_row_that_cannot_be_judged_is_rejected_with_place_code_and_field(tmp_path: Path) -> None:
    rows = [
        "XN-1,局,项,2019-04-01,,",
        ",局,项,2019-04-01,,",
        "XN-3,局,项,,,",
        "XN-4,局,项,10/11/2015,,",
        "XN-5,局,项,2019-04-01,30天后,",
        f"XN-6,局,项,2019-04-01,,{'未' * 60}",
    ]
    records, flaws = read_text(tmp_path, HEADER + "\n".join(rows))
    assert [record.case_id for record in records] == ["XN-1"]
    assert flaws == [
        rejected(3, "missing-id", "id", "编号"),
        rejected(4, "missing-accepted-time", "accepted_at", "收件"),
        rejected(5, "unreadable-time", "accepted_at", "收件", "10/11/2015"),
        rejected(6, "unreadable-time", "due_at", "截止", "30天后"),
        rejected(7, "unreadable-time", "finished_at", "办结", "未" * 40),
    ]


def test_a_row_with_several_flaws_is_rejected_once(tmp_path: Path) -> None:
    _, flaws = read_text(tmp_path, HEADER + ",局,项,what,what,what\n")
    assert [flaw.code for flaw in flaws] == ["missing-id"]


def test_a_row_per_step_is_a_record_per_step(tmp_path: Path) -> None:
    rows = "XN-1,局,项,2019-04-01,,,受理,2019-04-01 09:00,窗口\nXN-1,局,项,,,,审核,2019-04-02,\n"
    records, flaws = read_text(tmp_path, STEP_HEADER + rows, map_text=STEPS)
    assert [record.steps for record in records] == [
        (Step(name="受理", at=at(1, 9), unit="窗口"),),
        (Step(name="审核", at=the_day(2), unit=""),),
    ]
    assert flaws == []


def test_in_a_row_per_step_another_row_may_tell_when_the_case_was_accepted(tmp_path: Path) -> None:
    row = "XN-1,局,项,,,,审核,2019-04-02,\n"
    (record,), flaws = read_text(tmp_path, STEP_HEADER + row, map_text=STEPS)
    assert record.accepted is None
    assert flaws == []


def test_a_step_without_a_readable_time_is_left_out_of_its_case(tmp_path: Path) -> None:
    rows = "XN-1,局,项,2019-04-01,,,受理,,窗口\nXN-1,局,项,2019-04-01,,,审核,明天,窗口\n"
    records, flaws = read_text(tmp_path, STEP_HEADER + rows, map_text=STEPS)
    assert [(record.case_id, record.steps) for record in records] == [("XN-1", ()), ("XN-1", ())]
    assert flaws == [
        rejected(2, "missing-time", "event.at", "时间"),
        rejected(3, "unreadable-time", "event.at", "时间", "明天"),
    ]

import gzip
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.open import open_log
from services.electronic_supervision.log.record import Record, Rejected, Step
from tests.electronic_supervision.log.reading import map_of, read_bytes, read_text
from tests.electronic_supervision.log.traces import (
    NAMESPACE,
    PERMITS,
    event,
    log_of,
    read_xes,
    trace,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
WHOLE = """<trace>
    <string key="concept:name" value="XN-1"/>
    <string key="department" value=" 规划局 "/>
    <date key="startdate" value="2019-04-01T09:00:00.000+08:00"/>
    <date key="deadline" value="2019-04-15T00:00:00+08:00"/>
    <date key="enddate" value="2019-04-12T16:00:00+08:00"/>
    <event>
        <string key="concept:name" value="受理"/>
        <date key="time:timestamp" value="2019-04-01T09:00:00+08:00"/>
        <string key="org:group" value="窗口"/>
    </event>
    <event>
        <string key="concept:name" value="审核"/>
        <date key="time:timestamp" value="2019-04-02T09:00:00+08:00"/>
    </event>
</trace>"""


def at(day: int, hour: int) -> Moment:
    return Moment.instant(datetime(2019, 4, day, hour, tzinfo=SHANGHAI))


def rejected(code: str, field: str, column: str, text: str = "") -> Rejected:
    return Rejected(line=None, case="XN-1", code=code, field=field, column=column, text=text)


@pytest.mark.parametrize("namespace", [NAMESPACE, "", ' xmlns="urn:other"'])
def test_a_trace_is_a_case_with_its_steps(tmp_path: Path, namespace: str) -> None:
    assert read_xes(tmp_path, log_of(WHOLE, namespace=namespace)) == (
        [
            Record(
                line=None,
                case_id="XN-1",
                unit="规划局",
                item="",
                accepted=at(1, 9),
                due=at(15, 0),
                finished=at(12, 16),
                steps=(
                    Step(name="受理", at=at(1, 9), unit="窗口"),
                    Step(name="审核", at=at(2, 9), unit=""),
                ),
            )
        ],
        [],
    )


def test_every_plain_type_is_an_attribute_and_nested_ones_and_lists_are_not(tmp_path: Path) -> None:
    odd = [
        '<list key="deadline"><values><date key="deadline" value="2019-04-30"/></values></list>',
        '<string key="note" value=""><date key="enddate" value="2019-04-30"/></string>',
        '<int key="department" value="12"/>',
        '<string key="department" value="second"/>',
        "<!-- a remark --><?app do?>",
    ]
    (record,), _ = read_xes(tmp_path, log_of(trace(*odd)))
    assert (record.unit, record.due, record.finished) == ("12", None, None)


def test_defaults_and_attributes_of_the_log_are_no_ones(tmp_path: Path) -> None:
    declared = '<global scope="trace"><date key="deadline" value="1970-01-01"/></global>'
    of_log = '<date key="enddate" value="1970-01-01"/>' + event("2019-04-01")
    (record,), flaws = read_xes(tmp_path, log_of(declared, of_log, trace()))
    assert (record.due, record.finished, record.steps) == (None, None, ())
    assert flaws == []


def test_attributes_may_follow_the_events(tmp_path: Path) -> None:
    late = '<date key="enddate" value="2019-04-12T16:00:00+08:00"/>'
    (record,), _ = read_xes(tmp_path, log_of(trace(event("2019-04-02"), late)))
    assert record.finished == at(12, 16)
    assert len(record.steps) == 1


def test_steps_stay_with_their_own_trace(tmp_path: Path) -> None:
    days = [f"2019-04-{day:02}" for day in range(1, 29)]
    traces = [trace(*map(event, days[:count]), case=f"XN-{count}") for count in range(29)]
    records, _ = read_xes(tmp_path, log_of(*traces))
    assert [len(record.steps) for record in records] == list(range(29))


def test_a_trace_whose_times_cannot_be_read_is_rejected_as_a_case(tmp_path: Path) -> None:
    unread = trace('<date key="deadline" value="soon"/>', event("never"))
    no_start = '<trace><string key="concept:name" value="XN-1"/></trace>'
    records, flaws = read_xes(tmp_path, log_of(unread, no_start))
    assert records == []
    assert flaws == [
        rejected("unreadable-time", "due_at", "deadline", "soon"),
        rejected("missing-accepted-time", "accepted_at", "startdate"),
    ]


def test_an_event_without_readable_time_is_left_out_and_the_case_stays(tmp_path: Path) -> None:
    steps = map(event, ["2019-04-02", "soon", None, ""])
    (record,), flaws = read_xes(tmp_path, log_of(trace(*steps)))
    assert len(record.steps) == 1
    assert flaws == [
        rejected("unreadable-time", "event.at", "time:timestamp", "soon"),
        rejected("missing-time", "event.at", "time:timestamp"),
        rejected("missing-time", "event.at", "time:timestamp"),
    ]


def test_a_trace_without_id_is_placed_by_its_line_however_far_down(tmp_path: Path) -> None:
    indented = trace(case=" ").replace("<trace>", "<trace>\n  ")
    content = log_of(trace(case=None), "\n" * 70_000, indented)
    records, flaws = read_xes(tmp_path, content)
    assert records == []
    assert [(flaw.case, flaw.code) for flaw in flaws] == [(None, "missing-id")] * 2
    near, far = (flaw.line for flaw in flaws)
    assert near == 3
    assert far in (70_005, 70_006)


def test_without_steps_in_the_map_events_are_passed_over(tmp_path: Path) -> None:
    of_cases = PERMITS[: PERMITS.index("event:")]
    (record,), flaws = read_text(
        tmp_path, log_of(trace(event("never"))), name="log.xes", map_text=of_cases
    )
    assert record.steps == ()
    assert flaws == []


def test_what_no_trace_had_is_told_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(log_of(trace(event("2019-04-01"))), encoding="utf-8")
    log = open_log(path, map_of(tmp_path, PERMITS))
    assert sum(1 for _ in log.entries) == 1
    assert log.absent == {"case.unit", "case.due_at", "case.finished_at", "event.unit"}


def test_a_log_without_traces_is_a_log_without_cases(tmp_path: Path) -> None:
    assert read_xes(tmp_path, log_of()) == ([], [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_is_the_one_declared(tmp_path: Path, encoding: str) -> None:
    content = log_of(WHOLE).replace("UTF-8", encoding.removesuffix("-sig"))
    (record,), _ = read_bytes(tmp_path, content.encode(encoding), name="log.xes", map_text=PERMITS)
    assert record.unit == "规划局"


def test_a_gzipped_log_is_read_the_same(tmp_path: Path) -> None:
    packed = gzip.compress(log_of(WHOLE).encode())
    assert read_bytes(tmp_path, packed, name="LOG.XES.GZ", map_text=PERMITS) == read_xes(
        tmp_path, log_of(WHOLE)
    )

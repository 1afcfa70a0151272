from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.electronic_supervision.log.map import CaseMap, Constant, EventMap, Limit, LogMap
from services.electronic_supervision.log.map_file import load_map
from services.electronic_supervision.log.refusal import BadMapError
from tests.electronic_supervision.log.reading import map_of

SMALLEST = "source: /city/permits\ncase:\n  id: 编号\n  accepted_at: 收件\n"

WHOLE = """
source: /city/permits
timezone: Europe/Amsterdam
time_formats: ["%m/%d/%Y %I:%M:%S %p", "%d.%m.%y"]
case:
  id: case_id
  unit: {value: 规划局}
  item: type
  accepted_at: startdate
  due_at: deadline
  limit: {working_days: 15}
  finished_at: enddate
event:
  name: concept:name
  at: time:timestamp
  unit: org:group
"""


def refusal(folder: Path, text: str) -> BadMapError:
    with pytest.raises(BadMapError) as caught:
        map_of(folder, text)
    return caught.value


def test_a_map_says_where_every_fact_of_a_case_and_a_step_stands(tmp_path: Path) -> None:
    assert map_of(tmp_path, WHOLE) == LogMap(
        source="/city/permits",
        timezone=ZoneInfo("Europe/Amsterdam"),
        time_formats=("%m/%d/%Y %I:%M:%S %p", "%d.%m.%y"),
        case=CaseMap(
            id="case_id",
            unit=Constant("规划局"),
            item="type",
            accepted_at="startdate",
            due_at="deadline",
            limit=Limit(working_days=15),
            finished_at="enddate",
        ),
        event=EventMap(name="concept:name", at="time:timestamp", unit="org:group"),
    )


def test_a_map_needs_no_more_than_a_source_an_id_and_an_accepted_time(tmp_path: Path) -> None:
    smallest = map_of(tmp_path, SMALLEST)
    assert smallest.timezone == ZoneInfo("Asia/Shanghai")
    assert smallest.case.due_at is None
    assert smallest.case.limit is None
    assert smallest.event is None


def test_an_optional_field_left_empty_is_left_out(tmp_path: Path) -> None:
    assert map_of(tmp_path, f"{SMALLEST}  unit:\nevent: ~\n") == map_of(tmp_path, SMALLEST)


@pytest.mark.parametrize("value", ["2019-04-25", "2019-04-25 09:32:09", "007", "1_000", "yes"])
def test_a_constant_means_the_same_with_and_without_quotes(tmp_path: Path, value: str) -> None:
    plain = map_of(tmp_path, f"{SMALLEST}  unit: {{value: {value}}}\n")
    quoted = map_of(tmp_path, f'{SMALLEST}  unit: {{value: "{value}"}}\n')
    assert plain == quoted
    assert plain.case.unit == Constant(value)


@pytest.mark.parametrize(
    ("limit", "read"),
    [
        ("{working_days: 15}", Limit(working_days=15)),
        ("{calendar_days: '60'}", Limit(calendar_days=60)),
        ("{office_hours: 1.5}", Limit(office_hours=1.5)),
        ("{hours: 48}", Limit(hours=48)),
    ],
)
def test_a_limit_counts_in_one_of_four_ways(tmp_path: Path, limit: str, read: Limit) -> None:
    assert map_of(tmp_path, f"{SMALLEST}  limit: {limit}\n").case.limit == read


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("  limit: {}", "case.limit"),
        ("  limit: {working_days: 1, hours: 2}", "case.limit"),
        ("  limit: 15", "case.limit"),
        ("  limit: {working_days: 0}", "case.limit.working_days"),
        ("  limit: {working_days: 1.5}", "case.limit.working_days"),
        ("  limit: {working_days: 十五}", "case.limit.working_days"),
        ("  limit: {calendar_days: 99999999}", "case.limit.calendar_days"),
        ("  limit: {hours: 0}", "case.limit.hours"),
        ("  limit: {hours: .inf}", "case.limit.hours"),
        ("  limit: {hours: nan}", "case.limit.hours"),
        ("  limit: {weeks: 2}", "case.limit.weeks"),
        ("  unit: ''", "case.unit"),
        ("  unit: {value: ''}", "case.unit"),
        ("  unit: {value: 局, column: 部门}", "case.unit"),
        ("  unit: [部门]", "case.unit"),
        ("  depends: 部门", "case.depends"),
        ("  due_at: {value: 明天}", "case.due_at"),
        ("event: {name: 环节}", "event.at"),
        ("event: {at: {value: 10/11/2015}}", "event.at"),
        ("timezone: Beijing", "timezone"),
        ("timezone: America", "timezone"),
        ("timezone: ../secrets", "timezone"),
        ('time_formats: "%Y-%m-%d"', "time_formats"),
        ('time_formats: ["%Q"]', "time_formats.0"),
        ('time_formats: ["%Y-%m-%d", "%H:%M"]', "time_formats.1"),
        ('time_formats: ["%Y-%m-%d %H:%M %Z"]', "time_formats.0"),
        ("colour: red", "colour"),
    ],
)
def test_the_wrong_field_is_named_by_its_path(tmp_path: Path, line: str, field: str) -> None:
    refused = refusal(tmp_path, f"{SMALLEST}{line}\n")
    assert (refused.code, refused.field) == ("map-invalid", field)
    assert refused.message.startswith(field)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("case: {id: 编号, accepted_at: 收件}", "source"),
        ("source: /a", "case"),
        ("source: /a b\ncase: {id: 编号, accepted_at: 收件}", "source"),
        ("source:\ncase: {id: 编号, accepted_at: 收件}", "source"),
        ("source: /a\ncase:", "case"),
        ("source: /a\ncase: 编号", "case"),
        ("source: /a\ncase: {accepted_at: 收件}", "case.id"),
        ("source: /a\ncase: {id: 编号}", "case.accepted_at"),
        ("source: /a\ncase: {id:, accepted_at: 收件}", "case.id"),
    ],
)
def test_what_a_map_cannot_do_without_is_asked_for(tmp_path: Path, text: str, field: str) -> None:
    refused = refusal(tmp_path, text)
    assert (refused.code, refused.field) == ("map-invalid", field)


def test_an_unknown_field_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    refused = refusal(tmp_path, f"{SMALLEST}  deadline: 截止\n")
    assert "due_at" in refused.message


def test_a_misspelt_field_is_named_rather_than_the_one_it_leaves_missing(tmp_path: Path) -> None:
    refused = refusal(tmp_path, "source: /a\ncase: {id: 编号, acepted_at: 收件}\n")
    assert refused.field == "case.acepted_at"
    assert "accepted_at、" in refused.message


def test_what_a_field_may_be_is_said_in_the_words_of_the_map(tmp_path: Path) -> None:
    assert "{value: 固定值}" in refusal(tmp_path, f"{SMALLEST}  unit: [部门]\n").message


def test_a_key_given_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    refused = refusal(tmp_path, f"{SMALLEST}  id: 案号\n")
    assert (refused.code, refused.field, refused.line) == ("map-invalid", "case.id", 5)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "- a\n- b\n", "permits", "~"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text).code == "map-invalid"


def test_an_alias_is_refused_however_often_it_doubles(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    assert refusal(tmp_path, bomb).code == "map-invalid"
    assert refusal(tmp_path, "a: &a [*a]\n").code == "map-invalid"


@pytest.mark.parametrize(
    "text",
    ["case:\n\tid: 编号", "time_formats: [%Y]", 'a: "b', "a: b: c", "a: \x01", "a: 1\n---\nb: 2"],
)
def test_broken_yaml_is_told_from_a_wrong_map(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text).code == "map-not-yaml"


def test_endless_nesting_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "[" * 100_000).code == "map-not-yaml"


def test_a_map_may_start_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert map_of(tmp_path, f"\ufeff{SMALLEST}").source == "/city/permits"


def test_a_map_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    gbk = tmp_path / "gbk.yaml"
    gbk.write_bytes("case: 编号".encode("gbk"))
    long = tmp_path / "log.csv"
    long.write_bytes(b"x" * (1 << 20) + b"x")
    for path, word in [
        (tmp_path / "none.yaml", "找不到"),
        (tmp_path, "目录"),
        (gbk, "UTF-8"),
        (long, "写反"),
    ]:
        with pytest.raises(BadMapError) as caught:
            load_map(path)
        assert caught.value.code == "map-unreadable"
        assert word in caught.value.message

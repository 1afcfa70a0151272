"""Dirty cases are judged as recorded and counted; only what can't be judged is rejected."""

import pytest

from tests.electronic_supervision.audit.conftest import CASE_MAP, STEP_MAP, Auditor

HEAD = "id,unit,accepted,due,finished\n"
STEPS = "id,unit,accepted,due,finished,step,at\n"
GOOD = "0,住建局,2026-01-05,2026-01-10,2026-01-09\n"


@pytest.mark.parametrize(
    ("row", "anomaly", "verdict"),
    [
        ("1,a,2026-01-05,2026-01-10,2026-01-04", "finished-before-accepted", "on_time"),
        ("1,a,2026-01-05 09:00,2026-01-10,2026-01-05", None, "on_time"),
        ("1,a,2026-01-05,2026-01-10,2199-01-01", "future-time", "late"),
        ("1,a,2199-01-05,2199-01-10,", "future-time", "open"),
        ("1,a,2026-01-05,9999-12-31,2026-01-06", None, "on_time"),  # a due date may be far away
        ("1,,2026-01-05,2026-01-10,2026-01-06", "missing-unit", "on_time"),
    ],
)
def test_a_dirty_case_is_judged_and_counted(
    audit: Auditor, row: str, anomaly: str | None, verdict: str
) -> None:
    result = audit(HEAD + row + "\n")
    assert result["anomalies"] == ({anomaly: 1} if anomaly else {})
    assert result["verdicts"][verdict] == 1
    assert result["rejected"] == []


def test_a_case_without_unit_is_counted_under_unknown(audit: Auditor) -> None:
    result = audit(HEAD + "1,,2026-01-05,,\n")
    assert result["by_unit"][0]["unit"] == "(unknown)"


def test_of_rows_with_one_id_the_last_wins(audit: Auditor) -> None:
    row = "0,规划局,2026-01-05,2026-01-08,2026-01-09\n"
    result = audit(HEAD + GOOD + "1,a,2026-01-05,,\n" + row)
    assert result["cases"] == 2
    assert result["anomalies"] == {"duplicate-id": 1}
    assert result["verdicts"]["late"] == 1


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (",a,2026-01-05,,", "missing-id", "id"),
        ("1,a,,2026-01-10,", "missing-accepted-time", "accepted_at"),
        ("1,a,10/11/2015,2026-01-10,", "unreadable-time", "accepted_at"),
        ("1,a,2026-01-05,soon,", "unreadable-time", "due_at"),
        ("1,a,2026-01-05,2026-01-10,2026-02-30", "unreadable-time", "finished_at"),
    ],
)
def test_what_can_not_be_judged_is_rejected_with_line_code_and_field(
    audit: Auditor, row: str, code: str, field: str
) -> None:
    result = audit(HEAD + GOOD + row + "\n")
    assert result["cases"] == 1
    (rejected,) = result["rejected"]
    assert (rejected["line"], rejected["code"], rejected["field"]) == (3, code, field)


def test_a_line_is_counted_in_the_file_not_in_records(audit: Auditor) -> None:
    result = audit(HEAD + '0,"住\n建\n局",2026-01-05,,\n,a,2026-01-05,,\n')
    assert [rejected["line"] for rejected in result["rejected"]] == [5]


def test_a_text_that_the_map_calls_empty_is_empty(audit: Auditor) -> None:
    result = audit(HEAD + "1,NULL,2026-01-05,-,NULL\n", log_map=f"empty: ['NULL', '-']\n{CASE_MAP}")
    assert result["verdicts"]["no_limit"] == 1
    assert result["anomalies"] == {"missing-unit": 1}


def test_with_steps_the_first_value_of_a_case_field_wins(audit: Auditor) -> None:
    rows = (
        "1,,,2026-01-10,,受理,2026-01-05 09:00\n"
        "1,住建局,2026-01-05,,,审核,2026-01-06 09:00\n"
        "2,规划局,2026-01-05,2026-01-10,2026-01-09,受理,2026-01-05 10:00\n"
        "1,规划局,2026-01-05,2026-01-20,2026-01-12,办结,2026-01-12 09:00\n"
    )
    result = audit(STEPS + rows, log_map=STEP_MAP)
    assert (result["cases"], result["events"]) == (2, 4)
    assert result["anomalies"] == {"case-field-varies": 1}
    assert result["by_unit"][0] == {"unit": "住建局", "cases": 1, "late": 1, "open_overdue": 0}


def test_a_step_outside_its_case_is_counted_once_per_case(audit: Auditor) -> None:
    rows = (
        "1,a,2026-01-05,,2026-01-09 12:00,早,2026-01-04 09:00\n"
        "1,a,2026-01-05,,2026-01-09 12:00,晚,2026-01-09 12:01\n"
    )
    result = audit(STEPS + rows, log_map=STEP_MAP)
    assert result["anomalies"] == {"step-outside-case": 1}


def test_a_case_none_of_whose_steps_says_when_it_was_accepted_is_rejected(audit: Auditor) -> None:
    rows = "1,a,,,,受理,2026-01-05\n1,a,,,,办结,2026-01-06\n2,a,2026-01-05,,,受理,2026-01-05\n"
    result = audit(STEPS + rows, log_map=STEP_MAP)
    assert result["cases"] == 1
    assert result["rejected"] == [
        {"line": 2, "code": "missing-accepted-time", "field": "accepted_at"}
    ]


def test_a_step_without_time_is_rejected_by_its_line_and_its_case_judged(audit: Auditor) -> None:
    rows = "1,a,2026-01-05,,,受理,2026-01-05\n1,a,2026-01-05,,,办结,\n2,a,2026-01-05,,,办结,稍后\n"
    result = audit(STEPS + rows, log_map=STEP_MAP)
    assert (result["cases"], result["events"]) == (2, 1)
    assert [(r["line"], r["code"], r["field"]) for r in result["rejected"]] == [
        (3, "missing-time", "event.at"),
        (4, "unreadable-time", "event.at"),
    ]


def test_the_last_time_of_the_log_may_be_a_steps(audit: Auditor) -> None:
    rows = (
        "1,a,2026-01-05,2026-01-10,,受理,2026-01-05\n2,a,2026-01-05,,,补正,2026-01-20 09:00\n"
        "2,a,2026-01-05,,,错,2199-01-20 09:00\n"
    )
    assert audit(STEPS + rows, log_map=STEP_MAP)["verdicts"]["open_overdue"] == 1


def test_a_limit_that_ends_after_the_last_year_is_rejected(audit: Auditor) -> None:
    log_map = CASE_MAP.replace("due_at: due", "limit: {calendar_days: 30000}")
    result = audit(HEAD + GOOD + "1,a,9990-01-05,,\n", log_map=log_map)
    assert [(r["line"], r["code"]) for r in result["rejected"]] == [(3, "time-out-of-range")]
    assert result["cases"] == 1

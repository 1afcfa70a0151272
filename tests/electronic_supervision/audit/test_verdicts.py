"""On time or late, by all that a log tells."""

from collections.abc import Callable

import pytest

from tests.electronic_supervision.audit.conftest import CASE_MAP, LIMIT_MAP, Auditor

HEAD = "id,unit,accepted,due,finished\n"


@pytest.mark.parametrize(
    ("due", "finished", "expected"),
    [
        ("2026-11-20 15:00", "2026-11-20 15:00", "on_time"),
        ("2026-11-20 15:00", "2026-11-20 15:00:01", "late"),
        ("2026-11-20 00:00", "2026-11-20 00:00:01", "late"),  # midnight is an instant too
        ("2026-11-20", "2026-11-20 23:59:59", "on_time"),  # a date ends with its day
        ("2026-11-20", "2026-11-21 00:00:01", "late"),
        ("2026-11-20", "2026-11-20", "on_time"),
        ("2026-11-20", "2026-11-21", "late"),
        ("2026-11-20 15:00", "2026-11-20", "on_time"),  # nobody knows that it was after three
        ("2026-11-20T15:00:00Z", "2026-11-20 22:00", "on_time"),  # 23:00 in Wuhu
        ("", "2026-11-20", "no_limit"),
        ("2026-11-20", "", "open"),
    ],
)
def test_a_case_is_compared_with_its_own_due(
    verdict: Callable[..., str], due: str, finished: str, expected: str
) -> None:
    assert verdict(f"{HEAD}1,住建局,2026-11-02 09:00,{due},{finished}\n") == expected


@pytest.mark.parametrize(
    ("accepted", "finished", "expected"),
    [
        ("2026-11-02 09:00", "2026-11-09 23:59", "on_time"),  # the day of acceptance is free
        ("2026-11-02 09:00", "2026-11-10 00:00:01", "late"),
        ("2026-11-02", "2026-11-09", "on_time"),
        ("2026-11-02", "2026-11-10", "late"),
        ("2026-09-28 09:00", "2026-10-10 17:00", "on_time"),  # 国庆节, and a Saturday worked
        ("2026-09-28 09:00", "2026-10-12 09:00", "late"),
    ],
)
def test_a_limit_of_ours_is_counted_by_the_calendar(
    verdict: Callable[..., str], accepted: str, finished: str, expected: str
) -> None:
    log = f"id,unit,accepted,finished\n1,住建局,{accepted},{finished}\n"
    assert verdict(log, log_map=LIMIT_MAP) == expected


@pytest.mark.parametrize(
    ("limit", "finished", "expected"),
    [
        ("calendar_days: 5", "2026-11-09 20:00", "on_time"),  # Saturday moves to Monday
        ("calendar_days: 5", "2026-11-10 08:00", "late"),
        ("office_hours: 3.5", "2026-11-02 14:30", "on_time"),
        ("office_hours: 3.5", "2026-11-02 14:31", "late"),
        ("hours: 24", "2026-11-03 09:00", "on_time"),
        ("hours: 24", "2026-11-03 09:01", "late"),
    ],
)
def test_each_kind_of_limit_can_be_mapped(
    verdict: Callable[..., str], limit: str, finished: str, expected: str
) -> None:
    log = f"id,unit,accepted,finished\n1,住建局,2026-11-02 09:00,{finished}\n"
    assert verdict(log, log_map=LIMIT_MAP.replace("working_days: 5", limit)) == expected


def test_the_systems_own_due_goes_before_the_maps_limit(audit: Auditor) -> None:
    log_map = LIMIT_MAP.replace("finished_at: finished", "finished_at: finished, due_at: due")
    rows = "1,a,2026-11-02,2026-11-03,2026-11-04\n2,a,2026-11-02,,2026-11-04\n"
    assert audit(HEAD + rows, log_map=log_map)["verdicts"] == {
        "on_time": 1,
        "late": 1,
        "open": 0,
        "open_overdue": 0,
        "no_limit": 0,
    }


def test_an_open_case_is_compared_with_the_last_time_of_the_log(audit: Auditor) -> None:
    """Never with a due date, nor with a time that has not come yet."""
    rows = (
        "1,a,2026-01-05,2026-01-20,\n"
        "2,a,2026-01-05,2026-01-10,2026-01-15 10:00\n"
        "3,a,2199-01-01,,\n"
        "4,a,2026-01-05,2026-01-12,\n"
    )
    assert audit(HEAD + rows)["verdicts"] == {
        "on_time": 0,
        "late": 1,
        "open": 1,
        "open_overdue": 1,
        "no_limit": 1,
    }


def test_an_open_case_is_compared_with_the_last_instant_asked_for(
    verdict: Callable[..., str],
) -> None:
    log = f"{HEAD}1,a,2026-01-05,2026-01-20 12:00,\n"
    assert verdict(log, "--as-of", "2026-01-20 12:00", "2026-01-01") == "open"
    assert verdict(log, "--as-of", "2026-01-20 12:01") == "open_overdue"
    assert verdict(log, "--as-of", "2026-01-20T04:00:01Z", "--as-of", "2026-01-01") == (
        "open_overdue"
    )


def test_verdicts_count_every_judged_case_once(audit: Auditor) -> None:
    rows = (
        "1,住建局,2026-01-05,2026-01-10,2026-01-09\n2,住建局,2026-01-05,2026-01-10,2026-01-11\n"
        "3,规划局,2026-01-05,2026-01-09,\n4,规划局,2026-01-05,,\n5,规划局,,2026-01-10,\n"
    )
    result = audit(HEAD + rows)
    assert result["cases"] == sum(result["verdicts"].values()) == 4
    assert result["events"] == 0
    assert result["by_unit"] == [
        {"unit": "住建局", "cases": 2, "late": 1, "open_overdue": 0},
        {"unit": "规划局", "cases": 2, "late": 0, "open_overdue": 1},
    ]


def test_the_desk_is_counted_at_every_instant_asked_for(audit: Auditor) -> None:
    rows = (
        "begun and done,a,2026-01-05 09:00,2026-01-10,2026-01-08 09:00\n"
        "open and late,a,2026-01-05 09:00,2026-01-10 09:00,2026-03-01 09:00\n"
        "due now,a,2026-01-05 09:00,2026-01-12 00:00,\n"
        "due in seven days,a,2026-01-05 09:00,2026-01-19 00:00,\n"
        "no limit,a,2026-01-05 09:00,,\n"
        "not begun,a,2026-01-12 00:01,2026-01-13,\n"
    )
    assert audit(HEAD + rows, "--as-of", "2026-01-12", "2026-01-01")["as_of"] == [
        {
            "at": "2026-01-12T00:00:00+08:00",
            "started": 5,
            "open": 4,
            "open_overdue": 1,
            "due_within_7_days": 1,
        },
        {
            "at": "2026-01-01T00:00:00+08:00",
            "started": 0,
            "open": 0,
            "open_overdue": 0,
            "due_within_7_days": 0,
        },
    ]


def test_a_case_of_next_year_is_judged_today(verdict: Callable[..., str]) -> None:
    log = "id,unit,accepted,finished\n1,a,2026-11-20 09:00,\n"
    log_map = LIMIT_MAP.replace("working_days: 5", "working_days: 60")
    assert verdict(log, "--as-of", "2027-02-20", log_map=log_map) == "open_overdue"


def test_at_the_very_instant_a_case_has_begun_or_is_done(audit: Auditor) -> None:
    rows = (
        "begun,a,2026-01-12 09:00,,\n"
        "done,a,2026-01-05 09:00,2026-01-10,2026-01-12 09:00\n"
        "due,a,2026-01-05 09:00,2026-01-12 09:00,\n"
        "due in seven days,a,2026-01-05 09:00,2026-01-19 09:00,\n"
    )
    (told,) = audit(HEAD + rows, "--as-of", "2026-01-12 09:00")["as_of"]
    assert told == {
        "at": "2026-01-12T09:00:00+08:00",
        "started": 4,
        "open": 3,
        "open_overdue": 0,
        "due_within_7_days": 1,
    }


def test_units_with_as_many_cases_stand_in_order_of_name(audit: Auditor) -> None:
    units = audit(HEAD + "1,b,2026-01-05,,\n2,a,2026-01-05,,\n3,b,2026-01-05,,\n4,a,2026-01-05,,\n")
    assert [unit["unit"] for unit in units["by_unit"]] == ["a", "b"]


def test_the_log_ends_with_a_finish_too(audit: Auditor) -> None:
    rows = "1,a,2026-01-05,2026-01-10,\n2,a,2026-01-05,,2026-01-11 10:00\n"
    assert audit(HEAD + rows)["verdicts"]["open_overdue"] == 1


def test_where_the_log_ends_with_a_day_it_ends_with_its_first_instant(audit: Auditor) -> None:
    """As --as-of takes a date, whatever the order of the rows."""
    rows = ["1,a,2026-01-05,2026-01-09,", "2,a,2026-01-05,2026-01-10,", "3,a,2026-01-11,,"]
    for order in (rows, rows[::-1]):
        verdicts = audit(HEAD + "\n".join(order) + "\n")["verdicts"]
        assert (verdicts["open_overdue"], verdicts["open"]) == (1, 1)


def test_instants_of_a_repeated_hour_are_told_apart(audit: Auditor) -> None:
    """In Amsterdam 02:33 is there twice on 25 October: 00:33Z and, later, 01:33Z."""
    log_map = CASE_MAP.replace("due_at: due", "limit: {hours: 0.5}")
    log = f"{HEAD}1,a,2026-10-25T00:51:00Z,,\n"
    times = "--as-of", "2026-10-25T01:33:00Z", "2026-10-25T00:55:00Z"
    told = audit(log, *times, log_map=f"timezone: Europe/Amsterdam\n{log_map}")
    assert told["verdicts"]["open_overdue"] == 1
    assert [at["at"][-6:] for at in told["as_of"]] == ["+01:00", "+02:00"]


def test_seven_days_are_so_many_hours_even_when_clocks_change(audit: Auditor) -> None:
    log = f"{HEAD}1,a,2026-10-01,2026-10-28 23:30,\n"
    for due, soon in (("2026-10-28 22:59", 1), ("2026-10-28 23:30", 0)):
        told = audit(
            log.replace("2026-10-28 23:30", due),
            *("--as-of", "2026-10-22"),
            log_map=f"timezone: Europe/Amsterdam\n{CASE_MAP}",
        )
        assert told["as_of"][0]["due_within_7_days"] == soon

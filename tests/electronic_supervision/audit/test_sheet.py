"""The sheet of cases."""

import csv
import os
from pathlib import Path

from deploy.command import main
from tests.electronic_supervision.audit.conftest import CASE_MAP, LIMIT_MAP, Auditor

HEAD = "id,unit,accepted,due,finished\n"


def sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_line_tells_what_was_judged(audit: Auditor, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    rows = "1,住建局,2026-09-28 09:00,2026-10-10,2026-10-12 09:00\n"
    audit(HEAD + rows, "--cases", str(out))
    assert sheet(out) == [
        {
            "case": "1",
            "unit": "住建局",
            "accepted_at": "2026-09-28T09:00:00+08:00",
            "due_on": "2026-10-10",
            "due_at": "2026-10-11T00:00:00+08:00",
            "finished_at": "2026-10-12T09:00:00+08:00",
            "verdict": "late",
            "working_days_used": "6",
            "provisional": "false",
        }
    ]


def test_cases_stand_in_the_order_of_the_log(audit: Auditor, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    rows = "".join(f"{id_},a,2026-01-05,,\n" for id_ in ("10", "9", "b", "9", "A"))
    audit(HEAD + rows, "--cases", str(out))
    assert [line["case"] for line in sheet(out)] == ["10", "9", "b", "A"]


def test_the_last_day_in_time_of_a_midnight_is_that_day(audit: Auditor, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    audit(HEAD + "1,a,2026-01-05,2026-01-10 00:00,2026-01-06\n", "--cases", str(out))
    assert sheet(out)[0]["due_on"] == "2026-01-10"
    assert sheet(out)[0]["due_at"] == "2026-01-10T00:00:00+08:00"


def test_a_day_without_time_is_written_as_a_day(audit: Auditor, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    audit(HEAD + "1,a,2026-01-05,,2026-01-06\n", "--cases", str(out))
    (line,) = sheet(out)
    assert (line["accepted_at"], line["finished_at"]) == ("2026-01-05", "2026-01-06")
    assert (line["due_on"], line["due_at"], line["provisional"]) == ("", "", "false")


def test_an_end_beyond_the_last_notice_is_provisional(audit: Auditor, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    rows = "1,a,2026-12-28 09:00,,\n2,a,2026-12-22 09:00,,\n"
    audit(HEAD + rows, "--cases", str(out), log_map=LIMIT_MAP)
    assert [(line["due_on"], line["provisional"]) for line in sheet(out)] == [
        ("2027-01-05", "true"),
        ("2026-12-29", "false"),
    ]


def test_a_due_that_the_system_states_is_never_provisional(audit: Auditor, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    audit(HEAD + "1,a,2026-11-02,2027-06-01,\n", "--cases", str(out))
    assert sheet(out)[0]["provisional"] == "false"


def test_an_open_case_has_used_the_days_until_the_instant_asked_for(
    audit: Auditor, tmp_path: Path
) -> None:
    out = tmp_path / "cases.csv"
    audit(HEAD + "1,a,2026-11-02,,\n", "--cases", str(out), "--as-of", "2026-11-09 10:00")
    assert sheet(out)[0]["working_days_used"] == "5"


def test_a_finish_of_unknown_hour_has_used_its_day_and_no_more(
    audit: Auditor, tmp_path: Path
) -> None:
    out = tmp_path / "cases.csv"
    audit(HEAD + "1,a,2026-11-02,,2026-11-04\n", "--cases", str(out))
    assert sheet(out)[0]["working_days_used"] == "2"


def test_a_formula_in_a_log_stays_text_in_a_spreadsheet(audit: Auditor, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    rows = '"=HYPERLINK(""http://x"")",@SUM(A1),2026-01-05,,\n-12,+3,2026-01-05,,\n'
    audit(HEAD + rows, "--cases", str(out))
    told = [(line["case"], line["unit"]) for line in sheet(out)]
    assert told == [('\'=HYPERLINK("http://x")', "'@SUM(A1)"), ("-12", "+3")]


def test_a_log_that_breaks_off_leaves_the_old_sheet_alone(tmp_path: Path) -> None:
    out, log, log_map = (tmp_path / name for name in ("cases.csv", "log.csv", "map.yaml"))
    out.write_text("old", encoding="utf-8")
    log.write_text(HEAD + '1,"a,2026-01-05,,\n', encoding="utf-8")
    log_map.write_text(CASE_MAP, encoding="utf-8")
    assert main(["audit", str(log), "--map", str(log_map), "--cases", str(out)]) == 2
    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.csv", "log.csv", "map.yaml"]


def test_a_sheet_into_a_pipe_goes_through_it(audit: Auditor, tmp_path: Path) -> None:
    """Replacing it by a file, as is done with files, would be the end of a /dev/null."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    audit(HEAD + "1,a,2026-01-05,,\n", "--cases", str(pipe))
    assert os.read(reader, 1000).startswith(b"case,unit,")
    os.close(reader)
    assert pipe.is_fifo()

"""The same cases in any format get the same verdicts."""

import gzip
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from deploy.command import main

MAP = """\
source: /city/permits
case: {id: id, unit: unit, accepted_at: accepted, due_at: due, finished_at: finished}
"""
COLUMNS = ("id", "unit", "accepted", "due", "finished")
ROWS = [
    ("1", "住建局", "2026-01-05T09:00:00+08:00", "2026-01-10", "2026-01-10T20:00:00+08:00"),
    ("2", "规划局", "2026-01-05T09:00:00+08:00", "2026-01-10", "2026-01-11T09:00:00+08:00"),
    ("3", "规划局", "2026-01-05T09:00:00+08:00", "2026-01-11T00:00:00+08:00", ""),
    ("4", "", "2026-01-05T09:00:00+08:00", "", ""),
]


def write_csv(path: Path) -> None:
    path.write_text("\n".join(",".join(row) for row in (COLUMNS, *ROWS)), encoding="gb18030")


def write_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (COLUMNS, *ROWS):
        sheet.append(row)
    book.save(path)


def write_xes(path: Path) -> None:
    def attribute(key: str, value: str) -> str:
        return f'<string key="{key}" value="{value}"/>' if value else ""

    cells = ("".join(map(attribute, COLUMNS, row)) for row in ROWS)
    traces = "".join(f"<trace>{each}</trace>" for each in cells)
    path.write_text(f'<log xmlns="http://www.xes-standard.org/">{traces}</log>', encoding="utf-8")


WRITERS = {".csv": write_csv, ".xlsx": write_xlsx, ".xes": write_xes}


@pytest.mark.parametrize("zipped", ["", ".gz"])
@pytest.mark.parametrize("suffix", WRITERS)
def test_the_same_cases_get_the_same_verdicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str, zipped: str
) -> None:
    log, log_map = tmp_path / f"log{suffix}", tmp_path / "map.yaml"
    WRITERS[suffix](log)
    log_map.write_text(MAP, encoding="utf-8")
    if zipped:
        with log.open("rb") as plain, gzip.open(f"{log}.gz", "wb") as packed:
            shutil.copyfileobj(plain, packed)
    assert main(["audit", f"{log}{zipped}", "--map", str(log_map), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "cases": 4,
        "events": 0,
        "rejected": [],
        "anomalies": {"missing-unit": 1},
        "verdicts": {"on_time": 1, "late": 1, "open": 0, "open_overdue": 1, "no_limit": 1},
        "by_unit": [
            {"unit": "规划局", "cases": 2, "late": 1, "open_overdue": 1},
            {"unit": "(unknown)", "cases": 1, "late": 0, "open_overdue": 0},
            {"unit": "住建局", "cases": 1, "late": 0, "open_overdue": 0},
        ],
        "as_of": [],
    }


XES = """\
<log><trace>
  <string key="id" value="WH-1"/><date key="accepted" value="2026-01-05T09:00:00+08:00"/>
  <event><string key="step" value="受理"/><date key="at" value="2026-01-05T09:00:00+08:00"/></event>
  <event><string key="step" value="办结"/><date key="at" value="未知"/></event>
</trace><trace>
  <string key="id" value="WH-2"/><date key="accepted" value="昨天"/>
</trace></log>
"""


def test_in_xes_a_case_is_the_place_of_what_is_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, log_map = tmp_path / "log.xes", tmp_path / "map.yaml"
    log.write_text(XES, encoding="utf-8")
    log_map.write_text(
        "source: /x\ncase: {id: id, accepted_at: accepted, finished_at: end}\n"
        "event: {name: step, at: at}\n",
        encoding="utf-8",
    )
    assert main(["audit", str(log), "--map", str(log_map), "--json"]) == 0
    told = capsys.readouterr()
    result = json.loads(told.out)
    assert (result["cases"], result["events"]) == (1, 1)
    rejected = [(r["case"], r["code"], r["field"]) for r in result["rejected"]]
    assert rejected == [
        ("WH-1", "unreadable-time", "event.at"),
        ("WH-2", "unreadable-time", "accepted_at"),
    ]
    assert told.err == ""
    slip = ["case.finished_at"]
    assert result["absent"] == slip, "a slip in the map would make every case look open"


def test_two_traces_with_one_id_are_one_case_and_an_anomaly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, log_map = tmp_path / "log.xes", tmp_path / "map.yaml"
    log.write_text(XES.replace("WH-2", "WH-1").replace("昨天", "2026-01-06"), encoding="utf-8")
    log_map.write_text(
        "source: /x\ncase: {id: id, accepted_at: accepted}\nevent: {name: step, at: at}\n",
        encoding="utf-8",
    )
    assert main(["audit", str(log), "--map", str(log_map), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["cases"], result["anomalies"]) == (
        1,
        {"case-field-varies": 1, "duplicate-id": 1, "missing-unit": 1},
    )

"""A log that is played means what an audit takes it to mean."""

import csv
import subprocess
import time
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.command import main
from tests.deploy.typed import Place

SAMPLE = Path(__file__).parents[3] / "docs" / "sample"
LOG, MAP = str(SAMPLE / "permits.csv"), str(SAMPLE / "permits.yaml")
SOURCE = "/wuhu/permits"
PATIENCE_SECONDS = 30

STEPS_MAP = """\
source: /city/{name}
case: {{id: id, unit: unit, accepted_at: accepted, due_at: due, finished_at: finished,
       limit: {{{limit}}}}}
event: {{name: step, at: at, unit: by}}
"""
STEPS = """\
id,unit,accepted,due,finished,step,at,by
A,局,2026-03-02 10:00,2026-03-09,2026-03-09 23:30,受理,2026-03-02 10:00,窗口
A,局,,,,审批,2026-03-05,科室
B,局,2026-03-02 10:00,2026-03-09,2026-03-10 00:10,受理,2026-03-02 10:00,
C,局,2026-03-02 10:00,2026-03-09 17:00,2026-03-09 17:00,受理,2026-03-02 10:00,窗口
D,局,2026-03-02 10:00,2026-03-09 17:00,2026-03-09 17:01,,2026-03-02 10:00,窗口
E,,2026-03-02,,2026-03-09,受理,2026-03-01,窗口
F,局,2026-03-02 09:00,,2026-03-02 16:01,受理,2026-03-02 10:00,窗口
G,局,2026-03-02,,,受理,2026-03-02 10:00,窗口
H,局,2026-03-06 16:00,9999-12-31,,受理,2026-03-02 10:00,窗口
I,局,2026-03-06 16:00,,2026-03-02 16:00,受理,2026-03-06 10:00,窗口
J,局,2126-03-06 16:00,,,受理,2126-03-06 16:00,窗口
K,局,2026-03-06,,2026-03-06,受理,2026-03-06,窗口
L,局,2026-03-06 11:00,,2026-03-06 18:00,受理,2026-03-06,窗口
M,局,2026-03-06 11:00,,2026-03-16,受理,2026-03-06,窗口
N,局,2026-03-03 09:00,,2026-03-10 09:00,受理,2026-03-03,窗口
O,局,2026-03-03 09:00,2026-03-09 11:00,2026-03-09,受理,2026-03-03,窗口
P,局,2026-03-06,,2026-03-07 06:00,受理,2026-03-06,窗口
"""
LIMITS = ("working_days: 5", "calendar_days: 5", "office_hours: 7.5", "hours: 7")


def answer(stage: Place, path: str, **parameters: str) -> httpx.Response:
    stack = stage.stack
    headers = {"Authorization": f"Bearer {stack['token']}"}
    with httpx.Client(base_url=stack["console"], headers=headers) as console:
        return console.get(path, params=parameters)


def asked(stage: Place, path: str, **parameters: str) -> Any:
    return answer(stage, path, **parameters).json()


def live_verdicts(stage: Place, source: str) -> dict[str, str]:
    cases = asked(stage, "/cases", source=source, limit="200")["items"]
    return {each["number"]: each["total"]["verdict"] for each in cases if each["total"]}


def audited(stage: Place, log: str, log_map: str) -> dict[str, str]:
    """Return the verdicts of an audit as of the instant that the stack judges by, by case."""
    sheet = stage.data.parent / "audit.csv"
    now = parsedate_to_datetime(answer(stage, "/livez").headers["date"]).isoformat()
    code = main(["audit", log, "--map", log_map, "--cases", str(sheet), "--as-of", now, "--json"])
    assert code == 0
    with sheet.open(encoding="utf-8", newline="") as file:
        return {row["case"]: row["verdict"] for row in csv.DictReader(file)}


def assert_live_as_audited(stage: Place, source: str, log: str, log_map: str) -> None:
    wanted, found = audited(stage, log, log_map), {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := live_verdicts(stage, source)) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found == wanted


def facts(stage: Place, source: str) -> int:
    """Count all that is on record of the cases of a source."""
    cases = asked(stage, "/cases", source=source, limit="200")["items"]
    return sum(len(asked(stage, f"/cases/{each['id']}/timeline")) for each in cases)


def test_the_sample_gets_live_the_verdicts_of_its_audit(stage: Place) -> None:
    played = stage.type("play", LOG, "--map", MAP)
    assert played.returncode == 1, "the sample has two rows that nobody can read"
    assert "27 件，47 个事件" in played.stdout
    assert "第 21 行：时间无法识别" in played.stdout
    assert_live_as_audited(stage, SOURCE, LOG, MAP)
    known = facts(stage, SOURCE)
    again = stage.type("play", LOG, "--map", MAP, "--speed", "1e9")
    assert "47 个事件" in again.stdout
    assert_live_as_audited(stage, SOURCE, LOG, MAP)
    assert facts(stage, SOURCE) == known, "playing twice said something new"


@pytest.mark.parametrize("limit", LIMITS)
def test_steps_days_and_limits_mean_live_what_they_mean_to_an_audit(
    stage: Place, tmp_path: Path, limit: str
) -> None:
    name = limit.partition(":")[0].replace("_", "-")
    log, log_map = tmp_path / "log.csv", tmp_path / "map.yaml"
    log.write_text(STEPS, encoding="utf-8")
    log_map.write_text(STEPS_MAP.format(name=name, limit=limit), encoding="utf-8")
    played = stage.type("play", str(log), "--map", str(log_map))
    assert (played.returncode, played.stderr) == (0, "")
    assert_live_as_audited(stage, f"/city/{name}", str(log), str(log_map))


def added(stage: Place, name: str, source: str) -> "subprocess.CompletedProcess[str]":
    return stage.type("partner", "add", name, "--publish", f"city.{name}", "--source", source)


def test_a_source_of_others_is_not_spoken_under(stage: Place, tmp_path: Path) -> None:
    log_map = tmp_path / "map.yaml"
    text = Path(MAP).read_text(encoding="utf-8")
    log_map.write_text(text.replace(SOURCE, "/hall/x"), encoding="utf-8")
    assert added(stage, "hall", "/hall/x").returncode == 0
    refused = stage.type("play", LOG, "--map", str(log_map), "--as", "other")
    assert (refused.returncode, "source-taken" in refused.stderr) == (2, True)
    assert added(stage, "taken", "/somebody/else").returncode == 0
    log_map.write_text(text.replace(SOURCE, "/hall/taken"), encoding="utf-8")
    refused = stage.type("play", LOG, "--map", str(log_map))
    assert (refused.returncode, "source-fixed" in refused.stderr) == (2, True)


def test_a_log_moved_to_now_ends_within_the_last_week_and_is_not_told_in_two_ways(
    stage: Place, tmp_path: Path
) -> None:
    log, log_map = tmp_path / "log.csv", tmp_path / "map.yaml"
    log.write_text("id,at,end\n1,2026-03-02 10:00,2026-03-04 10:00\n", encoding="utf-8")
    log_map.write_text(
        "source: /city/moved\n"
        "case: {id: id, accepted_at: at, finished_at: end, limit: {hours: 1000}}\n",
        encoding="utf-8",
    )
    moved = ("play", str(log), "--map", str(log_map), "--shift-to-now")
    assert stage.type(*moved).returncode == 0
    assert_live_as_audited(stage, "/city/moved", str(log), str(log_map))
    [case] = asked(stage, "/cases", source="/city/moved")["items"]
    ended = datetime.fromisoformat(case["ended"]["instant"])
    began = datetime.fromisoformat(stage.stack["started_at"])
    assert abs((began - ended).total_seconds()) < 7 * 86_400 + 600
    assert (ended.weekday(), ended.hour) == (2, 10), "weekday and hour did not stay"
    assert stage.type(*moved).returncode == 0
    refused = stage.type(*moved[:-1])
    assert (refused.returncode, "told-otherwise" in refused.stderr) == (2, True)


def test_nothing_is_played_where_nothing_runs(tmp_path: Path) -> None:
    refused = Place(tmp_path / "data", 1).type("play", LOG, "--map", MAP)
    assert (refused.returncode, "not-running" in refused.stderr) == (2, True)
    assert not (tmp_path / "data").exists()

"""The command as a person meets it: tables, explanations, and plain answers to what can't work."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.command import main
from tests.electronic_supervision.audit.conftest import CASE_MAP, LIMIT_MAP, Auditor

SAMPLE = Path(__file__).parents[3] / "docs" / "sample"
HEAD = "id,unit,accepted,due,finished\n"


def run(*arguments: str | Path) -> int:
    return main(["audit", *map(str, arguments)])


@pytest.fixture
def good_map(tmp_path: Path) -> Path:
    path = tmp_path / "map.yaml"
    path.write_text(CASE_MAP, encoding="utf-8")
    return path


def test_the_sample_we_ship_is_told_in_tables_and_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    sample = SAMPLE / "permits.csv", "--map", SAMPLE / "permits.yaml"
    assert run(*sample, "--as-of", "2026-11-20", "--explain", "WH-2026-0007") == 0
    told = capsys.readouterr().out
    for words in (
        *("办件 27 件", "超期办结", "市生态环境局", "编号重复（duplicate-id）", "时间无法识别"),
        *("2026-11-20T00:00:00+08:00", "第 21 行", "结论：超期办结，超期1个工作日"),
        "2026年10月10日（周六）　调休上班（国庆节），计1个工作日",
    ):
        assert words in told


def test_markup_in_a_log_is_printed_as_it_stands(
    tmp_path: Path, good_map: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(f"{HEAD}1,[red]局[/red],2026-01-05,,\n", encoding="utf-8")
    assert run(log, "--map", good_map) == 0
    assert "[red]局[/red]" in capsys.readouterr().out


def test_an_explanation_comes_as_data_too(audit: Auditor) -> None:
    log = "id,unit,accepted,finished\n1,a,2026-11-02 09:00,2026-11-10 09:00\n"
    (told,) = audit(log, "--explain", "1", log_map=LIMIT_MAP)["explanations"]
    assert (told["case"], told["verdict"], told["over"]) == ("1", "late", 1)
    assert told["limits"] == [{"working_days": 5}]
    assert sum(interval["amount"] for interval in told["within"]) == 5


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--as-of", "yesterday"], "time-unreadable（as_of）"),
        (["--as-of", "9999-12-31T23:59:59Z"], "time-unreadable（as_of）"),
        (["--cases", "/nowhere/cases.csv"], "cases-unwritable（--cases）"),
        (["--explain", "2"], "case-unknown（--explain）"),
    ],
)
def test_what_can_not_work_is_said_in_one_line(
    tmp_path: Path,
    good_map: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    complaint: str,
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(f"{HEAD}1,a,2026-01-05,,\n", encoding="utf-8")
    assert run(log, "--map", good_map, *options) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"xiaoneng：{complaint}：")
    assert told.err.count("\n") == 1


def test_a_log_can_not_command_the_terminal(
    tmp_path: Path, good_map: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(f"{HEAD}\x1b[31m1,\x1b[31m局,2026-01-05,,\n,,\x1b[2J,,\n", encoding="utf-8")
    assert run(log, "--map", good_map, "--explain", "\x1b[31m1") == 0
    log.write_text('id,unit,"\x1b[31m\na",due\n', encoding="utf-8")
    assert run(log, "--map", good_map) == 2
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert told.err.count("\n") == 1


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path, good_map: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(HEAD + ",a,b,c,d\n" * 20_000, encoding="utf-8")
    command = [sys.executable, "-m", "deploy.command", "audit", str(log)]
    process = subprocess.Popen(
        [*command, "--map", str(good_map), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


def test_an_output_that_is_full_is_said_to_be() -> None:
    command = [sys.executable, "-m", "deploy.command", "audit"]
    sample = [str(SAMPLE / "permits.csv"), "--map", str(SAMPLE / "permits.yaml"), "--json"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*command, *sample], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("xiaoneng：output-failed：")


def test_a_sheet_does_not_overwrite_the_log_it_judges(
    tmp_path: Path, good_map: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(HEAD, encoding="utf-8")
    assert run(log, "--map", good_map, "--cases", log) == 2
    assert "cases-unwritable" in capsys.readouterr().err
    assert log.read_text(encoding="utf-8") == HEAD


def test_an_audit_that_is_refused_leaves_no_sheet(tmp_path: Path, good_map: Path) -> None:
    log, out = tmp_path / "log.csv", tmp_path / "out.csv"
    log.write_text(f"{HEAD}1,a,2026-01-05,,\n", encoding="utf-8")
    assert run(log, "--map", good_map, "--cases", out, "--explain", "2") == 2
    assert not out.exists()


@pytest.mark.parametrize("options", [[], ["--cases", "."], ["--cases", __file__]])
def test_a_missing_log_is_named(
    good_map: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert run("nowhere.csv", "--map", good_map, *options) == 2
    assert "xiaoneng：" in capsys.readouterr().err


def test_a_bad_map_names_its_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "map.yaml"
    bad.write_text(CASE_MAP + "  limit: {working_days: 0}\n", encoding="utf-8")
    assert run(SAMPLE / "permits.csv", "--map", bad) == 2
    assert "map-invalid（case.limit.working_days）" in capsys.readouterr().err


def test_the_result_as_json_is_one_object_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(SAMPLE / "permits.csv", "--map", SAMPLE / "permits.yaml", "--json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["cases"] == 27
    assert told.err == ""

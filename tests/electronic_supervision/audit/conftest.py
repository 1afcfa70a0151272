"""An audit of a log written in the test, run as a person runs it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from deploy.command import main

CASE_MAP = """\
source: /city/permits
case:
  id: id
  unit: unit
  accepted_at: accepted
  due_at: due
  finished_at: finished
"""
LIMIT_MAP = """\
source: /city/permits
case: {id: id, unit: unit, accepted_at: accepted, limit: {working_days: 5}, finished_at: finished}
"""
STEP_MAP = """\
source: /city/permits
case: {id: id, unit: unit, accepted_at: accepted, due_at: due, finished_at: finished}
event: {name: step, at: at}
"""
Result = dict[str, Any]


class Auditor(Protocol):
    """Audits a .csv given as its text and returns the JSON result."""

    def __call__(self, log: str, *options: str, log_map: str = CASE_MAP) -> Result: ...


@pytest.fixture
def audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Auditor:
    def run(log: str, *options: str, log_map: str = CASE_MAP) -> Result:
        (tmp_path / "log.csv").write_text(log, encoding="utf-8")
        (tmp_path / "map.yaml").write_text(log_map, encoding="utf-8")
        files = [str(tmp_path / "log.csv"), "--map", str(tmp_path / "map.yaml")]
        code = main(["audit", *files, "--json", *options])
        told = capsys.readouterr()
        assert (code, told.err) == (0, "")
        result: Result = json.loads(told.out)
        return result

    return run


@pytest.fixture
def verdict(audit: Auditor) -> Callable[..., str]:
    """Return the one verdict of a log of one case."""

    def run(log: str, *options: str, log_map: str = CASE_MAP) -> str:
        result = audit(log, *options, log_map=log_map)
        assert result["cases"] == 1
        return next(str(name) for name, n in result["verdicts"].items() if n)

    return run

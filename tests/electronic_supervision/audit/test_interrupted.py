"""An audit that cannot go on ends in a line or in silence, and leaves nothing half done."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.electronic_supervision.audit.conftest import CASE_MAP

AUDIT = [sys.executable, "-m", "deploy.command", "audit"]


@pytest.fixture
def long_log(tmp_path: Path) -> list[str]:
    """Return the arguments for an audit of some seconds, more than fits into memory's cache."""
    rows = "".join(f"WH-{n},住建局,2026-01-05 09:00,2026-01-10,\n" for n in range(60_000))
    (tmp_path / "log.csv").write_text(f"id,unit,accepted,due,finished\n{rows}", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(CASE_MAP, encoding="utf-8")
    out = ["--cases", str(tmp_path / "out.csv")]
    return [str(tmp_path / "log.csv"), "--map", str(tmp_path / "map.yaml"), *out]


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_person_may_stop_it(tmp_path: Path, long_log: list[str]) -> None:
    process = subprocess.Popen([*AUDIT, *long_log], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    # until cases are written: Python itself loses a signal that falls into an import
    while not any(draft.stat().st_size for draft in tmp_path.glob(".*.draft")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    assert (process.returncode, told) == (130, b"")
    assert left_behind(tmp_path) == ["log.csv", "map.yaml"]


def test_a_disk_without_room_for_its_notes_is_named(tmp_path: Path, long_log: list[str]) -> None:
    limited = ["sh", "-c", 'ulimit -f 200; exec "$@"', "sh", *AUDIT, *long_log]
    done = subprocess.run(limited, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("xiaoneng：no-temporary-space：")
    assert left_behind(tmp_path) == ["log.csv", "map.yaml"]

"""A stack in the background: started, looked at, worked on, stopped, and deleted when asked to."""

import json
from pathlib import Path

from tests.deploy.typed import Place, wait_until


def test_a_stack_in_the_background_is_there_until_it_is_stopped(here: Place) -> None:
    started = here.up("--background")
    assert (started.returncode, started.stderr) == (0, "")
    stack = here.stack
    assert stack["token"] not in started.stdout
    log = here.data / "logs" / "up.log"
    assert log.stat().st_mode & 0o077 == 0
    assert (here.data / "stack.json").stat().st_mode & 0o077 == 0, "others can read the token"
    status = here.type("status", "--json")
    told = json.loads(status.stdout)
    assert (status.returncode, told["running"], told["ready"]) == (0, True, True)
    assert (told["state"], told["pid"], told["console"]) == (
        "running",
        stack["pid"],
        stack["console"],
    )
    assert stack["token"] not in status.stdout
    assert "@" not in told["postgres"] + told["nats"]
    assert told["counts"]["xiaoneng_quarantine_open"] == 0
    stopped = here.type("stop")
    assert (stopped.returncode, f"进程 {stack['pid']}" in stopped.stdout) == (0, True)
    assert here.servers() == []
    again = here.type("stop")
    assert (again.returncode, "没有在运行" in again.stdout) == (0, True)
    status = here.type("status", "--json")
    gone = {"state": "none", "running": False, "ready": False, "problems": []}
    assert (status.returncode, json.loads(status.stdout)) == (1, gone)


def test_operators_commands_work_on_a_stack_that_runs(here: Place, tmp_path: Path) -> None:
    here.up("--background")
    assert here.type("verify").returncode == 0
    assert here.type("provision", "--check").returncode == 0
    assert here.type("backup", str(tmp_path / "b")).returncode == 0
    refused = [
        here.type("rebuild", "electronic_supervision"),
        here.type("epoch", "open", "electronic_supervision"),
        here.type("restore", str(tmp_path / "b"), "--replace"),
    ]
    assert [each.returncode for each in refused] == [2, 2, 2]
    assert all("-running" in each.stderr for each in refused)
    here.type("stop")
    for allowed in (
        ("rebuild", "electronic_supervision"),
        ("restore", str(tmp_path / "b"), "--replace"),
        ("verify",),
    ):  # leases that were not given back expire within seconds
        wait_until(lambda now=allowed: here.type(*now).returncode == 0)


def test_reset_destroys_only_when_told_to(here: Place) -> None:
    here.up("--background")
    asked = here.type("reset")
    assert (asked.returncode, "--yes" in asked.stdout, "postgres" in asked.stdout) == (
        2,
        True,
        True,
    )
    assert here.type("status").returncode == 0
    done = here.type("reset", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(here.data.iterdir()) == []
    assert here.servers() == []
    assert here.type("reset", "--yes").returncode == 0


def test_reset_touches_no_folder_but_ours(here: Place, tmp_path: Path) -> None:
    strange = tmp_path / "strange"
    (strange / "postgres").mkdir(parents=True)
    (strange / "lock").touch()
    (strange / "novel.docx").write_text("第一章")
    link = tmp_path / "link"
    link.symlink_to(strange)
    pretender = tmp_path / "pretender"
    (pretender / "postgres").mkdir(parents=True)
    for folder in (strange, link, pretender, Path("/"), Path.home()):
        refused = Place(folder, here.port).type("reset", "--yes")
        assert (refused.returncode, "not-ours" in refused.stderr) == (2, True), folder
    assert (strange / "novel.docx").exists()
    assert (pretender / "postgres").exists()


def test_a_stack_without_a_folder_to_write_to_is_refused(here: Place) -> None:
    here.data.write_text("not a folder")
    for arguments in ((), ("--background",)):
        refused = here.up(*arguments)
        assert (refused.returncode, "data-unwritable" in refused.stderr) == (2, True)
    here.data.unlink()

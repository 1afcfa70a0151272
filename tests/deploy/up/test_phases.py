"""Whoever looks at a stack knows whether it starts, runs, stops, or can't be told where."""

import json
import signal
from itertools import groupby

import pytest

from deploy.local.phase import Phase, course
from tests.deploy.typed import Place, wait_until


def test_a_stack_starts_runs_and_stops_before_the_eyes_of_all(here: Place) -> None:
    process = here.start()
    seen = [Phase.NONE]
    told = False

    def looked() -> bool:
        nonlocal told
        seen.append(course(here.data).phase)
        if seen[-1] is Phase.RUNNING and "下一步" in here.said and not told:
            process.send_signal(signal.SIGTERM)
            told = True
        return process.poll() is not None

    wait_until(looked)
    assert process.returncode == 0, here.said
    assert [each for each, _ in groupby([*seen, course(here.data).phase])] == [
        Phase.NONE,
        Phase.STARTING,
        Phase.RUNNING,
        Phase.STOPPING,
        Phase.NONE,
    ]


def test_status_says_that_a_stack_starts_before_it_can_be_found(here: Place) -> None:
    process = here.start()
    wait_until(lambda: course(here.data).pid == process.pid)
    process.send_signal(signal.SIGSTOP)  # so that it starts for as long as we look
    try:
        told = json.loads(here.type("status", "--json").stdout)
        words = here.type("status").stdout
    finally:
        process.send_signal(signal.SIGCONT)
    assert (told["state"], told["running"], told["ready"]) == ("starting", False, False)
    assert told["pid"] == process.pid
    assert f"启动（进程 {process.pid}）" in words


def test_what_a_killed_stack_left_says_nothing_of_the_next(here: Place) -> None:
    first = here.started()
    first.kill()
    first.wait()
    assert course(here.data).phase is Phase.NONE
    (here.data / "stack.json").write_text("{")
    here.started()
    assert course(here.data).phase is Phase.RUNNING


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"console": "x"}'])
def test_a_stack_whose_file_is_damaged_runs_and_is_said_how_to_find_again(
    here: Place, text: str
) -> None:
    process = here.started()
    (here.data / "stack.json").write_text(text)
    told = json.loads(here.type("status", "--json").stdout)
    assert (told["state"], told["running"], told["ready"]) == ("running", True, False)
    assert [each["code"] for each in told["problems"]] == ["stack-unreadable"]
    assert "xiaoneng stop" in here.type("status").stdout
    again = here.up()
    assert (again.returncode, "stack-unreadable" in again.stderr) == (2, True)
    assert here.type("stop").returncode == 0
    assert process.wait(30) == 0
    assert course(here.data).phase is Phase.NONE

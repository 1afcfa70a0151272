"""One command starts everything on a machine, and nothing of it outlives that command."""

import json
import os
import re
import signal
import socket
import time

import pytest

from deploy.local.leftovers import leftovers
from tests.deploy.typed import Place, wait_until

WARM_SECONDS = 15
"""Three times what is promised: other tests run on the machine too."""


def test_ctrl_c_ends_all_in_good_order(here: Place) -> None:
    process = here.started()
    assert f"控制台      http://127.0.0.1:{here.port}\n" in here.said
    assert here.stack["token"] not in here.said
    assert "启动 PostgreSQL 和 NATS" in here.said
    assert here.servers() == ["PostgreSQL", "NATS"]
    second = here.up()
    assert (second.returncode, second.stderr) == (0, "")
    assert f"已在运行（进程 {process.pid}）" in second.stdout
    assert here.stack["console"] in second.stdout
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert "Traceback" not in here.said
    assert here.servers() == []
    assert not (here.data / "stack.json").exists()
    lines = (here.data / "logs" / "services.log").read_text().splitlines()
    assert all("message" in json.loads(line) for line in lines)


def test_children_never_outlive_a_parent_that_is_killed(here: Place) -> None:
    process = here.started()
    assert len(here.servers()) == 2
    process.kill()
    process.wait()
    wait_until(lambda: here.servers() == [])
    assert here.type("status").returncode == 1
    began = time.monotonic()
    here.started()
    assert time.monotonic() - began < WARM_SECONDS


@pytest.mark.parametrize("name", ["PostgreSQL", "NATS"])
def test_a_server_that_dies_ends_the_stack_with_a_word(here: Place, name: str) -> None:
    process = here.started()
    victim = next(each.pid for each in leftovers(here.data) if each.name == name)
    os.kill(victim, signal.SIGKILL)
    assert process.wait(60) == 1
    assert f"stack-failed：{name} 意外结束" in here.said
    assert "Traceback" not in here.said
    assert here.servers() == []


def test_a_port_that_is_taken_is_named_with_its_holder_and_the_flag(here: Place) -> None:
    with socket.create_server(("127.0.0.1", here.port + 1)):
        for arguments in ((), ("--background",)):
            refused = here.up(*arguments)
            assert refused.returncode == 2
            assert f"port-taken：端口 {here.port + 1}（NATS）已被占用" in refused.stderr
            assert f"进程 {os.getpid()}" in refused.stderr
            other = re.search(r"--port (\d+)", refused.stderr)
            assert other is not None, "no ports are named that would do"
            assert int(other[1]) != here.port
    assert here.servers() == []


def test_a_server_that_does_not_start_says_why_in_lines_of_this_start(here: Place) -> None:
    here.started().send_signal(signal.SIGINT)
    here.running[-1].wait(30)
    (here.data / "postgres" / "data" / "PG_VERSION").write_text("9\n")
    with (here.data / "postgres" / "postgres.log").open("a") as log:
        log.write("words of yesterday\n")
    refused = here.up()
    lines = refused.stderr.splitlines()
    assert refused.returncode == 2
    assert lines[0].startswith("xiaoneng：server-failed：PostgreSQL 没有启动。")
    assert any("FATAL" in each and "incompatible" in each for each in lines[1:])
    assert "yesterday" not in refused.stderr
    assert "\ufffd" not in refused.stderr


def test_a_first_start_that_is_interrupted_can_be_made_again(here: Place) -> None:
    process = here.start()
    draft = here.data / "postgres" / "data.new"
    wait_until(lambda: draft.exists() or process.poll() is not None)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert "Traceback" not in here.said
    assert not (here.data / "postgres" / "data").exists(), "half a database was taken for one"
    here.started()


def test_what_another_command_uses_is_not_started_on(here: Place) -> None:
    process = here.start()
    wait_until(lambda: (here.data / "lock").exists())
    refused = here.type("verify")
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert refused.returncode == 2
    assert "data-in-use" in refused.stderr or "no-server" in refused.stderr

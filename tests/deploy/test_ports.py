"""Ports are refused before anything starts on them."""

import os
from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.servers import NATS, POSTGRES
from deploy.refusal import RefusedError
from tests.deploy.typed import free_ports


def test_a_port_is_refused_that_only_root_may_take_if_the_database_runs_as_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_ports()
    floor = tmp_path / "floor"
    floor.write_text(f"{port + 1}\n")
    monkeypatch.setattr(ports, "FLOOR", floor)
    ports.make_sure_free({port: NATS, port + 1: POSTGRES})
    if os.geteuid() != 0:
        ports.make_sure_free({port: POSTGRES})  # it runs as whom the system just let in
        return
    with pytest.raises(RefusedError) as refused:
        ports.make_sure_free({port: POSTGRES})
    assert refused.value.code == "port-forbidden"
    assert "--port" in refused.value.fix


@pytest.mark.parametrize("text", ["0", "-1", "65534", "x", "", "８４２０"])
def test_only_a_port_with_two_more_above_it_is_one(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        ports.console_port(text)
    assert ports.console_port("65533") == 65_533

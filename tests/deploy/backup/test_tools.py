"""PostgreSQL's own tools are fit for the server, and tell nobody its password."""

import asyncio
from pathlib import Path

import pytest

from deploy.backup.tools import reach, tools_for
from deploy.local.postgres import bundled
from deploy.refusal import RefusedError

URL = "postgresql://admin:se%40cret@127.0.0.1:5432/city?sslmode=disable"


def test_a_password_is_not_on_the_command_line() -> None:
    arguments, environment = reach(URL)
    assert arguments == ["--dbname=postgresql://admin@127.0.0.1:5432/city?sslmode=disable"]
    assert environment["PGPASSWORD"] == "se@cret"


def test_the_tools_we_bring_along_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert tools_for(18).folder == bundled()


@pytest.mark.parametrize(("server", "newest"), [(99, 99), (15, 16)])
def test_tools_that_do_not_fit_are_refused(
    monkeypatch: pytest.MonkeyPatch, server: int, newest: int
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RefusedError) as refused:
        tools_for(server, newest=newest)
    assert refused.value.code == "tool-missing"


def older(folder: Path) -> None:
    for name in ("pg_dump", "pg_restore", "psql"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) 16.4'\n")
        (folder / name).chmod(0o755)


def test_tools_on_the_path_serve_an_older_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    older(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tools_for(15, newest=16).folder == tmp_path
    assert tools_for(17).folder == bundled()
    (tmp_path / "psql").unlink()
    assert tools_for(15).folder == bundled(), "one of the three is missing"


async def test_a_tool_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    async with asyncio.timeout(60):
        with pytest.raises(RefusedError, match="no-such-dump") as refused:
            await tools_for(18).run("pg_restore", "--list", "no-such-dump")
    assert refused.value.code == "tool-failed"

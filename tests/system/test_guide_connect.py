"""The samples of the guide to connectors do what it says, typed as they stand there."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.electronic_supervision.connect.config_file import load_connectors
from services.electronic_supervision.connect.connector import View
from services.electronic_supervision.connect.mark import Newest
from services.electronic_supervision.connect.view_rows import Asked, view_rows
from tests.deploy.typed import Place, clean_environment, place, wait_until

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guides" / "connect.md"
FENCE = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHIM = '#!/bin/sh\ncommand=$1; shift\nexec "{python}" -P -m deploy.command $command {more} "$@"\n'
LICENCES = "source: /wuhu/licences\ncase: {id: n, accepted_at: a, limit: {hours: 8}}\n"


def samples() -> dict[str, str]:
    return {name: code for _, name, code in FENCE.findall(GUIDE.read_text(encoding="utf-8"))}


@pytest.fixture
def here() -> Iterator[Place]:
    with place() as made:
        yield made


def types(here: Place, folder: Path, code: str) -> None:
    """Type a sample where `xiaoneng` means this stack."""
    shim = folder / "bin" / "xiaoneng"
    shim.parent.mkdir()
    more = f'--data "{here.data}" $([ "$command" = up ] && echo --port={here.port})'
    shim.write_text(SHIM.format(python=sys.executable, more=more))
    shim.chmod(0o755)
    told = clean_environment()
    path = f"{shim.parent}{os.pathsep}{told['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-euc", code],
        cwd=folder,
        env={**told, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def asked(here: Place, path: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {here.stack['token']}", "Accept": "text/html"}
    with httpx.Client(base_url=here.stack["console"], headers=headers) as console:
        return console.get(path)


def test_five_minutes_lead_to_the_first_cases(here: Place) -> None:
    folder = here.data.parent / "site"
    folder.mkdir()
    for name in ("permits.csv", "permits.yaml"):
        shutil.copy(ROOT / "docs" / "sample" / name, folder)
    (folder / "connectors.yaml").write_text(samples()["connectors.yaml"], encoding="utf-8")
    types(here, folder, samples()["begin"])
    told = "/cases?source=/wuhu/permits&limit=200"
    wait_until(lambda: len(asked(here, told).json()["items"]) == 27)
    assert "its 27 cases" in " ".join(GUIDE.read_text(encoding="utf-8").split())


def test_the_sample_of_a_view_can_be_asked(tmp_path: Path) -> None:
    (tmp_path / "licences.yaml").write_text(LICENCES, encoding="utf-8")
    (tmp_path / "views.yaml").write_text(samples()["views.yaml"], encoding="utf-8")
    database = sqlite3.connect(tmp_path / "licences.db")
    with database:
        database.execute("create table licences (n, a, changed_at)")
        database.execute("insert into licences values ('L1', '2026-11-20 10:00', '2026-11-20')")
        database.execute("create view v_licences as select * from licences")
    database.close()
    (connector,) = load_connectors(tmp_path / "views.yaml")
    assert isinstance(connector.place, View)
    environment = {"LICENCES_URL": f"sqlite:///{tmp_path / 'licences.db'}"}
    question = Asked(
        view=connector.place, log_map=connector.log_map, since=None, environment=environment
    )
    with view_rows(question, Newest()) as rows:
        assert [row.case.id for row in rows] == ["L1"]


def test_no_sample_is_left_untried() -> None:
    assert set(samples()) == {"connectors.yaml", "begin", "views.yaml"}
    opened = re.findall(r"^```\S", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(opened) == len(samples()), "a sample has no name, and is never run"

"""A stack that is told of connectors reads what lies in their folders."""

import sqlite3
from pathlib import Path

import httpx

from tests.deploy.typed import Place, wait_until

SAMPLE = Path(__file__).parents[3] / "docs" / "sample"
CASES = 27
"""Of which the sample tells readably."""

CONNECTORS = """\
connectors:
- name: permits
  source: /wuhu/permits
  map: permits.yaml
  folder: {path: drops, every: 1s}
- name: licences
  source: /wuhu/licences
  map: licences.yaml
  database: {url: LICENCES_URL, view: items, every: 1s}
"""
LICENCES = "source: /wuhu/licences\ncase: {id: n, unit: u, accepted_at: a, limit: {hours: 8}}\n"


def cases(here: Place, source: str) -> int:
    headers = {"Authorization": f"Bearer {here.stack['token']}"}
    with httpx.Client(base_url=here.stack["console"], headers=headers) as console:
        answer = console.get("/cases", params={"source": source, "limit": "200"})
        return len(answer.json()["items"]) if answer.status_code == 200 else 0


def test_a_stack_reads_folders_and_views_from_its_start(here: Place) -> None:
    site = here.data.parent / "site"
    (site / "drops").mkdir(parents=True)
    (site / "permits.yaml").write_bytes((SAMPLE / "permits.yaml").read_bytes())
    (site / "licences.yaml").write_text(LICENCES, encoding="utf-8")
    (site / "connectors.yaml").write_text(CONNECTORS, encoding="utf-8")
    database = sqlite3.connect(site / "licences.db")
    with database:
        database.execute("create table items (n, u, a)")
        database.execute("insert into items values ('L1', '局', '2026-11-20 10:00')")
    database.close()
    told = {"LICENCES_URL": f"sqlite:///{site / 'licences.db'}"}
    started = here.up("--background", f"--connect={site / 'connectors.yaml'}", **told)
    assert started.returncode == 0, started.stdout + started.stderr
    for name in ("permits", "licences"):
        asked = ("--publish", f"city.{name}", "--source", f"/wuhu/{name}")
        admitted = here.type("partner", "add", name, *asked)
        assert admitted.returncode == 0, admitted.stderr
    (site / "drops" / ".permits.csv").write_bytes((SAMPLE / "permits.csv").read_bytes())
    (site / "drops" / ".permits.csv").rename(site / "drops" / "permits.csv")
    wait_until(lambda: cases(here, "/wuhu/permits") == CASES)
    wait_until(lambda: cases(here, "/wuhu/licences") == 1)
    assert here.type("stop").returncode == 0


def test_connectors_that_can_not_be_used_are_refused_before_anything_starts(here: Place) -> None:
    file = here.data.parent / "connectors.yaml"
    file.write_text("connectors:\n- nmae: x\n", encoding="utf-8")
    refused = here.up(f"--connect={file}")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("xiaoneng：connectors-invalid（connectors.0.nmae，第 2 行）")
    assert not here.data.exists()
    by_environment = here.up(XIAONENG_CONNECTORS=str(file))
    assert by_environment.returncode == 2

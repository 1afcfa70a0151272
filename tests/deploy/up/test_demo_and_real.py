"""A simulated city never speaks where a real one has, and is always marked as one."""

import json

import httpx

from tests.deploy.typed import Place, wait_until

UNIT = {"name": "市住建局", "group": "government", "effective_from": "2012-01-01"}


def test_a_simulated_city_lives_is_marked_and_stays_marked(here: Place) -> None:
    started = here.up("--demo", "--background")
    assert started.returncode == 0, started.stderr

    def judged() -> bool:
        told = json.loads(here.type("status", "--json").stdout)
        return bool(told["demo"] and told["counts"].get("xiaoneng_judgements_total", 0) > 0)

    wait_until(judged)
    here.type("stop")
    assert here.up("--background").returncode == 0
    assert here.stack["is_demo"] is True, "made-up records were shown as real ones"


def test_no_simulated_city_speaks_among_real_records(here: Place) -> None:
    assert here.up("--background").returncode == 0
    stack = here.stack
    assert stack["is_demo"] is False
    operator = {"Authorization": f"Bearer {stack['token']}"}
    with httpx.Client(base_url=stack["console"], headers=operator) as console:
        assert console.put("/units/WHZJW", json=UNIT).status_code == 201
    here.type("stop")
    refused = here.up("--demo")
    assert (refused.returncode, "not-a-demo" in refused.stderr) == (2, True)
    assert here.servers() == []
    assert not (here.data / "demo.json").exists()

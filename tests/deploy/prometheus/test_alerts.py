"""Who is watched, and when people are called."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.compose.compose_file import services

PROJECT = Path(__file__).parents[3]
FOLDER = PROJECT / "deploy/prometheus"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def alerts() -> list[dict[str, Any]]:
    return [rule for group in read("rules.yml")["groups"] for rule in group["rules"]]


def promtool(*arguments: str) -> "subprocess.CompletedProcess[str]":
    if shutil.which("promtool") is None:
        pytest.fail("promtool is missing: apt-get install prometheus")
    return subprocess.run(
        ["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
    )


@pytest.mark.debian
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "rules.yml"),
        ("test", "rules", "rules_test.yml"),
    ],
    ids=["the configuration is taken", "the rules are taken", "each alert fires, and stays quiet"],
)
def test_prometheus_agrees(arguments: tuple[str, ...]) -> None:
    done = promtool(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tried_both_ways() -> None:
    tried: dict[str, set[bool]] = {}
    for test in read("rules_test.yml")["tests"]:
        for each in test["alert_rule_test"]:
            tried.setdefault(each["alertname"], set()).add(bool(each.get("exp_alerts")))
    assert tried == {each["alert"]: {True, False} for each in alerts()}


@pytest.mark.parametrize("alert", alerts(), ids=lambda each: str(each["alert"]))
def test_an_alert_says_in_chinese_what_is_wrong_and_where_to_read_on(alert: dict[str, Any]) -> None:
    told = alert["annotations"]
    assert CHINESE.search(told["summary"])
    assert CHINESE.search(told["description"])
    assert alert["labels"]["severity"] in {"page", "ticket"}
    file, _, heading = told["runbook"].partition("#")
    lines = (PROJECT / file).read_text(encoding="utf-8").splitlines()
    anchors = {
        each.lstrip("# ").lower().replace(" ", "-") for each in lines if each.startswith("#")
    }
    assert heading in anchors


def test_prometheus_looks_where_compose_puts_the_services() -> None:
    ours = {"supervision", "supervision-worker", "evaluation"}
    scraped: set[str] = set()
    probed: set[str] = set()
    for job in read("prometheus.yml")["scrape_configs"]:
        static = [target for each in job.get("static_configs", []) for target in each["targets"]]
        hosts = {re.sub("^http://|:8080.*$", "", each) for each in static}
        names = [
            (each["port"], name) for each in job.get("dns_sd_configs", []) for name in each["names"]
        ]
        assert {port for port, _ in names} <= {8080}
        hosts |= {name for _, name in names}
        (probed if "module" in job.get("params", {}) else scraped).update(hosts)
    assert (scraped, probed) == (ours, ours)
    for name in ours:
        assert services()[name]["environment"]["XIAONENG_HTTP_PORT"] == "8080"
    modules = read("blackbox.yml")["modules"]
    assert modules["ready"]["http"]["valid_status_codes"] == [200]

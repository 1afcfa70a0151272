"""The AsyncAPI document says what is said, and the official parser agrees."""

import shutil
import subprocess
from pathlib import Path

import pytest

from contracts import asyncapi, subjects
from contracts.registry import HEARD, PUBLISHED, short_name
from tests.contracts.published_schemas import PACKAGE

NODE = Path(__file__).parents[1] / "node"


def address(event_type: str) -> str:
    told: str = asyncapi.document()["channels"][short_name(event_type)]["address"]
    return told.format(system="xzsp", unit="WHZJW", key="31")


@pytest.mark.parametrize("event_type", sorted(PUBLISHED))
def test_each_event_type_has_the_subject_that_the_code_spells(event_type: str) -> None:
    told = subjects.parse(address(event_type))
    assert (told.event_type, told.unit, told.key) == (event_type, "WHZJW", "31")


def test_city_systems_speak_of_approvals_and_enforcement_and_we_of_the_rest() -> None:
    for event_type in PUBLISHED:
        system = subjects.parse(address(event_type)).system
        assert system == ("xzsp" if event_type.split(".")[1] in HEARD else None)


def officially_parsed(document: Path) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules" / "@asyncapi").exists():
        pytest.fail("Node.js or its packages are missing: make test-all, or npm ci in tests/node")
    command = [node, str(NODE / "validate-asyncapi.mjs"), str(document)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.node
def test_the_official_parser_finds_no_error() -> None:
    parsed = officially_parsed(PACKAGE / "asyncapi.yaml")
    assert (parsed.returncode, parsed.stderr) == (0, "")
    assert parsed.stdout == f"{len(PUBLISHED)} messages, 0 errors\n"


@pytest.mark.node
@pytest.mark.parametrize(
    ("was", "now", "complaint"),
    [
        ("action: receive", "action: hear", '"action" property must be'),
        ("schemas/approvals.case-decided.v1.json", "schemas/nowhere.json", "no such file"),
    ],
)
def test_the_official_parser_would_find_an_error(
    tmp_path: Path, was: str, now: str, complaint: str
) -> None:
    shutil.copytree(PACKAGE / "schemas", tmp_path / "schemas")
    broken = tmp_path / "asyncapi.yaml"
    text = (PACKAGE / "asyncapi.yaml").read_text("utf-8")
    assert was in text
    broken.write_text(text.replace(was, now, 1), "utf-8")
    parsed = officially_parsed(broken)
    assert parsed.returncode == 1
    assert complaint in parsed.stderr

"""The published documents are as generated, and generation never breaks what was published."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts import schemas
from contracts.registry import PUBLISHED
from tests.contracts.golden_events import NAMES
from tests.contracts.published_schemas import PACKAGE, published_schema

DECIDED = "schemas/approvals.case-decided.v1.json"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    assert schemas.main([], tmp_path) is None
    return tmp_path


def edit(package: Path, path: str, **properties: Any) -> None:
    """Make it seem that these properties of the data were published; None: was not."""
    schema = json.loads((package / path).read_text("utf-8"))
    published = schema["$defs"]["CaseDecided"]["properties"]
    for name, value in properties.items():
        published[name] = value
        if value is None:
            del published[name]
    (package / path).write_text(json.dumps(schema), "utf-8")


def test_the_published_documents_are_as_generated() -> None:
    assert schemas.main(["--check"], PACKAGE) is None


def test_generating_twice_gives_the_same_bytes() -> None:
    assert schemas.generated() == schemas.generated()
    assert all(text.endswith("\n") for text in schemas.generated().values())


@pytest.mark.parametrize("name", ["envelope", *NAMES])
def test_each_schema_is_a_legal_one_and_open_to_fields_it_does_not_know(name: str) -> None:
    schema = published_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:xiaoneng:schema:{name}"
    assert "additionalProperties" not in json.dumps(schema)


def test_each_field_that_holds_a_number_or_text_is_bounded() -> None:
    """A field without bounds could never get one: tightening is a breaking change."""
    for event_type in PUBLISHED:
        for definition in schemas.event_schema(event_type)["$defs"].values():
            for field in definition.get("properties", {}).values():
                for kind in field.get("anyOf", [field]):
                    bounds = {"string": {"pattern", "format", "enum"}, "integer": {"maximum"}}
                    assert kind.keys() & bounds.get(kind.get("type"), kind.keys())


def test_a_stale_a_missing_and_a_foreign_document_are_named(package: Path) -> None:
    (package / DECIDED).write_text("{}")
    (package / "asyncapi.yaml").unlink()
    (package / "schemas" / "foreign.json").write_text("{}")
    problem = schemas.main(["--check"], package)
    assert problem is not None
    assert problem.splitlines()[1:] == ["asyncapi.yaml", DECIDED, "schemas/foreign.json"]


def test_checking_writes_nothing(tmp_path: Path) -> None:
    assert schemas.main(["--check"], tmp_path) is not None
    assert list(tmp_path.iterdir()) == []


def test_a_new_optional_field_is_published(package: Path) -> None:
    edit(package, DECIDED, corrects=None)
    assert schemas.main([], package) is None
    assert schemas.main(["--check"], package) is None


def test_a_removed_field_is_refused_and_nothing_is_written(package: Path) -> None:
    edit(package, DECIDED, number={"type": "string"})
    before = schemas.on_disk(package)
    problem = schemas.main([], package)
    assert problem is not None
    assert f"{DECIDED}: data.number was removed" in problem
    assert "new version" in problem
    assert schemas.on_disk(package) == before


def test_a_field_of_another_type_is_refused(package: Path) -> None:
    edit(package, DECIDED, reasons={"type": "string"})
    assert "data.reasons: type changed" in (schemas.main([], package) or "")


def test_a_published_schema_may_not_disappear(package: Path) -> None:
    (package / "schemas" / "approvals.case-forgotten.v1.json").write_text("{}")
    problem = schemas.main([], package)
    assert "case-forgotten.v1.json: was published and may not disappear" in (problem or "")

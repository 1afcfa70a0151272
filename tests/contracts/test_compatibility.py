"""Only a new optional field, or other words for people, may change what was published."""

from copy import deepcopy
from typing import Any

import pytest

from contracts.compatibility import breaking_changes

PUBLISHED: dict[str, Any] = {
    "$id": "urn:xiaoneng:schema:demo.v1",
    "$defs": {
        "Data": {
            "$anchor": "data",
            "type": "object",
            "required": ["case", "limit"],
            "properties": {
                "case": {"type": "string", "maxLength": 100},
                "limit": {"$ref": "#/$defs/Limit"},
                "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "steps": {"type": "array", "items": {"$ref": "#/$defs/Limit"}},
                "pause": {"type": "string", "default": "1"},
            },
        },
        "Limit": {
            "type": "object",
            "required": ["amount"],
            "properties": {
                "amount": {"type": "integer", "minimum": 1},
                "unit": {"enum": ["days", "minutes"], "type": "string"},
            },
        },
    },
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"$ref": "#/$defs/Data", "description": "What happened."}},
}


def changed(**edits: Any) -> dict[str, Any]:
    """The schema with definitions' properties or keywords set (`Data__case`); None removes."""
    schema = deepcopy(PUBLISHED)
    for place, value in edits.items():
        definition, name = place.split("__")
        found = schema["$defs"][definition]
        target = found if name in {"required", "title", "description"} else found["properties"]
        target[name] = value
        if value is None:
            del target[name]
    return schema


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    "new",
    [
        PUBLISHED,
        changed(Data__remark=TEXT),
        changed(Limit__remark=TEXT),
        changed(Data__title="Other", Data__description="Other words"),
        changed(Data__case={**TEXT, "maxLength": 100, "description": "…", "examples": ["1"]}),
        changed(Limit__unit={"enum": ["minutes", "days"], "type": "string"}),
        changed(Data__required=["limit", "case"]),
    ],
    ids=["same", "optional", "optional-inside", "words", "field-words", "enum-order", "order"],
)
def test_what_harms_no_one_passes(new: dict[str, Any]) -> None:
    assert breaking_changes(PUBLISHED, new) == []


def test_a_model_may_get_another_name() -> None:
    renamed = deepcopy(PUBLISHED)
    renamed["$defs"]["TimeLimit"] = renamed["$defs"].pop("Limit")
    renamed["$defs"]["Data"]["properties"]["limit"] = {"$ref": "#/$defs/TimeLimit"}
    renamed["$defs"]["Data"]["properties"]["steps"]["items"] = {"$ref": "#/$defs/TimeLimit"}
    assert breaking_changes(PUBLISHED, renamed) == []


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (changed(Data__note=None), "data.note was removed"),
        (
            changed(Data__pause=None, Data__halt={**TEXT, "default": "1"}),
            "data.pause was removed (renamed to halt?)",
        ),
        (
            changed(Data__case={"type": "integer", "maxLength": 100}),
            'data.case: type changed from "string" to "integer"',
        ),
        (changed(Data__required=["case", "limit", "note"]), "data.note is now required"),
        (
            changed(Data__remark=TEXT, Data__required=["case", "limit", "remark"]),
            "data.remark is now required",
        ),
        (
            changed(Data__required=["case"]),
            "data.limit is no longer required, and readers count on it",
        ),
        (
            changed(Data__case={**TEXT, "maxLength": 50}),
            "data.case: maxLength changed from 100 to 50",
        ),
        (changed(Data__case=TEXT), "data.case: maxLength changed from 100 to nothing"),
        (
            changed(Data__note={"anyOf": [{"type": "integer"}, {"type": "null"}]}),
            'data.note: type changed from "string" to "integer"',
        ),
        (
            changed(Data__pause={**TEXT, "default": "2"}),
            'data.pause: default changed from "1" to "2"',
        ),
    ],
)
def test_a_broken_promise_is_named(new: dict[str, Any], reason: str) -> None:
    assert breaking_changes(PUBLISHED, new) == [reason]


@pytest.mark.parametrize("values", [["days"], ["days", "minutes", "weeks"]])
def test_neither_fewer_nor_more_values_are_allowed(values: list[str]) -> None:
    new = changed(Limit__unit={"enum": values, "type": "string"})
    assert breaking_changes(PUBLISHED, new) == [
        f"data.limit.unit: the allowed values changed from ['days', 'minutes'] to {values}",
        f"data.steps[].unit: the allowed values changed from ['days', 'minutes'] to {values}",
    ]


def test_a_field_may_not_become_nullable() -> None:
    new = changed(Data__case={"anyOf": [{**TEXT, "maxLength": 100}, {"type": "null"}]})
    assert len(breaking_changes(PUBLISHED, new)) == 3


def test_a_schema_keeps_its_id_and_the_anchor_of_its_data() -> None:
    new = deepcopy(PUBLISHED)
    new["$id"] += "x"
    del new["$defs"]["Data"]["$anchor"]
    assert [change.split(" changed")[0] for change in breaking_changes(PUBLISHED, new)] == [
        "data: $anchor",
        "the event: $id",
    ]

"""Every type and version ever published can still be read, by us and by others."""

import json

import pytest
from cloudevents.http import from_http, from_json
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from contracts import wire
from contracts.registry import PUBLISHED, dataschema, schema_id, short_name
from tests.contracts.golden_events import NAMES, golden
from tests.contracts.published_schemas import published_schema, validator


def test_every_published_type_has_a_golden_event_and_no_golden_event_is_without_type() -> None:
    assert sorted(short_name(event_type) for event_type in PUBLISHED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_our_reader_reads_it(name: str) -> None:
    event = wire.read(golden(name))
    assert short_name(event.type) == name
    assert type(event.data) is PUBLISHED[event.type]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_written_again_with_the_same_content(name: str) -> None:
    event = wire.read(golden(name))
    assert wire.read(wire.write(event)) == event
    given, written = json.loads(golden(name)), json.loads(wire.write(event))
    assert written["data"].items() >= given["data"].items()


@pytest.mark.parametrize("name", NAMES)
def test_it_validates_against_its_published_schema_and_that_of_the_envelope(name: str) -> None:
    validator(name).validate(json.loads(golden(name)))
    validator("envelope").validate(json.loads(golden(name)))


@pytest.mark.parametrize("name", NAMES)
def test_its_dataschema_leads_to_the_schema_of_its_data(name: str) -> None:
    event = json.loads(golden(name))
    files = Registry().with_resource(
        schema_id(name), Resource.from_contents(published_schema(name))
    )
    Draft202012Validator({"$ref": dataschema(event["type"])}, registry=files).validate(
        event["data"]
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_official_cloudevents_sdk_reads_it(name: str) -> None:
    told = json.loads(golden(name))
    by_http = from_http({"content-type": "application/cloudevents+json"}, golden(name))
    for event in (from_json(golden(name)), by_http):
        assert event.get_data() == told["data"]
        assert {**event.get_attributes(), "data": told["data"]}.items() >= told.items()

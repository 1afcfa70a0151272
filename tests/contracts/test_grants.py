"""What a partner may be granted: by name, unit by unit, and never more than the name says."""

from itertools import combinations

import pytest

from contracts.grants import (
    SUBSCRIPTIONS,
    UnknownGrantError,
    filters_of,
    streams_of,
    system_of,
    types_of,
)
from contracts.registry import HEARD, PUBLISHED
from contracts.streams import stream_of
from contracts.subjects import ours
from tests.contracts.test_subjects import matches

OURS = [each for each in PUBLISHED if each.split(".")[1] not in HEARD]
GRANTS = sorted(SUBSCRIPTIONS)


def brings(filters: list[str], event_type: str, unit: str) -> bool:
    subject = ours(event_type, unit=unit, key="办件.1")
    return any(matches(each, subject) for each in filters)


@pytest.mark.parametrize("grant", GRANTS)
def test_a_grant_brings_what_its_name_says_and_nothing_else(grant: str) -> None:
    for event_type in PUBLISHED:
        expected = event_type in types_of(grant)
        assert brings(filters_of([grant]), event_type, "住建委") is expected, event_type


@pytest.mark.parametrize("grant", GRANTS)
def test_a_grant_for_units_brings_nothing_of_another_unit(grant: str) -> None:
    filters = filters_of([grant], ["住建委", "WHGAJ"])
    for event_type in types_of(grant):
        assert brings(filters, event_type, "住建委"), event_type
        assert brings(filters, event_type, "WHGAJ"), event_type
        assert not brings(filters, event_type, "WHGAJ.2"), event_type
        assert not brings(filters, event_type, ""), event_type


def test_everything_we_publish_can_be_granted_and_nothing_that_city_systems_say() -> None:
    granted = frozenset[str]().union(*(types_of(each) for each in GRANTS))
    assert granted == set(OURS)


@pytest.mark.parametrize("pair", [*combinations(GRANTS, 2)])
def test_no_two_filters_of_one_consumer_overlap(pair: tuple[str, str]) -> None:
    for units in ((), ("a", "b", "a")):
        filters = filters_of(pair, units)
        assert len(set(filters)) == len(filters)
        for event_type in OURS:
            subject = ours(event_type, unit="a", key="k")
            assert sum(matches(each, subject) for each in filters) <= 1, (filters, event_type)


def test_the_filters_of_a_stream_are_only_those_it_holds() -> None:
    grants = ["supervision.alerts", "organisation.units"]
    assert streams_of(grants) == ["ORGANISATION", "SUPERVISION"]
    for stream in streams_of(grants):
        filters = filters_of(grants, stream=stream)
        assert filters
        assert all(stream_of(each.split(".")[1]) == stream for each in filters)


@pytest.mark.parametrize("name", ["", "supervision", "supervision.>", "city.oa", "xiaoneng.>", "*"])
def test_a_grant_that_is_not_in_the_table_is_refused(name: str) -> None:
    for ask in (types_of, lambda each: filters_of([each]), lambda each: streams_of([each])):
        with pytest.raises(UnknownGrantError):
            ask(name)


def test_to_publish_is_granted_for_one_system() -> None:
    assert system_of("city.oa") == "oa"
    for wrong in ("city.", "oa", "supervision.alerts", ""):
        with pytest.raises(UnknownGrantError):
            system_of(wrong)


def test_every_event_that_a_grant_names_was_published() -> None:
    for grant, events in SUBSCRIPTIONS.items():
        assert {each.split(".")[2] for each in types_of(grant)} >= set(events), grant


def test_who_hears_of_units_hears_of_no_people() -> None:
    kinds = {each.split(".")[2].partition("-")[0] for each in types_of("organisation.units")}
    assert kinds == {"unit", "alias"}

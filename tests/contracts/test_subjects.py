"""Subjects are legal, reversible, and can be granted unit by unit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import subjects
from contracts.registry import PUBLISHED
from contracts.subjects import Subject, SubjectError

ACCEPTED = "xiaoneng.approvals.case-accepted.v1"
BREACHED = "xiaoneng.supervision.deadline-breached.v1"

anything = st.text(st.characters(exclude_categories=["Cs"]))
event_types = st.sampled_from(sorted(PUBLISHED))


def matches(pattern: str, subject: str) -> bool:
    """Whether a subject falls under a filter, as a NATS server sees it."""
    wanted, given = pattern.split("."), subject.split(".")
    if wanted[-1] == ">":
        return len(given) >= len(wanted) and matches(
            ".".join(wanted[:-1]), ".".join(given[: len(wanted) - 1])
        )
    return len(wanted) == len(given) and all(
        w in ("*", g) for w, g in zip(wanted, given, strict=True)
    )


def test_a_subject_can_be_read_by_people() -> None:
    assert (
        subjects.ours(BREACHED, unit="WHZJW", key="JSXK-2012-0031")
        == "xiaoneng.supervision.deadline-breached.v1.WHZJW.JSXK-2012-0031"
    )
    assert (
        subjects.city("xzsp", ACCEPTED, unit="住建委", key="a.b *>")
        == "city.xzsp.approvals.case-accepted.v1"
        ".%E4%BD%8F%E5%BB%BA%E5%A7%94.a%2Eb%20%2A%3E"
    )


@given(text=anything)
def test_any_text_becomes_one_legal_token(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_~%-]+", subjects.token(text))


@given(one=anything, other=anything)
def test_two_texts_never_share_a_token(one: str, other: str) -> None:
    assert (subjects.token(one) == subjects.token(other)) == (one == other)


@given(event_type=event_types, unit=anything, key=anything)
def test_our_subject_tells_again_what_it_was_made_of(event_type: str, unit: str, key: str) -> None:
    told = subjects.parse(subjects.ours(event_type, unit=unit, key=key))
    assert told == Subject(event_type=event_type, unit=unit, key=key)


@given(system=anything, event_type=event_types, unit=anything, key=anything)
def test_a_city_systems_subject_tells_again_what_it_was_made_of(
    system: str, event_type: str, unit: str, key: str
) -> None:
    told = subjects.parse(subjects.city(system, event_type, unit=unit, key=key))
    assert told == Subject(system=system, event_type=event_type, unit=unit, key=key)


@given(unit=anything, other=anything, key=anything)
def test_a_subscriber_granted_one_unit_hears_that_unit_alone(
    unit: str, other: str, key: str
) -> None:
    grant = subjects.ours_matching(context="supervision", unit=unit)
    assert matches(grant, subjects.ours(BREACHED, unit=unit, key=key))
    assert matches(grant, subjects.ours(BREACHED, unit=other, key=key)) == (unit == other)
    assert not matches(grant, subjects.ours(ACCEPTED, unit=unit, key=key))
    assert not matches(grant, subjects.city("xzsp", BREACHED, unit=unit, key=key))


@given(system=anything, other=anything, key=anything)
def test_a_city_system_may_speak_under_its_own_name_only(system: str, other: str, key: str) -> None:
    grant = subjects.city_all(system)
    assert matches(grant, subjects.city(system, ACCEPTED, unit="WHZJW", key=key))
    assert matches(grant, subjects.city(other, ACCEPTED, unit="WHZJW", key=key)) == (
        system == other
    )
    assert not matches(grant, subjects.ours(ACCEPTED, unit="WHZJW", key=key))


def test_filters_read_as_granted() -> None:
    assert subjects.ours_matching() == "xiaoneng.*.*.*.*.>"
    assert subjects.ours_matching(context="supervision", unit="WHZJW") == (
        "xiaoneng.supervision.*.*.WHZJW.>"
    )
    assert subjects.city_matching(context="approvals") == "city.*.approvals.*.*.*.>"
    assert subjects.city_matching(system="xzsp", unit="WHZJW") == "city.xzsp.*.*.*.WHZJW.>"
    assert (subjects.ours_all(), subjects.city_all()) == ("xiaoneng.>", "city.>")


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "xiaoneng",
        "xiaoneng.approvals.case-accepted.v1.WHZJW",
        "xiaoneng.approvals.case-accepted.v1.WHZJW.1.2",
        "other.approvals.case-accepted.v1.WHZJW.1",
        "xiaoneng.Approvals.case-accepted.v1.WHZJW.1",
        "xiaoneng.approvals.case-accepted.v0.WHZJW.1",
        "xiaoneng.approvals.*.v1.WHZJW.1",
        "xiaoneng.approvals.case-accepted.v1..1",
        "xiaoneng.approvals.case-accepted.v1.住建委.1",
        "xiaoneng.approvals.case-accepted.v1.%e4%bd%8f.1",
        "xiaoneng.approvals.case-accepted.v1.%41.1",
        "xiaoneng.approvals.case-accepted.v1.%FF.1",
        "xiaoneng.approvals.case-accepted.v1.a%.1",
    ],
)
def test_a_subject_spelled_in_another_way_is_refused(subject: str) -> None:
    with pytest.raises(SubjectError):
        subjects.parse(subject)


@pytest.mark.parametrize(
    "event_type", ["", "case-accepted", "xiaoneng.approvals.>", f"{ACCEPTED}\n"]
)
def test_a_subject_is_made_for_event_types_only(event_type: str) -> None:
    with pytest.raises(SubjectError):
        subjects.ours(event_type, unit="WHZJW", key="1")


@pytest.mark.parametrize("context", ["", ">", "supervision.>"])
def test_a_filter_is_made_for_contexts_only(context: str) -> None:
    with pytest.raises(SubjectError):
        subjects.ours_matching(context=context)

"""A writer says only what is published; a reader takes what it knows and leaves the rest."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts import wire
from contracts.approvals import CaseAccepted, CaseDecided, LimitExtended, Outcome
from contracts.envelope import Event
from contracts.vocabulary import Limit, LimitUnit, Published
from tests.contracts.golden_events import golden
from tests.contracts.published_schemas import validator

CHINA = timezone(timedelta(hours=8))
MONDAY = datetime(2012, 3, 5, 9, 12, tzinfo=CHINA)
EXTENDED = golden("approvals.limit-extended.v1")
ACCEPTED = CaseAccepted(case="JSXK-2012-0031", unit="WHZJW", item="JZGCSGXK")

codes = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=100)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=400)
visible_codes = codes.map(str.strip).filter(bool)
visible_texts = texts.filter(str.strip)
instants = st.datetimes(timezones=st.sampled_from([UTC, CHINA]))
limits = st.builds(Limit, amount=st.integers(1, 1_000_000), unit=st.sampled_from(list(LimitUnit)))
happenings = st.one_of(
    st.builds(
        CaseAccepted,
        case=visible_codes,
        unit=visible_codes,
        item=visible_codes,
        stated_due=st.none() | instants,
        stated_limit=st.none() | limits,
    ),
    st.builds(
        CaseDecided,
        case=visible_codes,
        unit=visible_codes,
        outcome=st.sampled_from(list(Outcome)),
        reasons=st.lists(visible_texts, max_size=3).map(tuple),
    ),
)


def composed(data: Published, time: datetime = MONDAY) -> Event[Published]:
    return wire.compose(
        data,
        event_id="a-1",
        source="/xiaoneng/demo",
        subject="JSXK-2012-0031",
        time=time,
        recordedtime=time,
        sequence=42,
        partitionkey="JSXK-2012-0031",
        correlationid="JSXK-2012-0031",
    )


def changed(raw: bytes, path: str, value: object) -> bytes:
    """The event with the field at the dotted path set to the value."""
    event = json.loads(raw)
    *way, last = path.split(".")
    place: dict[str, Any] = event
    for step in way:
        place = place[step]
    place[last] = value
    return json.dumps(event, ensure_ascii=False).encode()


@given(data=happenings, time=instants)
def test_what_a_writer_wrote_validates_and_is_read_back_the_same(
    data: Published, time: datetime
) -> None:
    event = composed(data, time)
    raw = wire.write(event)
    assert wire.read(raw) == event
    validator(event.type.removeprefix("xiaoneng.")).validate(json.loads(raw))


def test_an_event_of_ours_carries_every_attribute_we_promise() -> None:
    event = json.loads(wire.write(composed(ACCEPTED)))
    assert event["specversion"] == "1.0"
    assert event["type"] == "xiaoneng.approvals.case-accepted.v1"
    assert event["dataschema"] == "urn:xiaoneng:schema:approvals.case-accepted.v1#data"
    assert event["sequence"] == "00000000000000000042"
    assert event["recordedtime"] == event["time"] == "2012-03-05T09:12:00+08:00"
    assert event["data"] == {
        "case": "JSXK-2012-0031",
        "unit": "WHZJW",
        "time_known": "instant",
        "item": "JZGCSGXK",
    }


def test_sequences_sort_as_text_in_the_order_of_their_numbers() -> None:
    event = composed(ACCEPTED)
    assert event.position == 42
    assert event.sequence is not None
    assert event.sequence < "00000000000000000101"


def test_a_writer_cannot_add_an_unknown_field_to_the_data() -> None:
    with pytest.raises(ValidationError, match="applicant"):
        CaseAccepted.model_validate({**ACCEPTED.model_dump(), "applicant": "someone"})


def test_a_writer_cannot_add_an_unknown_attribute_to_the_envelope() -> None:
    event = composed(ACCEPTED)
    with pytest.raises(ValidationError, match="priority"):
        type(event)(**{**dict(event), "priority": "high"})


def test_a_writer_cannot_send_data_under_the_name_of_another_type() -> None:
    event = composed(ACCEPTED).model_copy(update={"type": "xiaoneng.approvals.case-withdrawn.v1"})
    with pytest.raises(ValueError, match="cannot carry CaseAccepted"):
        wire.write(event)


@pytest.mark.parametrize("field", ["unit", "stated_due"])
def test_a_published_event_cannot_be_changed(field: str) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(ACCEPTED, field, None)


@pytest.mark.parametrize("path", ["weather", "data.weather", "data.by.weather"])
def test_a_reader_ignores_fields_it_does_not_know(path: str) -> None:
    assert wire.read(changed(EXTENDED, path, {"rain": [1, None]})) == wire.read(EXTENDED)


@pytest.mark.parametrize("left_out", ["recordedtime", "sequence", "dataschema", "subject"])
def test_a_city_system_may_leave_out_what_only_we_promise(left_out: str) -> None:
    event = {key: value for key, value in json.loads(EXTENDED).items() if key != left_out}
    data = wire.read(json.dumps(event).encode()).data
    assert isinstance(data, LimitExtended)


def test_unset_and_null_mean_the_same() -> None:
    event = wire.read(changed(changed(EXTENDED, "sequence", None), "data.clause", None))
    assert event.position is None
    assert b"clause" not in wire.write(event)

"""Whatever cannot be read is answered with a stable code, the field, and a reason in words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import wire
from tests.contracts.golden_events import golden
from tests.contracts.published_schemas import validator
from tests.contracts.test_wire import EXTENDED, changed

SUPPLEMENT = golden("approvals.supplement-requested.v1")


def refusal(raw: bytes) -> wire.UnreadableError:
    with pytest.raises(wire.UnreadableError) as caught:
        wire.read(raw)
    return caught.value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{} {}",
        EXTENDED.replace("项目".encode(), b"\xff"),
        b"\xef\xbb\xbf" + EXTENDED,
        b'{"type": NaN}',
        b'{"type": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a": ' + b"9" * 100_000 + b"}",
        changed(EXTENDED, "data.reason", "\0"),
        changed(EXTENDED, "weather", "\0"),
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_what_is_not_json_or_cannot_be_stored_is_malformed(raw: bytes) -> None:
    assert refusal(raw).code == "malformed-json"


def test_a_backslash_before_u0000_is_only_text() -> None:
    wire.read(changed(EXTENDED, "data.reason", "\\u0000"))


@pytest.mark.parametrize("event_type", ["xiaoneng.approvals.case-accepted.v9", "", "电子监察"])
def test_an_event_type_never_published_is_unknown(event_type: str) -> None:
    error = refusal(changed(EXTENDED, "type", event_type))
    assert (error.code, error.field) == ("unknown-type", "type")


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"null", b"42"])
def test_an_event_is_a_json_object(raw: bytes) -> None:
    assert refusal(raw).code == "schema-mismatch"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("specversion", "0.3"),
        ("type", 7),
        ("id", ""),
        ("source", "芜湖"),
        ("source", "two words"),
        ("time", "2012-03-05T09:12:00"),
        ("time", "2012-03-05 09:12:00+08:00"),
        ("time", "2012-03-05"),
        ("time", "1"),
        ("time", 1330910000),
        ("time", "2012-13-05T09:12:00+08:00"),
        ("datacontenttype", "text/xml"),
        ("sequence", "42"),
        ("sequence", 42),
        ("traceparent", "00-xyz"),
        ("data", []),
        ("data.case", 31),
        ("data.unit", "WHZJW "),
        ("data.unit", "WH\nZJW"),
        ("data.unit", None),
        ("data.reason", "  "),
        ("data.by", 3),
        ("data.by.amount", "3"),
        ("data.by.amount", 0),
        ("data.by.amount", True),
        ("data.by.unit", "fortnights"),
    ],
)
def test_the_field_out_of_shape_is_named_and_other_validators_see_it_too(
    path: str, value: object
) -> None:
    raw = changed(EXTENDED, path, value)
    error = refusal(raw)
    assert (error.code, error.field) == ("schema-mismatch", path)
    assert not validator("approvals.limit-extended.v1").is_valid(json.loads(raw))


@pytest.mark.parametrize("path", ["specversion", "id", "source", "type", "time", "data"])
def test_a_missing_attribute_is_named(path: str) -> None:
    event: dict[str, Any] = json.loads(EXTENDED)
    del event[path]
    assert refusal(json.dumps(event).encode()).field == path


def test_a_field_inside_a_list_is_named_with_its_place() -> None:
    raw = changed(SUPPLEMENT, "data.materials", [{"name": "申请表"}, {"name": 7}])
    assert refusal(raw).field == "data.materials[1].name"


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    error = refusal(changed(EXTENDED, "data.by.unit", "李四 13800000000"))
    assert "李四" not in str(error)


@given(raw=st.binary() | st.text().map(str.encode))
def test_no_bytes_are_answered_with_anything_but_a_refusal(raw: bytes) -> None:
    assert refusal(raw).code in {"malformed-json", "schema-mismatch"}

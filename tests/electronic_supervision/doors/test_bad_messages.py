"""Bad input at the door to the bus: a stable code, the case in doubt, and nothing else lost."""

import json
from collections.abc import Callable

import pytest

from contracts.subjects import city
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.doors.bus import set_aside
from services.electronic_supervision.doors.screen import OF_NO_CASE
from services.electronic_supervision.hearing import docket_id
from tests.electronic_supervision.doors.desk import NOW, Desk, message, saying
from tests.electronic_supervision.live.said import APPROVALS, accepted, event, raw, subject

AT = "2026-11-23 10:00"
SAID = accepted(AT, "办件9")
SUBJECT = subject(SAID)
CASE = docket_id(CaseKey(source=APPROVALS.source, number="办件9"))
UNIT = {"unit": "u1", "name": "住建局", "group": "government", "effective_from": "2026-01-01"}
Bytes = Callable[[], bytes]


def changed(**attributes: object) -> Bytes:
    return lambda: raw({**SAID, "id": "bad", **attributes})


def spelled(old: str, new: str) -> Bytes:
    """Change an event in its very spelling."""
    return lambda: raw({**SAID, "id": "bad"}).decode().replace(old, new, 1).encode()


BAD: dict[str, tuple[Bytes, str]] = {
    "empty": (lambda: b"", "malformed-json"),
    "no JSON": (lambda: b"{", "malformed-json"),
    "invalid UTF-8": (lambda: b'{"type":"\xff\xfe"}', "malformed-json"),
    "NUL raw": (lambda: b"\x00" * 10, "malformed-json"),
    "NUL escaped": (spelled("办件9", "\\u0000"), "malformed-json"),
    "lone surrogate": (spelled("办件9", "\\ud800"), "malformed-json"),
    "lone surrogate as id": (lambda: b'{"id":"\\ud800"}', "malformed-json"),
    "byte order mark": (lambda: b"\xef\xbb\xbf" + raw(SAID), "malformed-json"),
    "a MiB of brackets": (lambda: b"[" * (1 << 20), "malformed-json"),
    "deep objects": (lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "malformed-json"),
    "an array": (lambda: b"[]", "schema-mismatch"),
    "a number": (lambda: b"1", "schema-mismatch"),
    "no type": (lambda: b'{"id":"1"}', "schema-mismatch"),
    "huge number": (spelled('"amount": 5', '"amount": 1' + "0" * 400), "schema-mismatch"),
    "huge digits": (spelled('"amount": 5', '"amount": 1' + "0" * 9000), "malformed-json"),
    "unknown type": (changed(type="xiaoneng.approvals.case-lost.v1"), "unknown-type"),
    "no item": (changed(data={"case": "办件9", "unit": "housing"}), "schema-mismatch"),
    "no time zone": (changed(time="2026-11-23T10:00:00"), "schema-mismatch"),
    "no such day": (changed(time="2026-02-30T10:00:00+08:00"), "schema-mismatch"),
    "empty id": (changed(id=""), "schema-mismatch"),
    "another's source": (changed(source="/wuhu/police"), "foreign-source"),
    "no case type": (
        changed(type="xiaoneng.organisation.unit-registered.v1", data=UNIT),
        "foreign-type",
    ),
    "sequence before the first": (changed(sequence="0" * 20), "sequence-out-of-range"),
    "sequence beyond bigint": (changed(sequence="9" * 20), "sequence-out-of-range"),
    "another type's subject": (
        changed(type="xiaoneng.approvals.case-withdrawn.v1"),
        "subject-mismatch",
    ),
    "another unit's subject": (spelled('"housing"', '"police"'), "subject-mismatch"),
    "another case's subject": (spelled('"case": "办件9"', '"case": "办件8"'), "subject-mismatch"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_message_is_held_with_its_reason_and_loses_nothing_else(
    desk: Desk, name: str
) -> None:
    make, code = BAD[name]
    bad = message(make(), SUBJECT)
    counts = await desk.takes(saying(accepted(AT)), bad, saying(accepted(AT, "办件2")))
    assert counts == {"new": 2, "quarantined": 1}
    held = await desk.held(bad)
    assert (held.code, held.raw, held.settled) == (code, bad.data, None)
    assert (held.source, held.noted_in) == (APPROVALS.source, CASE)
    assert await desk.unread(CASE) == {held.id}, "the case named by the subject is in doubt"
    assert await desk.told() == 2


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("city.approvals", "bad-subject"),
        ("city.approvals.approvals.case-accepted.v1.housing", "bad-subject"),
        ("city.approvals.approvals.case-accepted.v1.housing.%e5", "bad-subject"),
        ("city.approvals.a\0b.c.v1.u.k", "bad-subject"),
        ("city.approvals.\N{REPLACEMENT CHARACTER}", "bad-subject"),
        (city("police", str(SAID["type"]), unit="housing", key="办件9"), "unknown-system"),
        ("xiaoneng.approvals.case-accepted.v1.housing.k", "unknown-system"),
    ],
)
async def test_a_message_on_a_bad_subject_is_held_though_no_case_is_known(
    desk: Desk, on: str, code: str
) -> None:
    bad = message(raw(SAID), on)
    assert await desk.takes(bad, saying(accepted(AT))) == {"new": 1, "quarantined": 1}
    held = await desk.held(bad)
    assert (held.code, held.noted_in) == (code, OF_NO_CASE)


async def test_an_id_used_again_for_something_else_is_held_with_its_reason(desk: Desk) -> None:
    first = accepted(AT)
    again = saying(event("case-decided", AT, outcome="granted", reasons=[]), id=first["id"])
    assert await desk.takes(saying(first), again) == {"new": 1, "quarantined": 1, "id-reused": 1}
    held = await desk.held(again)
    assert (held.code, held.settled) == ("id-reused", None)
    assert await desk.unread(held.noted_in) == {held.id}
    assert await desk.takes(again) == {"quarantined": 1, "id-reused": 1}
    assert (await desk.held(again)).times == 2


@pytest.mark.parametrize("attribute", ["type", "source", "id"])
async def test_an_attribute_told_twice_is_one_attribute_to_all_who_look(
    desk: Desk, attribute: str
) -> None:
    other = {"type": "xiaoneng.approvals.case-withdrawn.v1", "source": "/wuhu/police", "id": "x"}
    for first in (True, False):
        said = {**SAID, "id": f"twice-{first}"}
        double = json.dumps({attribute: other[attribute]})
        text = raw(said).decode()
        parts = (double[:-1], text[1:]) if first else (text[:-1], double[1:])
        await desk.takes(message(", ".join(parts).encode(), SUBJECT))
    for record in (await desk.records()).values():
        for told in record.told:
            assert (told.event.source, told.event.type) == (APPROVALS.source, SAID["type"])


async def test_an_event_of_the_far_future_is_taken(desk: Desk) -> None:
    assert await desk.takes(saying(accepted("2926-11-23 10:00"))) == {"new": 1}


async def test_the_same_bad_message_again_is_one_row_and_one_doubt(desk: Desk) -> None:
    bad = message(b"{", SUBJECT)
    for _ in range(3):
        await desk.takes(bad)
    assert (await desk.held(bad)).times == 3
    assert len(await desk.unread(CASE)) == 1


@pytest.mark.parametrize("data", [b"\x00", b"\xff", b'{"id":"\\ud800"}', b"[" * 100_000, b""])
async def test_whatever_spoils_a_batch_can_be_set_aside(desk: Desk, data: bytes) -> None:
    bad = message(data, "city.\0")
    await set_aside(desk.connection, bad, NOW)
    await set_aside(desk.connection, bad, NOW)
    held = await desk.held(bad)
    assert (held.code, held.raw, held.times) == ("not-processable", data, 2)

"""An engineer who knows only the schemas, and our reader, refuse the same events."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from contracts import wire
from tests.contracts.golden_events import NAMES, golden
from tests.contracts.published_schemas import validator

STRANGE: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        1,
        1.5,
        10**7,
        2**60,
        "",
        " ",
        "1",
        "x",
        "x ",
        "a b",
        "\t",
        "芜湖",
        "\x85",
    ),
    *("granted", "total", "step:", "step:SC", "late-fact", "x" * 101, "x" * 701, "x" * 4001),
    *("2012-03-05", "2012-02-30", "2012-03-05T09:12:00", "2012-03-05T09:12:00Z", "/a", "a#b"),
    *("2012-03-05T09:12:00+0800", "2012-03-05t09:12:00z", "2012-03-05T09:12:00.123456789-00:00"),
    *([], ["x"], [""], [1], {}, {"name": "x"}, {"amount": 1, "unit": "minutes"}),
]


def places(node: Any, *way: str | int) -> Iterator[tuple[str | int, ...]]:
    """Every place within an event, as the keys that lead there."""
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in children:
        yield (*way, key)
        if isinstance(child, dict | list):
            yield from places(child, *way, key)


def with_value(event: Any, way: tuple[str | int, ...], value: Any) -> Any:
    changed = place = deepcopy(event)
    for key in way[:-1]:
        place = place[key]
    place[way[-1]] = value
    return changed


def our_reader_takes(event: Any) -> bool:
    try:
        wire.read(json.dumps(event).encode())
    except wire.UnreadableError:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_our_reader_and_the_schema_agree_on_every_value_in_every_place(name: str) -> None:
    event, schema = json.loads(golden(name)), validator(name)
    for way in places(event):
        for value in STRANGE:
            changed = with_value(event, way, value)
            assert our_reader_takes(changed) == schema.is_valid(changed), (way, value)

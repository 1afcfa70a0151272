"""Ways in which a system spoils an event so that no door can read it."""

from collections.abc import Callable, Mapping, Sequence


def _outcome_in_words(event: dict[str, object]) -> None:
    event["data"] = {**_data(event), "outcome": "已办结"}


def _no_unit(event: dict[str, object]) -> None:
    event["data"] = {key: value for key, value in _data(event).items() if key != "unit"}


def _time_without_zone(event: dict[str, object]) -> None:
    event["time"] = str(event["time"])[:19].replace("T", " ")


def _data(event: Mapping[str, object]) -> Mapping[str, object]:
    data = event["data"]
    return data if isinstance(data, dict) else {}


GARBLED: Sequence[Callable[[dict[str, object]], None]] = (
    _outcome_in_words,
    _no_unit,
    _time_without_zone,
)
"""Each changes the JSON of a decision in place."""

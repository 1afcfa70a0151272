"""What values a formula may ask for look like: their fields, and what their lists hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from contracts.registry import PUBLISHED


class Kind(StrEnum):
    """What a value is."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    TIME = "time"
    RECORD = "record"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Shape:
    """A value: `fields` of a record by name, `element` of a list."""

    kind: Kind
    fields: Mapping[str, "Shape"] = field(default_factory=dict)
    element: "Shape | None" = None


TEXT, NUMBER, FLAG, TIME = (Shape(each) for each in (Kind.TEXT, Kind.NUMBER, Kind.FLAG, Kind.TIME))


def record(**fields: Shape) -> Shape:
    """Make the shape of a record."""
    return Shape(Kind.RECORD, fields)


def list_of(element: Shape) -> Shape:
    """Make the shape of a list."""
    return Shape(Kind.LIST, element=element)


def fact_of(types: Iterable[str]) -> Shape:
    """Return what every event of these published types says; only what all of them have.

    A type that was never published adds nothing: it is refused elsewhere.
    """
    models = [PUBLISHED[each] for each in types if each in PUBLISHED]
    common = set.intersection(*(set(model.model_fields) for model in models)) if models else set()
    shapes = {name: _of(models[0].model_fields[name].annotation) for name in sorted(common)}
    return record(**{**shapes, "time": TIME, "type": TEXT, "id": TEXT})


def _of(annotation: Any) -> Shape:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _of(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        return _of(next(each for each in get_args(annotation) if each is not NoneType))
    if origin is tuple:
        return list_of(_of(get_args(annotation)[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return record(
            **{name: _of(each.annotation) for name, each in annotation.model_fields.items()}
        )
    if annotation is bool:
        return FLAG
    if annotation in {int, float}:
        return NUMBER
    return TEXT  # days and instants too: an event's data is told as it was written

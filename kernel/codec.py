"""Events of a service to stored text and back, old versions raised to what the code knows today."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

Happened = TypeVar("Happened")
Upcasts = Mapping[type, Callable[[Any], Any]]

NONE: Upcasts = MappingProxyType({})


class UnknownEventError(Exception):
    """A stored type that this code has never heard of: it is older than the record."""


class Codec(Generic[Happened]):
    """Stores frozen dataclasses under their class names.

    `classes` are all that was ever stored, old versions too. An upcast turns an old one into its
    successor, which may have one of its own; no stored event is ever rewritten.
    """

    def __init__(self, *classes: type, upcasts: Upcasts = NONE) -> None:
        self._adapters: dict[str, TypeAdapter[Any]] = {
            each.__name__: TypeAdapter(each) for each in classes
        }
        self._upcasts = upcasts

    def encode(self, event: Happened) -> tuple[str, str]:
        """Return the type and the JSON of an event."""
        name = type(event).__name__
        return name, self._adapters[name].dump_json(event).decode()

    def decode(self, name: str, data: str) -> Happened:
        """Return the event as the code of today knows it. Raises UnknownEventError."""
        adapter = self._adapters.get(name)
        if adapter is None:
            raise UnknownEventError(name)
        event: Any = adapter.validate_json(data)
        while (upcast := self._upcasts.get(type(event))) is not None:
            event = upcast(event)
        known: Happened = event
        return known

"""Read the entries of a document in YAML, every value as the text its author wrote.

Event by event: nothing is converted, nothing refers to anything else, nothing nests deeper.
"""

from collections.abc import Iterator
from typing import Generic

import yaml

from kernel.document.layout import Layout, Line, Sheet
from kernel.document.mistake import MOST_QUOTED
from kernel.document.raw import BadDocumentError, RawRow

NULLS = {"", "~", "null"}


def read_yaml(content: bytes, layout: Layout[Line]) -> list[RawRow]:
    """Return all entries. Raises BadDocumentError.

    Codes: `yaml-malformed`, `yaml-shape` (a mapping of lists of mappings of texts), `yaml-alias`,
    `key-twice`, `sheet-unknown`, `column-unknown`, `too-many-rows`.
    """
    try:
        return _Reader(content.decode(), layout).document()
    except UnicodeDecodeError as error:
        raise BadDocumentError("yaml-malformed") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = "" if mark is None else f"第 {mark.line + 1} 行附近"
        raise BadDocumentError("yaml-malformed", where) from error
    except yaml.YAMLError as error:
        raise BadDocumentError("yaml-malformed") from error


class _Reader(Generic[Line]):
    """Takes the events of a text one after another."""

    def __init__(self, text: str, layout: Layout[Line]) -> None:
        self._layout = layout
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._rows: list[RawRow] = []
        self._line = 1

    def document(self) -> list[RawRow]:
        self._expect(yaml.StreamStartEvent)
        self._expect(yaml.DocumentStartEvent)
        self._expect(yaml.MappingStartEvent)
        seen: set[str] = set()
        while (key := self._key(seen)) is not None:
            if key not in self._layout.named:
                where = f"第 {self._line} 行“{key[:MOST_QUOTED]}”"
                raise BadDocumentError("sheet-unknown", where)
            self._list(self._layout.named[key])
        self._expect(yaml.DocumentEndEvent)
        self._expect(yaml.StreamEndEvent)
        return self._rows

    def _list(self, sheet: Sheet[Line]) -> None:
        event = self._next()
        if isinstance(event, yaml.ScalarEvent) and event.value in NULLS:
            return
        self._make_sure(event, yaml.SequenceStartEvent)
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            self._make_sure(event, yaml.MappingStartEvent)
            self._rows.append(self._row(sheet, self._line))
            if len(self._rows) > self._layout.most_rows:
                raise BadDocumentError("too-many-rows", f" {self._layout.most_rows} ")

    def _row(self, sheet: Sheet[Line], number: int) -> RawRow:
        values: dict[str, str] = {}
        seen: set[str] = set()
        while (field := self._key(seen)) is not None:
            if field not in sheet.line.model_fields:
                where = f"第 {self._line} 行“{field[:MOST_QUOTED]}”"
                raise BadDocumentError("column-unknown", where)
            event = self._scalar(self._next())
            is_null = not event.style and event.value in NULLS  # no quotes
            if event.value and not is_null:
                values[field] = event.value
        return RawRow(sheet=sheet.name, number=number, values=values)

    def _key(self, seen: set[str]) -> str | None:
        event = self._next()
        if isinstance(event, yaml.MappingEndEvent):
            return None
        key: str = self._scalar(event).value
        if key in seen:
            raise BadDocumentError("key-twice", f"第 {self._line} 行")
        seen.add(key)
        return key

    def _scalar(self, event: yaml.Event) -> yaml.ScalarEvent:
        if not isinstance(event, yaml.ScalarEvent):
            raise BadDocumentError("yaml-shape", f"第 {self._line} 行")
        return event

    def _expect(self, kind: type[yaml.Event]) -> None:
        self._make_sure(self._next(), kind)

    def _make_sure(self, event: yaml.Event, kind: type[yaml.Event]) -> None:
        if not isinstance(event, kind):
            raise BadDocumentError("yaml-shape", f"第 {self._line} 行")

    def _next(self) -> yaml.Event:
        event = next(self._events, None)
        if event is None:
            raise BadDocumentError("yaml-shape")
        if event.start_mark is not None:
            self._line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise BadDocumentError("yaml-alias", f"第 {self._line} 行")
        return event

"""Read the traces of an XES log, one after another, and forget each once it is read."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import cast

from lxml.etree import XMLPullParser, XMLSyntaxError, _Element

from services.electronic_supervision.log.columns import case_fields, step_fields
from services.electronic_supervision.log.entry import CaseCells, StepCells, Trace
from services.electronic_supervision.log.map import LogMap, Mapped
from services.electronic_supervision.log.refusal import BadLogError
from services.electronic_supervision.log.source import Source

_CHUNK = 256 << 10
_MOST_HELD = 16 << 20
_MOST_EVENTS = 1_000_000
_TYPES = frozenset({"string", "date", "int", "float", "boolean", "id"})


def read_xes(
    source: Source, log_map: LogMap, progress: Callable[[int], None], absent: set[str]
) -> Iterator[Trace]:
    """Yield each trace with its events, in the log's order.

    Once all is read, `absent` holds the map's fields (`case.finished_at`) whose attribute no trace
    or event had; in XES that may be right, or a slip of the map. Raises BadLogError `log-damaged`
    with the line, `log-mismatch` for other XML, `log-too-large` for a trace no memory should hold.
    """
    traces = _Traces(log_map)
    chunk = source.stream.read(_CHUNK)
    _refuse_other_xml(chunk)
    try:
        while chunk:
            yield from traces.feed(chunk)
            progress(source.file.tell())
            chunk = source.stream.read(_CHUNK)
        traces.close()
    except XMLSyntaxError as error:
        line = error.position[0]
        message = (
            f"XES 文件在第 {line} 行附近无法解析：不是有效的 XML（可能没有导出完整），"
            "或有属性过长、嵌套过深。请重新导出。"
        )
        raise BadLogError("log-damaged", message, line=line) from error
    absent.update(traces.case.absent(), traces.step.absent())


class _Attributes:
    """What the map names of one kind of element."""

    def __init__(self, scope: str, names: Sequence[str], mapped: Sequence[Mapped | None]) -> None:
        self._fields = {
            f"{scope}.{name}": given
            for name, given in zip(names, mapped, strict=True)
            if isinstance(given, str)
        }
        self._mapped = mapped
        self._wanted = frozenset(self._fields.values())
        self._seen: set[str] = set()

    def cells(self, element: _Element) -> list[str]:
        """Return a text for each field of the map, from the direct children of `element`."""
        found: dict[str, str] = {}
        for child in element:
            key = child.get("key")
            if key in self._wanted and key not in found and _local(child) in _TYPES:
                found[key] = child.get("value", "").strip()
        self._seen.update(found)
        return [
            found.get(given, "") if isinstance(given, str) else given.value if given else ""
            for given in self._mapped
        ]

    def absent(self) -> list[str]:
        """Return the fields never found so far."""
        return [field for field, name in self._fields.items() if name not in self._seen]


class _Traces:
    """The parser, and what it holds of a trace whose end has not come yet."""

    def __init__(self, log_map: LogMap) -> None:
        self.case = _Attributes("case", CaseCells._fields, case_fields(log_map))
        self.step = _Attributes("event", StepCells._fields, step_fields(log_map))
        self._has_steps = log_map.event is not None
        self._steps: list[StepCells] = []
        self._events = 0
        self._held = 0
        self._parser = XMLPullParser(
            events=("end",),
            tag=("{*}trace", "{*}event"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )

    def feed(self, chunk: bytes) -> Iterator[Trace]:
        self._parser.feed(chunk)
        self._held += len(chunk)
        for element in _elements(self._parser):
            self._held = 0
            if _local(element) == "event":
                self._event(element)
            else:
                yield self._trace(element)
        if self._held > _MOST_HELD or self._events > _MOST_EVENTS:
            message = (
                "XES 里有一条 trace 过大（事件超过一百万个，或属性超过 16 MiB），请拆分后再试。"
            )
            raise BadLogError("log-too-large", message)

    def close(self) -> None:
        self._parser.close()

    def _event(self, element: _Element) -> None:
        self._events += 1
        parent = element.getparent()
        if self._has_steps and parent is not None and _local(parent) == "trace":
            self._steps.append(StepCells._make(self.step.cells(element)))
        element.clear()

    def _trace(self, element: _Element) -> Trace:
        cells = CaseCells._make(self.case.cells(element))
        trace = Trace(cast("int", element.sourceline), cells, tuple(self._steps))
        self._steps = []
        self._events = 0
        element.clear()
        parent = element.getparent()
        while parent is not None and parent[0] is not element:
            del parent[0]
        return trace


def _refuse_other_xml(head: bytes) -> None:
    starts = XMLPullParser(events=("start",), resolve_entities=False, no_network=True)
    with suppress(XMLSyntaxError):
        starts.feed(head)
    root = next(_elements(starts), None)
    if root is not None and _local(root) != "log":
        raise BadLogError("log-mismatch", "这是 XML，但不是 XES 日志（最外层应当是 <log>）。")


def _elements(parser: XMLPullParser) -> Iterator[_Element]:
    for _, element in parser.read_events():
        yield cast("_Element", element)


def _local(element: _Element) -> str:
    return element.tag.rpartition("}")[2]

"""Make small XES logs, and read them."""

from pathlib import Path

from services.electronic_supervision.log.record import Record, Rejected
from tests.electronic_supervision.log.reading import read_text

PERMITS = """
source: /city/permits
case: {id: concept:name, unit: department, accepted_at: startdate, due_at: deadline,
       finished_at: enddate}
event: {name: concept:name, at: time:timestamp, unit: org:group}
"""
NAMESPACE = ' xmlns="http://www.xes-standard.org/"'


def log_of(*traces: str, namespace: str = NAMESPACE, before: str = "") -> str:
    inner = "\n".join(traces)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<log{namespace}>\n{inner}\n</log>\n'


def trace(*attributes: str, case: str | None = "XN-1", started: str = "2019-04-01") -> str:
    named = f'<string key="concept:name" value="{case}"/>' if case is not None else ""
    inner = "".join(attributes)
    return f'<trace>{named}<date key="startdate" value="{started}"/>{inner}</trace>'


def event(time: str | None) -> str:
    stamp = f'<date key="time:timestamp" value="{time}"/>' if time is not None else ""
    return f'<event><string key="concept:name" value="审核"/>{stamp}</event>'


def read_xes(folder: Path, content: str) -> tuple[list[Record], list[Rejected]]:
    return read_text(folder, content, name="log.xes", map_text=PERMITS)

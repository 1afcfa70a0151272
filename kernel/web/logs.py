"""Logs as one JSON object a line on a stream, without the numbers that name a person."""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import TextIO

KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {
    *("message", "asctime", "taskName"),
    "color_message",  # uvicorn's, for terminals
}
PLAIN = frozenset({"trace", "reference"})
"""Random hexadecimal of machines, in which a run of digits means nothing."""

_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[- ]?)?[1１]\d{2}[- ]?\d{4}[- ]?\d{4}(?!\d)")
_BEARER = re.compile(r"(?i)\bbearer\s+[^\s\"']+")
_URL_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s@/]+@")


def masked(text: str) -> str:
    """Return text with identity numbers, mobile numbers, tokens and passwords of URLs hidden."""
    text = _ID_NUMBER.sub("[id-number]", text)
    text = _MOBILE.sub("[mobile]", text)
    text = _URL_PASSWORD.sub(r"\1:[password]@", text)
    return _BEARER.sub("Bearer [token]", text)


class JsonLines(logging.Formatter):
    """One line for a record, whatever it holds: a trace is one field of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        fields = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat("T", "milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _safe(record.getMessage()),
        }
        for name, value in vars(record).items():
            if name not in KNOWN:
                # what is ours keeps its name, whatever a caller calls his
                key = f"{name}_" if name in fields or name == "exception" else name
                fields[key] = value if name in PLAIN else _safe(value)
        if record.exc_info and record.exc_info[1] is not None:
            fields["exception"] = masked("".join(traceback.format_exception(record.exc_info[1])))
        # half a surrogate pair would not get through the stream, but its escape does
        return json.dumps(fields, ensure_ascii=False).encode(errors="backslashreplace").decode()


def configure(stream: TextIO, level: int = logging.INFO) -> None:
    """Send every log of this process to a stream; only an entry point may do this."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
    logging.captureWarnings(True)
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, _: object) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    logging.getLogger("crash").critical(kind.__name__, exc_info=error)


def _safe(value: object) -> object:
    match value:
        case None | bool():
            return value
        case float():
            return value if isfinite(value) else str(value)
        case int():
            text = str(value)
            return value if masked(text) == text else masked(text)
        case Mapping():
            return {masked(str(key)): _safe(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_safe(each) for each in value]
    return masked(str(value))

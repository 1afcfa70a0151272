"""The only place that spells NATS subjects.

Ours: `xiaoneng.<context>.<event>.v<N>.<unit>.<key>`; those of a city system:
`city.<system>.<context>.<event>.v<N>.<unit>.<key>`. A publisher is granted its own beginning, a
subscriber the unit or context it may see. Units, keys and systems may be any text; encoded they
are one token each.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

_TYPE = re.compile(r"xiaoneng\.(?:[a-z]+)\.(?:[a-z]+(?:-[a-z]+)*)\.v[1-9][0-9]*")
_EMPTY = "%"  # quoting never leaves a lone percent sign


class SubjectError(ValueError):
    """Text that is no subject, or no event type, of this scheme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a subject says: `system` is none for our own services."""

    system: str | None = None
    event_type: str
    unit: str
    key: str


def token(text: str) -> str:
    """Encode any text as one NATS token; each text has exactly one token."""
    return quote(text, safe="").replace(".", "%2E") or _EMPTY


def ours(event_type: str, *, unit: str, key: str) -> str:
    """Give the subject of an event of one of our services; `key` is the case, or the like."""
    return f"{_checked(event_type)}.{token(unit)}.{token(key)}"


def city(system: str, event_type: str, *, unit: str, key: str) -> str:
    """Give the subject of an event of a city system."""
    return f"city.{token(system)}.{_tail(ours(event_type, unit=unit, key=key))}"


def parse(subject: str) -> Subject:
    """Take a subject apart; raises `SubjectError`, also for a token spelled in another way."""
    *head, event_type, unit, key = _split(subject)
    system = _text(head[0]) if head else None
    return Subject(system=system, event_type=_checked(event_type), unit=_text(unit), key=_text(key))


def ours_matching(*, context: str = "*", unit: str | None = None) -> str:
    """Give the filter for our events of one context, or of all, and of one unit, or of all."""
    return f"xiaoneng.{_matching(context, unit)}"


def city_matching(*, system: str | None = None, context: str = "*", unit: str | None = None) -> str:
    """Give the filter for events of one city system, or of all; the rest as for our own."""
    return f"city.{'*' if system is None else token(system)}.{_matching(context, unit)}"


def ours_all(context: str | None = None) -> str:
    """Give the filter for everything of one context of ours, or of all."""
    return "xiaoneng.>" if context is None else f"xiaoneng.{_context(context)}.>"


def ours_of(context: str, event: str, *, unit: str | None = None) -> str:
    """Give the filter for one kind of our events in all versions, of one unit, or of all."""
    if not re.fullmatch("[a-z]+(?:-[a-z]+)*", event):
        raise SubjectError(f"not the name of an event: {event!r}")
    kind = f"xiaoneng.{_context(context)}.{event}"
    return f"{kind}.>" if unit is None else f"{kind}.*.{token(unit)}.>"


def city_all(system: str | None = None) -> str:
    """Give the filter for everything of one city system, which is also its grant, or of all."""
    return "city.>" if system is None else f"city.{token(system)}.>"


def _matching(context: str, unit: str | None) -> str:
    of = context if context == "*" else _context(context)
    return f"{of}.*.*.{'*' if unit is None else token(unit)}.>"


def _context(context: str) -> str:
    if not re.fullmatch("[a-z]+", context):
        raise SubjectError(f"not a context: {context!r}")
    return context


def _split(subject: str) -> list[str]:
    match subject.split("."):
        case ["xiaoneng", context, event, version, unit, key]:
            return [f"xiaoneng.{context}.{event}.{version}", unit, key]
        case ["city", system, context, event, version, unit, key]:
            return [system, f"xiaoneng.{context}.{event}.{version}", unit, key]
        case _:
            raise SubjectError(f"not a subject of ours or of a city system: {subject!r}")


def _checked(event_type: str) -> str:
    if not _TYPE.fullmatch(event_type):
        raise SubjectError(f"not an event type: {event_type!r}")
    return event_type


def _tail(subject: str) -> str:
    return subject.removeprefix("xiaoneng.")


def _text(spelled: str) -> str:
    try:
        text = "" if spelled == _EMPTY else unquote(spelled, errors="strict")
    except UnicodeDecodeError:
        raise SubjectError(f"not UTF-8: {spelled!r}") from None
    if token(text) != spelled:  # else one unit would have several spellings, and grants would leak
        raise SubjectError(f"not a token of this scheme: {spelled!r}")
    return text

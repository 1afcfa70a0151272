"""Whether a schema still keeps the promises that its published versions made.

A writer is closed and a reader is open, so a new optional field harms nobody; nor do words for
people. All else breaks someone: what is tightened refuses events that were valid, what is loosened
sends a reader what it was promised never to see.

`python -m contracts.compatibility` compares the schemas as they are with every version that the
git history holds.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts.history import HistoryError, every_version

Schema = Mapping[str, Any]

_WORDS_FOR_PEOPLE = {"title", "description", "examples", "$comment"}
_HANDLED_APART = {"$defs", "properties", "required"}


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Say in words how `new` breaks the promises of `old`; empty if it keeps them."""
    return list(_changes("", _Node(old, old), _Node(new, new)))


def broken_promises(old_text: str, new_text: str | None) -> list[str]:
    """Compare two schema files by their text; `None` stands for a file that is gone."""
    if new_text is None:
        return ["was published and may not disappear"]
    try:
        return breaking_changes(json.loads(old_text), json.loads(new_text))
    except json.JSONDecodeError as error:
        return [f"is not JSON: {error}"]


class _Node:
    """A place in a schema, with references followed."""

    def __init__(self, root: Schema, schema: Schema) -> None:
        while (reference := schema.get("$ref")) is not None:
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**root["$defs"][reference.removeprefix("#/$defs/")], **beside}
        self.root = root
        self.keywords = {
            key: value
            for key, value in schema.items()
            if key not in _WORDS_FOR_PEOPLE | _HANDLED_APART
        }
        self.fields: Schema = schema.get("properties", {})
        self.required: set[str] = set(schema.get("required", ()))

    def at(self, schema: Schema) -> "_Node":
        return _Node(self.root, schema)


def _changes(path: str, old: _Node, new: _Node) -> Iterator[str]:
    yield from _removed_fields(path, old, new)
    for name in sorted(new.required - old.required):
        yield f"{path}{name} is now required"
    for name in sorted((old.required - new.required) & new.fields.keys()):
        yield f"{path}{name} is no longer required, and readers count on it"
    for name in sorted(old.fields.keys() & new.fields.keys()):
        yield from _changes(f"{path}{name}.", old.at(old.fields[name]), new.at(new.fields[name]))
    for keyword in sorted(old.keywords.keys() | new.keywords.keys()):
        yield from _keyword_changes(path, keyword, old, new)


def _removed_fields(path: str, old: _Node, new: _Node) -> Iterator[str]:
    added = sorted(new.fields.keys() - old.fields.keys())
    for name in sorted(old.fields.keys() - new.fields.keys()):
        before = old.at(old.fields[name])
        alike = [
            other for other in added if not list(_changes("", before, new.at(new.fields[other])))
        ]
        renamed = f" (renamed to {alike[0]}?)" if alike else ""
        yield f"{path}{name} was removed{renamed}"


def _keyword_changes(path: str, keyword: str, old: _Node, new: _Node) -> Iterator[str]:
    before, after = old.keywords.get(keyword), new.keywords.get(keyword)
    place = path.removesuffix(".") or "the event"
    match before, after:
        case dict(), dict():
            below = f"{place}[]." if keyword == "items" else f"{path}{keyword}."
            yield from _changes(below, old.at(before), new.at(after))
        case [dict(), *_], [dict(), *_] if len(before) == len(after):
            for first, second in zip(before, after, strict=True):
                yield from _changes(path, old.at(first), new.at(second))
        case _ if keyword == "enum" and set(before or ()) != set(after or ()):
            yield f"{place}: the allowed values changed from {before} to {after}"
        case _ if keyword != "enum" and before != after:
            yield f"{place}: {keyword} changed from {_spelled(before)} to {_spelled(after)}"


def _spelled(value: object) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def main(package: Path) -> str | None:
    """Compare the schemas on disk with all that were ever committed; give what went wrong."""
    try:
        versions = every_version(package)
    except HistoryError as error:
        return f"cannot compare: {error}"
    problems: dict[str, None] = {}  # in order, and each once, however many versions it breaks
    for path, published in versions:
        file = package / path
        working = file.read_text("utf-8") if file.exists() else None
        problems |= dict.fromkeys(f"{path}: {p}" for p in broken_promises(published, working))
    if problems:
        return "\n".join([*problems, "Restore what was published, and publish a new version."])
    sys.stdout.write(f"{len(versions)} published versions of schemas, and all still hold\n")
    return None


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent))

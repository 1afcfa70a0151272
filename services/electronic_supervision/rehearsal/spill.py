"""What cases count, in files beside each other: more than a process should hold in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from gzip import GzipFile
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.patterns.occurrences import Placed
from services.electronic_supervision.rehearsal.counting import Side


class Line(NamedTuple):
    """What one line of a file says."""

    side: Side
    group: Group
    occurrence: Occurrence


LINE = TypeAdapter(Line)
Groups = Mapping[Group, Sequence[Occurrence]]


Put = Callable[[Iterable[tuple[Side, Placed]]], None]
"""Writes down what a case counts."""


@contextmanager
def spill(folder: Path, name: str) -> Iterator[Put]:
    """Write what the cases of one stretch count, a file for each rule; `name` is the stretch's."""
    with ExitStack() as stack:
        files: dict[str, GzipFile] = {}

        def put(told: Iterable[tuple[Side, Placed]]) -> None:
            for side, (group, occurrence) in told:
                file = files.get(group.rule)
                if file is None:
                    path = folder / f"{group.rule}.{name}"
                    file = files[group.rule] = stack.enter_context(GzipFile(path, "wb", 1))
                file.write(LINE.dump_json(Line(side, group, occurrence)) + b"\n")

        yield put


def lines_of(folder: Path, rule: str) -> Iterator[Line]:
    """Yield what all stretches wrote for a rule, in their order."""
    for path in sorted(folder.glob(f"{rule}.*")):
        with GzipFile(path) as file:
            yield from (LINE.validate_json(line) for line in file)


class Counts(NamedTuple):
    """What counts for a rule by each law, and whether that is the same."""

    before: Groups
    after: Groups
    is_same: bool


def read(told: Iterable[Line], as_of: datetime) -> Counts:
    """Sort lines by group; what had not happened by `as_of` (UTC) doesn't count."""
    before: dict[Group, list[Occurrence]] = {}
    after: dict[Group, list[Occurrence]] = {}
    is_same = True
    for side, group, occurrence in told:
        if occurrence.at.earliest >= as_of:
            continue
        is_same = is_same and side is Side.BOTH
        if side is not Side.AFTER:
            before.setdefault(group, []).append(occurrence)
        if side is not Side.BEFORE:
            after.setdefault(group, []).append(occurrence)
    return Counts(before, after, is_same)

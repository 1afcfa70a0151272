"""What cases count, in files beside each other: more than a process should hold in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from gzip import GzipFile
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

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


class Spill:
    """Writes what the cases of one stretch count, a file for each rule; `name` is the stretch's."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._open: dict[str, GzipFile] = {}
        self._stack = ExitStack()

    def put(self, told: Iterable[tuple[Side, Placed]]) -> None:
        """Write down what a case counts."""
        for side, (group, occurrence) in told:
            file = self._open.get(group.rule)
            if file is None:
                path = self._folder / f"{group.rule}.{self._name}"
                file = self._open[group.rule] = self._stack.enter_context(GzipFile(path, "wb", 1))
            file.write(LINE.dump_json(Line(side, group, occurrence)) + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()


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

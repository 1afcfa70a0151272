"""In what the lines of a catalogue document differ from what stands."""

from collections.abc import Mapping, Sequence

from kernel.document.outcome import Change, Fate, Outcome
from kernel.document.read import ReadLine
from services.electronic_supervision.catalogue.document.layout import LAYOUT
from services.electronic_supervision.catalogue.document.lines import AnyLine
from services.electronic_supervision.catalogue.document.snapshot import (
    Entry,
    item_line,
    parts_of,
)


def part_changes(known: Entry, parts: Mapping[str, Sequence[AnyLine]]) -> list[Change]:
    """Return which parts of an item, as a whole, are to be otherwise."""
    told = []
    for sheet, standing in parts_of(known).items():
        before, after = _summary(sheet, standing), _summary(sheet, parts[sheet])
        if before != after:
            told.append(Change(field=sheet, before=before, after=after))
    return told


def _summary(sheet: str, lines: Sequence[AnyLine]) -> str:
    """Say in one text what belongs to an item, so that another order or name is seen."""
    layout = LAYOUT.named[sheet]
    fields = [field for field in layout.columns if field != "item"]
    return "；".join(
        " ".join(
            layout.words_of(field, str(getattr(each, field)))
            for field in fields
            if getattr(each, field) is not None
        )
        for each in lines
    )


def changes_of(before: AnyLine | None, after: AnyLine) -> list[Change]:
    """Return which fields differ; a reason is told once, and nothing is otherwise by it."""
    told = []
    for name in type(after).model_fields:
        old, new = _text(before, name), _text(after, name)
        if old != new and name != "reason":
            told.append(Change(field=name, before=old, after=new))
    return told


def _text(line: AnyLine | None, name: str) -> str:
    value = None if line is None else getattr(line, name)
    return "" if value is None else str(value)


def outcome_of(
    read: ReadLine[AnyLine],
    before: Entry | AnyLine | None,
    line: AnyLine,
    changes: Sequence[Change] | None = None,
) -> Outcome:
    """Return the outcome of a line, compared with what stands, if anything does."""
    if changes is None:
        known = before if not isinstance(before, Entry) else item_line(before)
        changes = changes_of(known, line)
    fate = Fate.NEW if before is None else Fate.CHANGED if changes else Fate.UNCHANGED
    return Outcome(sheet=read.sheet, number=read.number, code=read.code, fate=fate, changes=changes)


def unchanged(read: ReadLine[AnyLine]) -> Outcome:
    """Return the outcome of a line that says nothing new."""
    return Outcome(sheet=read.sheet, number=read.number, code=read.code, fate=Fate.UNCHANGED)

"""How catalogue documents are tried out and imported.

What a document leaves out stays: an item, an alias, and all steps, materials or pauses of an item
whose sheet has no line at all. Of an item that it tells of, other sheets say everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import partial

import asyncpg

from kernel.document.batch import Batch
from kernel.document.importing import Importer, Plan, Refusal, refused
from kernel.document.outcome import Outcome
from kernel.document.read import Read, ReadLine
from services.electronic_supervision.catalogue.document.content import content_of
from services.electronic_supervision.catalogue.document.differences import (
    changes_of,
    outcome_of,
    part_changes,
    unchanged,
)
from services.electronic_supervision.catalogue.document.layout import LAYOUT, PARTS
from services.electronic_supervision.catalogue.document.lines import (
    AliasLine,
    AnyLine,
    ItemLine,
    PartLine,
)
from services.electronic_supervision.catalogue.document.snapshot import (
    Snapshot,
    item_line,
    parts_of,
    snapshot,
)
from services.electronic_supervision.catalogue.keep import RECORDING
from services.electronic_supervision.catalogue.tables import LOCK
from services.electronic_supervision.domain.catalogue.item_acts import (
    AddItemAlias,
    Command,
    Event,
    ItemAlias,
    PublishItem,
    RemoveItemAlias,
    ReviseItem,
    WithdrawItem,
)
from services.electronic_supervision.domain.refused import Refused


class Turn(IntEnum):
    """In which order commands of one document are carried out."""

    ITEMS = 1
    ALIASES_TAKEN = 2
    ALIASES_GIVEN = 3
    ENDS = 4


Steps = list[tuple[Turn, Command]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a document tells: its items, the lines that belong to them, and which sheets it has."""

    items: frozenset[str]
    parts: Mapping[str, Sequence[AnyLine]]
    sheets: frozenset[str]
    today: date
    before: Snapshot = field(repr=False)

    def parts_for(self, code: str) -> Mapping[str, Sequence[AnyLine]]:
        """Return the lines of an item by sheet; of sheets that it leaves out, those that stand."""
        known = self.before.items.get(code)
        standing = parts_of(known) if known is not None else dict.fromkeys(PARTS, ())
        mine = self.parts.get(code, ())
        return {
            sheet: [each for each in mine if isinstance(each, LAYOUT.named[sheet].line)]
            if sheet in self.sheets
            else standing[sheet]
            for sheet in PARTS
        }


def importer(today: date) -> Importer[AnyLine, Command, Event]:
    """Return how a document is taken in on a local day."""
    return Importer(
        layout=LAYOUT,
        recording=RECORDING,
        lock=LOCK,
        changed="catalogue-changed",
        plan=partial(_plan, today=today),
        grant=_grant,
    )


async def _plan(
    connection: asyncpg.Connection, document: Read[AnyLine], *, today: date
) -> Plan[Command]:
    before = await snapshot(connection)
    told = _told(document, before, today)
    plan: Plan[Command] = Plan(before=before.digest(), outcomes=[])
    for index, line in enumerate(document.lines):
        try:
            outcome, wish = _planned(line, told)
        except Refused as no:
            outcome, wish = refused(line, (no.code, no.field)), []
        plan.outcomes.append(outcome)
        plan.wishes.extend((turn, index, command) for turn, command in wish)
    return plan


async def _grant(batch: Batch[Command, Event], command: Command) -> Refusal | None:
    try:
        await batch.carry_out(command)
    except Refused as no:
        return no.code, no.field
    return None


def _told(document: Read[AnyLine], before: Snapshot, today: date) -> _Told:
    parts: dict[str, list[AnyLine]] = {}
    for each in document.lines:
        if isinstance(each.line, PartLine) and each.fault is None:
            parts.setdefault(each.line.item, []).append(each.line)
    return _Told(
        items=frozenset(
            each.line.code for each in document.lines if isinstance(each.line, ItemLine)
        ),
        parts=parts,
        sheets=frozenset(each.sheet for each in document.lines),
        today=today,
        before=before,
    )


def _planned(read: ReadLine[AnyLine], told: _Told) -> tuple[Outcome, Steps]:
    line = read.line
    if read.fault is not None or line is None:
        return refused(read, read.fault or ("value-wrong", "")), []
    if isinstance(line, ItemLine):
        return _item(read, line, told)
    if isinstance(line, AliasLine):
        return _alias(read, line, told.before)
    if line.item not in told.items:
        raise Refused("item-not-in-document", field="item")
    known = told.before.items.get(line.item)
    standing = [] if known is None else parts_of(known)[read.sheet]
    key = LAYOUT.named[read.sheet].key[-1]
    same = [each for each in standing if getattr(each, key) == getattr(line, key)]
    return outcome_of(read, same[0] if same else None, line), []


def _item(read: ReadLine[AnyLine], line: ItemLine, told: _Told) -> tuple[Outcome, Steps]:
    parts = told.parts_for(line.code)
    content = content_of(line, [each for lines in parts.values() for each in lines])
    known = told.before.items.get(line.code)
    first: Command
    if known is None:
        first = PublishItem(
            code=line.code,
            content=content,
            effective_from=line.effective_from,
            reason=line.reason or "",
            said_on=told.today,
        )
        return outcome_of(read, None, line), [(Turn.ITEMS, first), *_end(line, told.today)]
    is_ended = known.withdrawn_from is not None
    if content == known.content and line.withdrawn_from == known.withdrawn_from:
        if line.effective_from < known.effective_from:
            raise Refused("date-alone", field="effective_from")
        return unchanged(read), []
    if is_ended:
        raise Refused("item-withdrawn", field="code")
    steps: Steps = []
    if content != known.content:
        first = ReviseItem(
            code=line.code,
            content=content,
            effective_from=line.effective_from,
            reason=line.reason or "",
            said_on=told.today,
        )
        steps.append((Turn.ITEMS, first))
    changes = [*changes_of(item_line(known), line), *part_changes(known, parts)]
    return outcome_of(read, known, line, changes), [*steps, *_end(line, told.today)]


def _end(line: ItemLine, today: date) -> Steps:
    if line.withdrawn_from is None:
        return []
    end = WithdrawItem(
        code=line.code,
        effective_from=line.withdrawn_from,
        reason=line.reason or "",
        said_on=today,
    )
    return [(Turn.ENDS, end)]


def _alias(read: ReadLine[AnyLine], line: AliasLine, before: Snapshot) -> tuple[Outcome, Steps]:
    alias = ItemAlias(source=line.source, code=line.code)
    holder = before.aliases.get((line.source, line.code))
    if holder == line.item:
        return unchanged(read), []
    steps: Steps = [(Turn.ALIASES_GIVEN, AddItemAlias(code=line.item, alias=alias))]
    if holder is None:
        return outcome_of(read, None, line), steps
    steps.append((Turn.ALIASES_TAKEN, RemoveItemAlias(code=holder, alias=alias)))
    known = AliasLine(item=holder, source=line.source, code=line.code)
    return outcome_of(read, known, line), steps

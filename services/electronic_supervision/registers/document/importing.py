"""How documents about the registers are tried out and imported."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import asyncpg

from kernel.decider import Decider
from kernel.document.batch import Batch
from kernel.document.importing import Importer, Plan, Refusal, refused
from kernel.document.outcome import Change, Fate, Outcome
from kernel.document.read import Read, ReadLine
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers.registers import Event
from services.electronic_supervision.registers.document.compare import Wish, code_of, wishes
from services.electronic_supervision.registers.document.layout import KIND_OF, LAYOUT
from services.electronic_supervision.registers.document.lines import AnyLine, QuotaLine
from services.electronic_supervision.registers.document.told import lines_of
from services.electronic_supervision.registers.keep import LOCK, RECORDING
from services.electronic_supervision.registers.load import all_states
from services.electronic_supervision.registers.store import Command

States = Mapping[str, Mapping[str, Any]]
Numbered = list[tuple[int, ReadLine[AnyLine], AnyLine]]
"""Lines with their places in the document, as they were read and as they are understood."""

SAID_OF_A_CHANGE = {"effective_from", "reason"}
"""Fields that are nothing new by themselves."""


async def _plan(connection: asyncpg.Connection, document: Read[AnyLine]) -> Plan[Command]:
    before = await all_states(connection)
    outcomes: dict[int, Outcome] = {}
    entries: dict[tuple[str, str], Numbered] = {}
    for index, read in enumerate(document.lines):
        if read.line is None:
            outcomes[index] = refused(read, read.fault or ("value-wrong", ""))
        else:
            entry = entries.setdefault((read.sheet, code_of(read.line)), [])
            entry.append((index, read, read.line))
    told: list[tuple[int, int, Command]] = []
    for (sheet, code), lines in entries.items():
        kind = KIND_OF[sheet]
        state = before[kind.name].get(code, kind.decider.initial)
        told += _planned(lines, state, outcomes)
    ordered = [outcomes[index] for index in range(len(document.lines))]
    return Plan(before=_digest(before), outcomes=ordered, wishes=told)


def _planned(
    lines: Numbered, state: Any, outcomes: dict[int, Outcome]
) -> Sequence[tuple[int, int, Command]]:
    """Write the outcomes of the lines about one entry, and return what they wish, in turn."""
    first, sheet = lines[0][0], lines[0][1].sheet
    try:
        wish = wishes([line for _, _, line in lines], state)
        happened = _tried(wish, KIND_OF[sheet].decider, state)
    except Refused as no:
        for index, read, _ in lines:
            outcomes[index] = refused(read, (no.code, no.field))
        return []
    known = {_key(line, sheet): line for line in lines_of(state)}
    for index, read, line in lines:
        outcomes[index] = _outcome(read, line, known.pop(_key(line, sheet), None))
    is_changed = any(outcomes[index].fate is not Fate.UNCHANGED for index, _, _ in lines)
    if happened and not is_changed:  # what is left out of a chain or an offence, is left out of it
        outcomes[first] = _lessened(outcomes[first], list(known))
    return [(first, lines[place][0], command) for place, command in wish]


def _tried(wish: Sequence[Wish], decider: Decider[Any, Any, Any], state: Any) -> bool:
    """Tell whether anything would happen. Raises Refused, before anything is written."""
    after = state
    for _, command in wish:
        for event in decider.decide(command, after):
            after = decider.evolve(after, event)
    return bool(after != state)


def _outcome(read: ReadLine[AnyLine], line: AnyLine, known: AnyLine | None) -> Outcome:
    differing = [
        Change(field=field, before=_text(known, field), after=_text(line, field))
        for field in type(line).model_fields
        if _text(known, field) != _text(line, field)
    ]
    by_themselves = {"effective_from"} if isinstance(line, QuotaLine) else SAID_OF_A_CHANGE
    is_same = known is not None and {each.field for each in differing} <= by_themselves
    fate = Fate.UNCHANGED if is_same else Fate.NEW if known is None else Fate.CHANGED
    return Outcome(
        sheet=read.sheet,
        number=read.number,
        code=read.code,
        fate=fate,
        changes=() if is_same else differing,
    )


def _lessened(outcome: Outcome, left_out: Sequence[tuple[str, ...]]) -> Outcome:
    field = LAYOUT.named[outcome.sheet].key[0]
    gone = [Change(field=field, before=key[0], after="") for key in left_out]
    return Outcome(
        sheet=outcome.sheet,
        number=outcome.number,
        code=outcome.code,
        fate=Fate.CHANGED,
        changes=gone,
    )


def _key(line: AnyLine, sheet: str) -> tuple[str, ...]:
    return tuple(_text(line, field) for field in LAYOUT.named[sheet].key)


def _text(line: AnyLine | None, field: str) -> str:
    value = None if line is None else getattr(line, field)
    return "" if value is None else str(value)


def _digest(before: States) -> str:
    told = sha256()
    for kind, entries in before.items():
        for code, state in entries.items():
            told.update(f"{kind} {code} {state!r}\n".encode())
    return told.hexdigest()


async def _grant(batch: Batch[Command, Event], command: Command) -> Refusal | None:
    try:
        await batch.carry_out(command)
    except Refused as no:
        return no.code, no.field
    return None


IMPORTER: Importer[AnyLine, Command, Event] = Importer(
    layout=LAYOUT,
    recording=RECORDING,
    lock=LOCK,
    changed="registers-changed",
    plan=_plan,
    grant=_grant,
)

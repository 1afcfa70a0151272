"""How register documents are tried out and imported."""

from asyncio import to_thread

import asyncpg

from kernel.document.batch import Batch, Recording
from kernel.document.importing import Importer, Plan, Refusal, refused
from kernel.document.outcome import Fate, Outcome
from kernel.document.read import Read, ReadLine
from services.evaluation.document.compare import current, steps
from services.evaluation.document.headings import LAYOUT
from services.evaluation.document.lines import AnyLine
from services.evaluation.document.snapshot import Snapshot, snapshot
from services.evaluation.document.wish import Steps, changes
from services.evaluation.domain.refused import Refused
from services.evaluation.project import LOCK, project
from services.evaluation.publish import say_in
from services.evaluation.store import CODEC, Command, Event, kind_of, stream_of


async def _plan(connection: asyncpg.Connection, document: Read[AnyLine]) -> Plan[Command]:
    before = await snapshot(connection)
    # others are to be answered meanwhile
    return await to_thread(_all_planned, document, before)


def _all_planned(document: Read[AnyLine], before: Snapshot) -> Plan[Command]:
    plan: Plan[Command] = Plan(before=before.digest(), outcomes=[])
    for index, line in enumerate(document.lines):
        outcome, wish = _planned(line, before)
        plan.outcomes.append(outcome)
        plan.wishes.extend((turn, index, command) for turn, command in wish)
    return plan


async def _grant(batch: Batch[Command, Event], command: Command) -> Refusal | None:
    try:
        await batch.carry_out(command)
    except Refused as no:
        return no.code, no.field, no.note
    return None


IMPORTER: Importer[AnyLine, Command, Event] = Importer(
    layout=LAYOUT,
    recording=Recording(
        codec=CODEC,
        stream_of=stream_of,
        decider_of=lambda command: kind_of(command).decider,
        project=project,
        say=say_in,
    ),
    lock=LOCK,
    changed="register-changed",
    plan=_plan,
    grant=_grant,
)


def _planned(read: ReadLine[AnyLine], before: Snapshot) -> tuple[Outcome, Steps]:
    if read.fault is not None or read.line is None:
        return refused(read, read.fault or ("value-wrong", "")), []
    known = current(read.line, before)
    try:
        wish = steps(read.line, before)
    except Refused as no:
        return refused(read, (no.code, no.field, no.note)), []
    fate = Fate.NEW if known is None else Fate.CHANGED if wish else Fate.UNCHANGED
    differing = [] if fate is Fate.UNCHANGED else changes(known, read.line)
    outcome = Outcome(
        sheet=read.sheet, number=read.number, code=read.code, fate=fate, changes=differing
    )
    return outcome, wish

"""What may be done between the acceptance of a case and its decision, and at what places."""

from collections.abc import Callable, Sequence

from contracts.approvals import (
    CaseFact,
    ClockPaused,
    ClockResumed,
    FeeCharged,
    LimitExtended,
    Material,
    StepFinished,
    StepStarted,
    SupplementRequested,
)
from deploy.demo import wording
from deploy.demo.application import Application
from deploy.demo.ending import MINUTE, TEN_DAYS, Ending

SUPPLEMENT_SHARE = 0.15
PAUSE_SHARE = 0.2

Parts = list[tuple[int, CaseFact]]
"""Facts with their places on the line of office time."""


def parts_of(case: Application, ending: Ending, begin: int) -> Parts:
    """Return all that is done, in order of time; `begin` is the place of the acceptance."""
    done = [part for find in EACH for part in find(case, ending, begin)]
    return sorted(done, key=lambda part: part[0])


def _steps(case: Application, ending: Ending, begin: int) -> Parts:
    """Let one step follow the other; the last ends a little before the decision."""
    told: Parts = []
    length = (ending.decided - begin) // max(1, len(case.item.steps))
    apart = min(length // 10, 4 * MINUTE)
    for turn, name in enumerate(case.item.steps):
        first, last = begin + turn * length + apart, begin + (turn + 1) * length - apart
        holder = "审批科" if name.endswith("决定") else "经办岗"
        started = StepStarted(case=case.number, unit=case.unit, step=name, holder=holder)
        told.append((first, started))
        told.append((last, StepFinished(case=case.number, unit=case.unit, step=name)))
    return told


def _supplement(case: Application, ending: Ending, begin: int) -> Parts:
    if not case.item.materials or not case.dice.happens(SUPPLEMENT_SHARE):
        return []
    data = SupplementRequested(
        case=case.number,
        unit=case.unit,
        materials=tuple(Material(name=name) for name in case.item.materials),
        applicant_told_in_writing=True,
    )
    return [(begin + (ending.decided - begin) // 4, data)]


def _stops(case: Application, ending: Ending, begin: int) -> Parts:
    """Stop the clock for an expert review or the like, at last or on the way."""
    ground, length = case.item.ground, ending.decided - begin
    if ground is None or ending.extended is not None:
        return []
    if ending.stopped is None and not case.dice.happens(PAUSE_SHARE):
        return []
    first, last = ending.stopped or (begin + length * 2 // 5, begin + length * 3 // 5)
    paused = ClockPaused(
        case=case.number,
        unit=case.unit,
        ground=ground,
        pause="1",
        ground_text=wording.PAUSED[ground.value],
        clause=wording.PAUSE_CLAUSE,
        applicant_told_in_writing=True,
    )
    return [(first, paused), (last, ClockResumed(case=case.number, unit=case.unit, pause="1"))]


def _extension(case: Application, ending: Ending, _: int) -> Parts:
    if ending.extended is None:
        return []
    data = LimitExtended(
        case=case.number,
        unit=case.unit,
        by=TEN_DAYS,
        reason=wording.EXTENDED,
        approved_by="分管负责人",
        clause=wording.EXTENSION_CLAUSE,
    )
    return [(ending.extended, data)]


def _fee(case: Application, ending: Ending, begin: int) -> Parts:
    if case.item.fee is None:
        return []
    purpose, fen = case.item.fee
    data = FeeCharged(
        case=case.number,
        unit=case.unit,
        amount_fen=fen,
        purpose=purpose,
        standard=wording.FEE_STANDARD,
    )
    return [(begin + (ending.decided - begin) // 5, data)]


EACH: Sequence[Callable[[Application, Ending, int], Parts]] = (
    _steps,
    _supplement,
    _stops,
    _extension,
    _fee,
)

"""Mistakes that systems and desks make: each case may suffer one, and some are set right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from contracts.approvals import CaseDecided, ClockResumed, FactVoided
from deploy.demo import wording
from deploy.demo.city import UTILITIES
from deploy.demo.dice import Dice
from deploy.demo.garbled import GARBLED
from deploy.demo.said import Hands, Slip, Word
from deploy.demo.world import World

A_MONTH, A_YEAR = timedelta(days=31), timedelta(days=365)
A_WHILE = 1800
UNKNOWN_UNIT = "WH-待核"

Words = Sequence[Word]


def slipped(words: Words, world: World, dice: Dice) -> Words:
    """Return what is said of a case after mistakes were made of which most cases know nothing."""
    mark = dice.throw()
    for slip, share in SHARES.items():
        if mark < share:
            return MAKE[slip](words, world, dice) if _may(slip, words) else words
        mark -= share
    return words


SHARES: Mapping[Slip, float] = {
    Slip.TOLD_TWICE: 0.012,
    Slip.WRONG_DATE: 0.006,
    Slip.WRONG_CASE: 0.004,
    Slip.TOLD_LATE: 0.004,
    Slip.UNKNOWN_UNIT: 0.002,
    Slip.UNREADABLE: 0.003,
    Slip.ID_REUSED: 0.0015,
    Slip.FUTURE_DATE: 0.0015,
    Slip.FINISHED_FIRST: 0.0015,
}


def never_paused(words: Words, world: World, _: Dice) -> Words:
    """Let the clock go on again without its ever having been stopped; nobody sets that right."""
    first, *others = words
    at = world.work.at(world.work.place(first.at) + A_WHILE)
    data = ClockResumed(case=first.data.case, unit=first.data.unit, pause="1")
    odd = replace(first, at=at, noted_at=at, told_at=max(first.told_at, at), data=data)
    odd = replace(odd, id=f"{first.id}-恢复", by=Hands.DESK, slip=Slip.NEVER_PAUSED, turn=70)
    return [first, odd, *others]


def _may(slip: Slip, words: Words) -> bool:
    """Tell whether a system can make this mistake and stay what it is.

    What cannot be read is not counted either: a system that numbers its events would seem to have
    lost one. And who falls silent now and then makes no other mistake.
    """
    has_decision = any(isinstance(word.data, CaseDecided) for word in words)
    system = words[0].system
    is_uncounted = system.is_numbered and slip in {Slip.UNREADABLE, Slip.ID_REUSED}
    return has_decision and not is_uncounted and system is not UTILITIES


def next_morning(word: Word, world: World, dice: Dice) -> Word:
    """Return a word as it is said anew on the morning of a working day after it."""
    opening = world.work.opening(world.local_date(word.told_at) + timedelta(days=1))
    said_at = world.work.at(opening + dice.whole(600, 9000))
    return replace(word, told_at=said_at, noted_at=said_at, slip=Slip.SET_RIGHT)


def decision_in(words: Words) -> Word:
    """Return the decision of a case."""
    return next(word for word in words if isinstance(word.data, CaseDecided))


def mistyped(words: Words, world: World, dice: Dice) -> Words:
    """Type the acceptance a month too early; set it right the next working day."""
    first, *others = words
    wrong = replace(first, at=first.at - A_MONTH, slip=Slip.WRONG_DATE)
    return [wrong, *others, _corrected(first, next_morning(first, world, dice))]


def _corrected(right: Word, said: Word) -> Word:
    data = right.data.model_copy(update={"corrects": right.id})
    return replace(said, at=right.at, data=data, id=f"{right.id}-更正", turn=90)


def _wrong_case(words: Words, _: World, dice: Dice) -> Words:
    """Record the decision of another case, and void it a little later."""
    accepted = words[0]
    wrong = replace(
        _later(accepted, timedelta(minutes=dice.whole(1, 4))),
        data=decision_in(words).data,
        id=f"{accepted.id}-误录",
        slip=Slip.WRONG_CASE,
        turn=80,
    )
    data = FactVoided(
        case=accepted.data.case, unit=accepted.data.unit, voids=wrong.id, reason=wording.VOIDED
    )
    void = replace(
        _later(wrong, timedelta(minutes=dice.whole(3, 15))),
        data=data,
        id=f"{accepted.id}-作废",
        slip=Slip.SET_RIGHT,
        turn=81,
    )
    return [*words, wrong, void]


def _later(word: Word, by: timedelta) -> Word:
    """Return a word about something that happened, and was noted and told, so much later."""
    at, noted_at, told_at = word.at + by, word.noted_at + by, word.told_at + by
    return replace(word, at=at, noted_at=noted_at, told_at=told_at)


def _late_news(words: Words, _: World, dice: Dice) -> Words:
    """Tell of the decision days after it was made, and of what followed it no earlier."""
    decided = decision_in(words)
    late = timedelta(days=dice.whole(1, 6), minutes=dice.whole(0, 300))
    place = words.index(decided)
    told = [
        replace(
            word,
            told_at=max(word.told_at, decided.told_at + late),
            noted_at=max(word.noted_at, decided.told_at + late),
            slip=Slip.TOLD_LATE,
        )
        for word in words[place:]
    ]
    return [*words[:place], *told]


def _unknown_unit(words: Words, _: World, __: Dice) -> Words:
    """Name a unit that nobody knows."""
    return [
        replace(
            word,
            data=word.data.model_copy(update={"unit": UNKNOWN_UNIT}),
            slip=Slip.UNKNOWN_UNIT,
        )
        for word in words
    ]


def _twice(words: Words, _: World, dice: Dice) -> Words:
    word = dice.pick(words)
    later = timedelta(seconds=dice.whole(5, 90))
    told_at = word.told_at + later
    return [*words, replace(word, told_at=told_at, slip=Slip.TOLD_TWICE, is_echo=True, turn=99)]


def unreadable(words: Words, world: World, dice: Dice) -> Words:
    """Spoil the decision; half the time it is said again as it should have been."""
    decided = decision_in(words)
    wrong = replace(decided, slip=Slip.UNREADABLE, spoil=dice.pick(GARBLED))
    others = [wrong if word is decided else word for word in words]
    if dice.happens(0.5):
        return others
    return [*others, replace(next_morning(decided, world, dice), turn=91)]


def _reused(words: Words, world: World, dice: Dice) -> Words:
    """Say the decision under the id of the acceptance; set it right the next working day."""
    decided = decision_in(words)
    wrong = replace(decided, id=words[0].id, slip=Slip.ID_REUSED)
    others = [wrong if word is decided else word for word in words]
    return [*others, replace(next_morning(decided, world, dice), turn=92)]


def future(words: Words, _: World, __: Dice) -> Words:
    """Type the next year."""
    decided = decision_in(words)
    wrong = replace(decided, at=decided.at + A_YEAR, slip=Slip.FUTURE_DATE)
    return [wrong if word is decided else word for word in words]


def _finished_first(words: Words, _: World, __: Dice) -> Words:
    """Type a day before the acceptance."""
    decided = decision_in(words)
    wrong = replace(decided, at=words[0].at - timedelta(days=2), slip=Slip.FINISHED_FIRST)
    return [wrong if word is decided else word for word in words]


MAKE: Mapping[Slip, Callable[[Words, World, Dice], Words]] = {
    Slip.TOLD_TWICE: _twice,
    Slip.WRONG_DATE: mistyped,
    Slip.WRONG_CASE: _wrong_case,
    Slip.TOLD_LATE: _late_news,
    Slip.UNKNOWN_UNIT: _unknown_unit,
    Slip.UNREADABLE: unreadable,
    Slip.ID_REUSED: _reused,
    Slip.FUTURE_DATE: future,
    Slip.FINISHED_FIRST: _finished_first,
}

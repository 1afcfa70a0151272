"""Orders of the hotline that come to the wrong unit first and are handed on (转办)."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.approvals import CaseTransferred
from deploy.demo import wording
from deploy.demo.dice import Dice
from deploy.demo.items import Item
from deploy.demo.said import Word
from deploy.demo.units import Unit


def handed_on(words: Sequence[Word], item: Item, unit: Unit, dice: Dice) -> Sequence[Word]:
    """Let a case be handed on before anything else is done with it."""
    first, second, *_ = words
    other = dice.pick([each for each in item.units if each is not unit])
    code = item.system.calls(other)
    data = CaseTransferred(
        case=first.data.case, unit=first.data.unit, to_unit=code, reason=wording.HANDED_ON
    )
    handing = replace(second, data=data, id=f"{first.id}-转办", turn=first.turn + 1)
    return [first, handing, *(_by(code, word) for word in words[1:])]


def _by(code: str, word: Word) -> Word:
    """Have a word said of a case that another unit holds by now."""
    return replace(word, data=word.data.model_copy(update={"unit": code}), turn=word.turn + 1)

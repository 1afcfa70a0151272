"""An application at a desk: who is asked for what, and how its acceptance and its end are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.approvals import CaseAccepted, CaseDecided, Outcome
from deploy.demo import wording
from deploy.demo.city import HOTLINE
from deploy.demo.dice import Dice
from deploy.demo.dossier import Dossier
from deploy.demo.items import Item
from deploy.demo.said import Hands

REFUSED_SHARE = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A case to be; `stated_due` is the end that its system gives instead of the item's limit."""

    item: Item
    dossier: Dossier
    accepted_at: datetime
    stated_due: datetime | None
    by: Hands
    dice: Dice

    @property
    def number(self) -> str:
        """The number of the case."""
        return self.dossier.number

    @property
    def unit(self) -> str:
        """What its system calls the unit."""
        return self.dossier.unit

    def acceptance(self) -> CaseAccepted:
        """Return what is said of its acceptance."""
        is_online = self.by is Hands.MACHINE
        return CaseAccepted(
            case=self.number,
            unit=self.unit,
            item=self.item.name,
            stated_due=self.stated_due,
            stated_limit=None if self.stated_due else self.item.limit,
            channel="网上" if is_online else "窗口",
            holder=None if is_online else "政务服务窗口",
        )

    def decision(self) -> CaseDecided:
        """Return what is decided: a permit or its refusal, or how an order was settled."""
        outcome: Outcome = Outcome.GRANTED
        words: Sequence[str] = wording.GRANTED
        if self.item.states_end:
            outcome, words = Outcome.OTHER, wording.REPORTED
        elif self.item.system is HOTLINE:
            outcome, words = Outcome.OTHER, wording.SETTLED
        elif self.dice.happens(REFUSED_SHARE):
            outcome, words = Outcome.REFUSED, wording.REFUSED
        reasons = (self.dice.pick(words),)
        return CaseDecided(case=self.number, unit=self.unit, outcome=outcome, reasons=reasons)

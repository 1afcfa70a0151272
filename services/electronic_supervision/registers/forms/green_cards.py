"""What callers send of green cards."""

from services.electronic_supervision.domain.registers import green_card_acts as cards
from services.electronic_supervision.registers.fields import Day
from services.electronic_supervision.registers.forms.form import Ending, Form, Name
from services.electronic_supervision.registers.store import Command


class Granting(Form):
    """发给绿卡"""

    name: Name
    effective_from: Day
    last_day: Day

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return cards.GrantGreenCard(
            enterprise=code,
            name=self.name,
            effective_from=self.effective_from,
            last_day=self.last_day,
        )


class Renewing(Form):
    """变更绿卡有效期"""

    last_day: Day
    effective_from: Day

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return cards.RenewGreenCard(
            enterprise=code, last_day=self.last_day, effective_from=self.effective_from
        )


class Renaming(Form):
    """企业更名"""

    name: Name
    effective_from: Day

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return cards.RenameEnterprise(
            enterprise=code, name=self.name, effective_from=self.effective_from
        )


class Suspending(Ending):
    """暂停绿卡"""

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return cards.SuspendGreenCard(
            enterprise=code, reason=self.reason, effective_from=self.effective_from
        )


class Resuming(Form):
    """恢复绿卡"""

    effective_from: Day

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return cards.ResumeGreenCard(enterprise=code, effective_from=self.effective_from)


class CardWithdrawing(Ending):
    """收回绿卡"""

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return cards.WithdrawGreenCard(
            enterprise=code, reason=self.reason, effective_from=self.effective_from
        )

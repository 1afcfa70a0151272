"""What callers send of chains of services."""

from typing import Annotated

from pydantic import Field

from contracts.vocabulary import Code, LimitUnit
from services.electronic_supervision.domain.registers import service_chain_acts as chains
from services.electronic_supervision.domain.time.limits import Measure
from services.electronic_supervision.registers.fields import Day
from services.electronic_supervision.registers.forms.form import Ending, Form, Name
from services.electronic_supervision.registers.store import Command

MEASURES = {
    LimitUnit.WORKING_DAYS: Measure.WORKING_DAYS,
    LimitUnit.CALENDAR_DAYS: Measure.CALENDAR_DAYS,
    LimitUnit.OFFICE_MINUTES: Measure.OFFICE_HOURS,
    LimitUnit.MINUTES: Measure.HOURS,
}


class LimitForm(Form):
    """A limit: so many of one unit, as in events."""

    amount: Annotated[int, Field(ge=1, le=1_000_000)]
    unit: LimitUnit


class StageForm(Form):
    """A stage of a chain, without a limit if it has none."""

    code: Code
    name: Name
    unit: Code
    limit: LimitForm | None = None

    def stage(self) -> chains.Stage:
        """Return it in words of the domain."""
        time = None
        if self.limit is not None:
            measure, amount = MEASURES[self.limit.unit], self.limit.amount
            time = chains.StageLimit(measure=measure, amount=amount)
        return chains.Stage(code=self.code, name=self.name, unit=self.unit, time=time)


class ChainPublishing(Form):
    """设立全程服务链"""

    name: Name
    stages: Annotated[list[StageForm], Field(min_length=1, max_length=100)]
    effective_from: Day

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        stages = tuple(each.stage() for each in self.stages)
        return chains.PublishServiceChain(
            code=code, name=self.name, stages=stages, effective_from=self.effective_from
        )


class ChainRevising(ChainPublishing):
    """修订全程服务链"""

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        stages = tuple(each.stage() for each in self.stages)
        return chains.ReviseServiceChain(
            code=code, name=self.name, stages=stages, effective_from=self.effective_from
        )


class ChainWithdrawing(Ending):
    """停用全程服务链"""

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return chains.WithdrawServiceChain(
            code=code, reason=self.reason, effective_from=self.effective_from
        )

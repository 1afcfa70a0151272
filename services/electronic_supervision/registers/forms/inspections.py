"""What callers send of inspections: approvals and yearly quotas."""

import re
from typing import Annotated

from pydantic import Field

from contracts.vocabulary import Code, CreditCode
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers import inspection_approval as approvals
from services.electronic_supervision.domain.registers import inspection_quota as quotas
from services.electronic_supervision.registers.fields import Day
from services.electronic_supervision.registers.forms.form import Ending, Form, Name, Reason
from services.electronic_supervision.registers.store import Command

Year = Annotated[int, Field(ge=2000, le=2099)]
Times = Annotated[int, Field(ge=0, le=1000)]


class Approving(Form):
    """登记检查审批"""

    unit: Code
    enterprises: Annotated[list[CreditCode], Field(min_length=1, max_length=500)]
    year: Year
    purpose: Name
    first_day: Day
    last_day: Day
    times: Annotated[int, Field(ge=1, le=1000)] = 1

    def terms(self) -> approvals.Terms:
        """Return what is approved."""
        return approvals.Terms(
            unit=self.unit,
            enterprises=tuple(sorted(set(self.enterprises))),
            year=self.year,
            purpose=self.purpose,
            first_day=self.first_day,
            last_day=self.last_day,
            times=self.times,
        )

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return approvals.ApproveInspection(number=code, terms=self.terms())


class Correcting(Approving):
    """更正检查审批"""

    reason: Reason

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return approvals.CorrectInspectionApproval(
            number=code, terms=self.terms(), reason=self.reason
        )


class Revoking(Ending):
    """撤销检查审批"""

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return approvals.RevokeInspectionApproval(
            number=code, reason=self.reason, effective_from=self.effective_from
        )


class QuotaSetting(Form):
    """设定年度检查次数"""

    times: Times

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        unit, year = of_quota(code)
        return quotas.SetInspectionQuota(unit=unit, year=year, times=self.times)


class Excepting(Form):
    """单列企业检查次数"""

    enterprise: CreditCode
    times: Times
    reason: Reason

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        unit, year = of_quota(code)
        return quotas.ExceptEnterprise(
            unit=unit, year=year, enterprise=self.enterprise, times=self.times, reason=self.reason
        )


class Lifting(Form):
    """取消单列企业"""

    enterprise: CreditCode

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        unit, year = of_quota(code)
        return quotas.LiftException(unit=unit, year=year, enterprise=self.enterprise)


class QuotaWithdrawing(Form):
    """撤销年度检查次数"""

    reason: Reason

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        unit, year = of_quota(code)
        return quotas.WithdrawInspectionQuota(unit=unit, year=year, reason=self.reason)


def of_quota(code: str) -> tuple[str, int]:
    """Return the unit and the year of a quota's code. Raises Refused `quota-code-wrong`."""
    year, _, unit = code.partition("-")
    if not unit or not re.fullmatch("20[0-9]{2}", year):
        raise Refused("quota-code-wrong", field="code")
    return unit, int(year)

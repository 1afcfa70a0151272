"""An approval covers the enterprises and days that it names, until it is revoked."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.electronic_supervision.domain.registers.inspection_approval import (
    INSPECTION_APPROVAL,
    ApproveInspection,
    Command,
    CorrectInspectionApproval,
    RevokeInspectionApproval,
    Terms,
)
from services.electronic_supervision.domain.registers.registers import fold
from tests.electronic_supervision.domain.registers.city import DEPOT, MILL, YARD, refusal, told

MARCH, APRIL, JUNE = date(2012, 3, 1), date(2012, 4, 1), date(2012, 6, 30)
NUMBER = "芜优检〔2012〕7号"
TERMS = Terms(
    unit="WHAJJ",
    enterprises=(MILL, YARD),
    year=2012,
    purpose="安全生产",
    first_day=MARCH,
    last_day=JUNE,
    times=1,
)
APPROVE = ApproveInspection(number=NUMBER, terms=TERMS)


def revoke(day: date) -> Command:
    return RevokeInspectionApproval(number=NUMBER, reason="重复检查", effective_from=day)


def correct(**terms: Any) -> Command:
    changed = replace(TERMS, **terms)
    return CorrectInspectionApproval(number=NUMBER, terms=changed, reason="录入有误")


def covers(enterprise: str, day: date, *commands: Command) -> bool:
    approval = fold(told(INSPECTION_APPROVAL, commands)).approval(NUMBER)
    assert approval is not None
    return approval.covers(enterprise, day)


def test_it_covers_its_enterprises_on_its_days_only() -> None:
    assert covers(MILL, MARCH, APPROVE)
    assert covers(YARD, JUNE, APPROVE)
    assert not covers(DEPOT, MARCH, APPROVE)
    assert not covers(MILL, date(2012, 2, 29), APPROVE)
    assert not covers(MILL, date(2012, 7, 1), APPROVE)


def test_revoked_it_covers_nothing_from_that_day_on_and_is_known_still() -> None:
    assert covers(MILL, date(2012, 3, 31), APPROVE, revoke(APRIL))
    assert not covers(MILL, APRIL, APPROVE, revoke(APRIL))


def test_corrected_it_is_as_if_it_had_never_been_otherwise() -> None:
    assert covers(DEPOT, MARCH, APPROVE, correct(enterprises=(DEPOT,)))
    assert not covers(MILL, MARCH, APPROVE, correct(enterprises=(DEPOT,)))


def test_what_is_wished_twice_happens_once() -> None:
    for command in (APPROVE, correct(times=2), revoke(APRIL)):
        once = told(INSPECTION_APPROVAL, [APPROVE, command])
        assert told(INSPECTION_APPROVAL, [APPROVE, command, command]) == once


def test_an_approval_that_comes_late_does_not_undo_its_correction() -> None:
    assert covers(DEPOT, MARCH, APPROVE, correct(enterprises=(DEPOT,)), APPROVE)


@pytest.mark.parametrize(
    ("past", "command", "why"),
    [
        ([], revoke(APRIL), "approval-unknown number"),
        ([], correct(times=2), "approval-unknown number"),
        ([APPROVE, revoke(APRIL)], correct(times=2), "approval-revoked number"),
        ([APPROVE, revoke(APRIL)], revoke(JUNE), "approval-revoked number"),
        ([APPROVE], revoke(date(2012, 7, 1)), "effective-date-too-late effective_from"),
        (
            [APPROVE],
            ApproveInspection(number=NUMBER, terms=replace(TERMS, times=2)),
            "approval-exists number",
        ),
        ([APPROVE], correct(enterprises=()), "enterprises-missing enterprises"),
        ([APPROVE], correct(enterprises=(MILL[:-1] + "0",)), "credit-code-wrong enterprises"),
        ([APPROVE], correct(last_day=date(2012, 2, 1)), "days-reversed last_day"),
        ([APPROVE], correct(last_day=date(2013, 2, 1)), "days-beyond-year year"),
        ([APPROVE], correct(year=2011), "days-beyond-year year"),
        ([APPROVE], correct(times=0), "times-wrong times"),
    ],
)
def test_what_can_not_be_is_refused(past: list[Command], command: Command, why: str) -> None:
    assert refusal(INSPECTION_APPROVAL, past, command) == why


def test_an_approval_told_again_after_its_correction_is_no_mistake() -> None:
    past = [APPROVE, correct(enterprises=(DEPOT,))]
    assert refusal(INSPECTION_APPROVAL, past, APPROVE) == ""

"""A unit may inspect an enterprise so many times a year; the last word counts for all of it."""

import pytest

from services.electronic_supervision.domain.registers.inspection_quota import (
    INSPECTION_QUOTA,
    Command,
    ExceptEnterprise,
    LiftException,
    SetInspectionQuota,
    WithdrawInspectionQuota,
)
from services.electronic_supervision.domain.registers.registers import fold
from tests.electronic_supervision.domain.registers.city import MILL, YARD, refusal, told

UNIT, YEAR = "WHAJJ", 2012


def allow(times: int) -> Command:
    return SetInspectionQuota(unit=UNIT, year=YEAR, times=times)


def exempt(times: int, enterprise: str = MILL) -> Command:
    return ExceptEnterprise(
        unit=UNIT, year=YEAR, enterprise=enterprise, times=times, reason="重大危险源"
    )


LIFT = LiftException(unit=UNIT, year=YEAR, enterprise=MILL)
WITHDRAW = WithdrawInspectionQuota(unit=UNIT, year=YEAR, reason="计划重排")


def quota(*commands: Command, enterprise: str = MILL, year: int = YEAR) -> int | None:
    return fold(told(INSPECTION_QUOTA, commands)).quota(UNIT, enterprise, year)


def test_nobody_said_how_often_is_not_the_same_as_never() -> None:
    assert quota() is None
    assert quota(allow(1), year=2013) is None
    assert quota(allow(0)) == 0


def test_an_exception_is_for_one_enterprise_only() -> None:
    assert quota(allow(1), exempt(4)) == 4
    assert quota(allow(1), exempt(4), enterprise=YARD) == 1
    assert quota(allow(1), exempt(4), allow(2)) == 4, "the exception goes with the rule"
    assert quota(allow(1), exempt(4), LIFT) == 1


def test_a_withdrawn_quota_is_none_and_may_be_set_anew() -> None:
    assert quota(allow(1), exempt(4), WITHDRAW) is None
    assert quota(allow(1), exempt(4), WITHDRAW, allow(2)) == 2, "an exception outlived it"


def test_what_is_wished_twice_happens_once() -> None:
    for command in (allow(2), exempt(3), LIFT, WITHDRAW):
        past = [allow(1), exempt(2)]
        once = told(INSPECTION_QUOTA, [*past, command])
        assert told(INSPECTION_QUOTA, [*past, command, command]) == once


@pytest.mark.parametrize(
    ("past", "command", "why"),
    [
        ([], allow(-1), "times-wrong times"),
        ([allow(1)], exempt(-1), "times-wrong times"),
        ([], exempt(1), "quota-unknown unit"),
        ([], LIFT, "quota-unknown unit"),
        ([allow(1)], exempt(1, MILL.lower()), "credit-code-wrong enterprise"),
    ],
)
def test_what_can_not_be_is_refused(past: list[Command], command: Command, why: str) -> None:
    assert refusal(INSPECTION_QUOTA, past, command) == why

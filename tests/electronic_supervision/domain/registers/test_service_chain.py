"""A chain of services is a list of stages in order, from day to day."""

from datetime import date, timedelta

import pytest

from services.electronic_supervision.domain.registers.registers import fold
from services.electronic_supervision.domain.registers.service_chain import SERVICE_CHAIN
from services.electronic_supervision.domain.registers.service_chain_acts import (
    Command,
    PublishServiceChain,
    ReviseServiceChain,
    Stage,
    StageLimit,
    WithdrawServiceChain,
)
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Measure,
    OfficeHours,
    WorkingDays,
)
from tests.electronic_supervision.domain.registers.city import refusal, told

JANUARY, MARCH, JUNE = date(2012, 1, 1), date(2012, 3, 1), date(2012, 6, 1)
FIVE_DAYS = StageLimit(measure=Measure.WORKING_DAYS, amount=5)
SIGN = Stage(code="1", name="项目签约", unit="WHZSJ")
FOUND = Stage(code="2", name="注册登记", unit="WHSGJ", time=FIVE_DAYS)
BUILD = Stage(code="3", name="施工许可", unit="WHZJW", time=FIVE_DAYS)
PUBLISH = PublishServiceChain(
    code="ZS", name="工业项目", stages=(SIGN, FOUND), effective_from=JANUARY
)


def revise(day: date, *stages: Stage) -> Command:
    return ReviseServiceChain(code="ZS", name="工业项目", stages=stages, effective_from=day)


def withdraw(day: date) -> Command:
    return WithdrawServiceChain(code="ZS", reason="并入新流程", effective_from=day)


def stages(day: date, *commands: Command) -> list[str] | None:
    chain = fold(told(SERVICE_CHAIN, commands)).chain("ZS", day)
    return None if chain is None else [each.name for each in chain.stages]


def test_a_chain_is_what_it_was_on_that_day() -> None:
    story = (PUBLISH, revise(MARCH, SIGN, FOUND, BUILD), withdraw(JUNE))
    assert stages(date(2011, 12, 31), *story) is None
    assert stages(JANUARY, *story) == ["项目签约", "注册登记"]
    assert stages(MARCH, *story) == ["项目签约", "注册登记", "施工许可"]
    assert stages(JUNE, *story) is None


def test_a_mistake_is_put_right_on_its_own_day() -> None:
    assert stages(JANUARY, PUBLISH, revise(JANUARY, BUILD)) == ["施工许可"]
    assert stages(JUNE, PUBLISH, withdraw(JANUARY)) is None
    assert stages(JUNE, PUBLISH, withdraw(JANUARY), PUBLISH) == ["项目签约", "注册登记"]


def test_a_stage_is_found_by_its_code() -> None:
    chain = fold(told(SERVICE_CHAIN, [PUBLISH])).chain("ZS", MARCH)
    assert chain is not None
    assert chain.stage("2") == FOUND
    assert chain.stage("3") is None


@pytest.mark.parametrize(
    ("measure", "limit"),
    [
        (Measure.WORKING_DAYS, WorkingDays(90)),
        (Measure.CALENDAR_DAYS, CalendarDays(90)),
        (Measure.OFFICE_HOURS, OfficeHours(timedelta(minutes=90))),
        (Measure.HOURS, Hours(timedelta(minutes=90))),
    ],
)
def test_a_limit_is_one_of_the_arithmetic_of_time(measure: Measure, limit: object) -> None:
    assert StageLimit(measure=measure, amount=90).limit == limit


def test_what_is_wished_twice_happens_once() -> None:
    for command in (PUBLISH, revise(MARCH, BUILD), withdraw(MARCH)):
        once = told(SERVICE_CHAIN, [PUBLISH, command])
        assert told(SERVICE_CHAIN, [PUBLISH, command, command]) == once


def test_a_publication_that_comes_late_does_not_undo_a_revision() -> None:
    assert stages(JUNE, PUBLISH, revise(MARCH, BUILD), PUBLISH) == ["施工许可"]


@pytest.mark.parametrize(
    ("past", "command", "why"),
    [
        ([], revise(MARCH, SIGN), "chain-unknown code"),
        ([], withdraw(MARCH), "chain-unknown code"),
        ([PUBLISH, withdraw(MARCH)], revise(JUNE, SIGN), "chain-withdrawn code"),
        ([PUBLISH, withdraw(MARCH)], withdraw(JUNE), "chain-withdrawn code"),
        (
            [PUBLISH, revise(JUNE, BUILD)],
            withdraw(MARCH),
            "effective-date-too-early effective_from",
        ),
        ([PUBLISH], revise(MARCH), "stages-missing stages"),
        ([PUBLISH], revise(MARCH, SIGN, SIGN), "stage-twice stage"),
        (
            [PUBLISH],
            revise(
                MARCH,
                Stage(
                    code="1", name="x", unit="X", time=StageLimit(measure=Measure.HOURS, amount=0)
                ),
            ),
            "limit-wrong amount",
        ),
        (
            [PUBLISH],
            PublishServiceChain(code="ZS", name="x", stages=(SIGN,), effective_from=MARCH),
            "chain-exists code",
        ),
        (
            [PUBLISH, withdraw(MARCH)],
            PublishServiceChain(code="ZS", name="x", stages=(SIGN,), effective_from=JUNE),
            "chain-withdrawn code",
        ),
    ],
)
def test_what_can_not_be_is_refused(past: list[Command], command: Command, why: str) -> None:
    assert refusal(SERVICE_CHAIN, past, command) == why


def test_a_publication_told_again_after_a_revision_is_no_mistake() -> None:
    assert refusal(SERVICE_CHAIN, [PUBLISH, revise(MARCH, BUILD)], PUBLISH) == ""

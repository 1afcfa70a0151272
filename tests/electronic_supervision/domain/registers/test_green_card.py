"""A green card holds from day to day, and nobody changes what was before the last change."""

from datetime import date

import pytest

from services.electronic_supervision.domain.registers.green_card import GREEN_CARD, Standing
from services.electronic_supervision.domain.registers.green_card_acts import (
    Command,
    GrantGreenCard,
    RenameEnterprise,
    RenewGreenCard,
    ResumeGreenCard,
    SuspendGreenCard,
    WithdrawGreenCard,
)
from services.electronic_supervision.domain.registers.registers import fold
from tests.electronic_supervision.domain.registers.city import MILL, YARD, refusal, told

JANUARY, MARCH, JUNE = date(2012, 1, 1), date(2012, 3, 1), date(2012, 6, 1)
DECEMBER = date(2012, 12, 31)
GRANT = GrantGreenCard(
    enterprise=MILL, name="芜湖纺织厂", effective_from=JANUARY, last_day=DECEMBER
)


def suspend(day: date, reason: str = "偷税") -> Command:
    return SuspendGreenCard(enterprise=MILL, reason=reason, effective_from=day)


def resume(day: date) -> Command:
    return ResumeGreenCard(enterprise=MILL, effective_from=day)


def withdraw(day: date) -> Command:
    return WithdrawGreenCard(enterprise=MILL, reason="不再符合条件", effective_from=day)


def renew(last: date, day: date) -> Command:
    return RenewGreenCard(enterprise=MILL, last_day=last, effective_from=day)


def holds(day: date, *commands: Command) -> bool:
    return fold(told(GREEN_CARD, commands)).holds(MILL, day)


def test_a_card_holds_on_its_first_and_last_day_and_not_beside_them() -> None:
    assert holds(JANUARY, GRANT)
    assert holds(DECEMBER, GRANT)
    assert not holds(date(2011, 12, 31), GRANT)
    assert not holds(date(2013, 1, 1), GRANT)
    assert not fold(told(GREEN_CARD, [GRANT])).holds(YARD, MARCH)


def test_a_suspended_card_does_not_hold_until_it_is_resumed() -> None:
    story = (GRANT, suspend(MARCH), resume(JUNE))
    assert holds(date(2012, 2, 29), *story)
    assert not holds(MARCH, *story)
    assert not holds(date(2012, 5, 31), *story)
    assert holds(JUNE, *story)


def test_a_withdrawn_card_held_until_the_day_before() -> None:
    assert holds(date(2012, 2, 29), GRANT, withdraw(MARCH))
    assert not holds(MARCH, GRANT, withdraw(MARCH))


def test_what_was_said_of_a_card_is_known_with_its_reason() -> None:
    card = GREEN_CARD.fold(told(GREEN_CARD, [GRANT, suspend(MARCH)])).at(JUNE)
    assert card is not None
    assert (card.standing, card.reason, card.name) == (Standing.SUSPENDED, "偷税", "芜湖纺织厂")


def test_a_card_given_by_mistake_is_taken_back_on_its_own_day_and_never_was() -> None:
    assert not holds(JUNE, GRANT, withdraw(JANUARY))
    again = GrantGreenCard(
        enterprise=MILL, name="芜湖纺织厂", effective_from=date(2011, 6, 1), last_day=MARCH
    )
    assert holds(date(2011, 6, 1), GRANT, withdraw(JANUARY), again), "an earlier day is free again"


def test_a_renewed_card_holds_longer_and_a_shortened_one_less_long() -> None:
    assert holds(date(2013, 6, 1), GRANT, renew(date(2013, 12, 31), JUNE))
    assert not holds(DECEMBER, GRANT, renew(JUNE, MARCH))


def test_after_its_end_an_enterprise_can_be_given_another_card() -> None:
    later = GrantGreenCard(
        enterprise=MILL, name="纺织集团", effective_from=date(2013, 3, 1), last_day=date(2014, 1, 1)
    )
    assert not holds(date(2013, 2, 1), GRANT, later)
    assert holds(date(2013, 3, 1), GRANT, later)
    assert holds(MARCH, GRANT, later), "the first card is forgotten"


@pytest.mark.parametrize(
    "command",
    [
        GRANT,
        suspend(MARCH),
        RenameEnterprise(enterprise=MILL, name="纺织集团", effective_from=MARCH),
        renew(date(2013, 12, 31), MARCH),
    ],
)
def test_what_is_wished_twice_happens_once(command: Command) -> None:
    once = told(GREEN_CARD, [GRANT, command])
    assert told(GREEN_CARD, [GRANT, command, command]) == once


def test_what_is_ended_twice_ends_once() -> None:
    assert len(told(GREEN_CARD, [GRANT, withdraw(MARCH), withdraw(MARCH)])) == 2
    assert len(told(GREEN_CARD, [GRANT, resume(MARCH)])) == 1


def test_a_grant_that_comes_late_does_not_undo_what_came_after() -> None:
    assert not holds(JUNE, GRANT, suspend(MARCH), GRANT)


@pytest.mark.parametrize(
    ("past", "command", "why"),
    [
        ([], suspend(MARCH), "green-card-unknown enterprise"),
        ([GRANT, withdraw(MARCH)], resume(JUNE), "green-card-withdrawn enterprise"),
        ([GRANT, suspend(JUNE)], resume(MARCH), "effective-date-too-early effective_from"),
        ([GRANT], suspend(date(2013, 1, 1)), "green-card-expired effective_from"),
        ([GRANT], renew(JANUARY, MARCH), "days-reversed last_day"),
        (
            [GRANT],
            GrantGreenCard(enterprise=MILL, name="x", effective_from=MARCH, last_day=JUNE),
            "green-card-exists enterprise",
        ),
        (
            [GRANT, withdraw(JUNE)],
            GrantGreenCard(enterprise=MILL, name="x", effective_from=MARCH, last_day=JUNE),
            "effective-date-too-early effective_from",
        ),
        (
            [],
            GrantGreenCard(enterprise=MILL, name="x", effective_from=JUNE, last_day=MARCH),
            "days-reversed last_day",
        ),
        (
            [],
            GrantGreenCard(
                enterprise="913402001494435760", name="x", effective_from=MARCH, last_day=JUNE
            ),
            "credit-code-wrong enterprise",
        ),
    ],
)
def test_what_can_not_be_is_refused(past: list[Command], command: Command, why: str) -> None:
    assert refusal(GREEN_CARD, past, command) == why


def test_a_grant_told_again_after_a_change_is_no_mistake() -> None:
    assert refusal(GREEN_CARD, [GRANT, suspend(MARCH)], GRANT) == ""

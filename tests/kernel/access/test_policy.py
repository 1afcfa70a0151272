"""Who may do what follows from one table, and nobody gets more by having several roles."""

from itertools import product

import pytest

from contracts.grants import SUBSCRIPTIONS
from kernel.access.policy import PEOPLE, POLICY, RIGHT_WORDS, ROLE_WORDS, Right, Role
from kernel.access.principal import Grant, Principal

EVERYTHING = tuple(SUBSCRIPTIONS)
TAX, LAND = "税务局", "自然资源局"
CHANGING = {
    Right.SETTLE_MESSAGES,
    Right.REPORT_EVENTS,
    Right.TRY_EVENTS,
    Right.KEEP_REGISTER,
    Right.KEEP_ACCOUNTS,
}


def official(*grants: Grant) -> Principal:
    return Principal(name="zhang", grants=grants)


def test_every_right_and_role_has_its_line_and_its_words() -> None:
    assert set(POLICY) == set(RIGHT_WORDS) == set(Right)
    assert set(ROLE_WORDS) == set(Role)


@pytest.mark.parametrize(("right", "role"), list(product(Right, Role)))
def test_a_role_alone_gives_what_the_table_says(right: Right, role: Role) -> None:
    who = Principal(name="zhang", grants=(Grant(role=role),), subscribes=EVERYTHING)
    assert who.may(right) is (role in POLICY[right])
    assert (who.calling(right) is not None) is (role in POLICY[right])


def subscriber(*subscribes: str) -> Principal:
    return Principal(name="oa", grants=(Grant(role=Role.SUBSCRIBER),), subscribes=subscribes)


def test_a_subscriber_may_do_nothing_but_what_its_subscriptions_bring() -> None:
    rights = {name: {r for r in Right if subscriber(name).may(r)} for name in SUBSCRIPTIONS}
    follows, catalogue = Right.FOLLOW_JUDGEMENTS, Right.SEE_CATALOGUE
    assert rights == {
        "supervision.alerts": {follows},
        "supervision.findings": {follows},
        "supervision.clocks": {follows},
        "supervision.catalogue": {follows, catalogue},
        "supervision.all": {follows, catalogue},
        "organisation.units": set(),
        "organisation.all": {Right.SEE_REGISTER},
    }
    assert not any(subscriber().may(right) for right in Right)


def test_a_subscriber_follows_the_events_of_its_subscriptions_only() -> None:
    caller = subscriber("supervision.alerts", "organisation.all").calling(Right.FOLLOW_JUDGEMENTS)
    assert caller is not None
    assert caller.follows("xiaoneng.supervision.deadline-breached.v1")
    assert not caller.follows("xiaoneng.supervision.clock-started.v1")
    both = Principal(
        name="oa",
        grants=(Grant(role=Role.LEADER, unit=TAX), Grant(role=Role.SUBSCRIBER, unit=LAND)),
        subscribes=("supervision.alerts",),
    )
    caller = both.calling(Right.FOLLOW_JUDGEMENTS)
    assert caller is not None
    assert not caller.follows("xiaoneng.supervision.clock-started.v1"), "two roles made a third"


def test_nobody_without_a_role_may_do_anything() -> None:
    assert not any(official().may(right) for right in Right)


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert not any(official(Grant(role=Role.AUDITOR)).may(right) for right in CHANGING)


def test_an_administrator_of_accounts_sees_no_case() -> None:
    who = official(Grant(role=Role.ADMINISTRATOR))
    assert not any(who.may(right) for right in (Right.SEE_CASES, Right.FOLLOW_JUDGEMENTS))


def test_machines_have_no_right_of_people_to_change() -> None:
    for role in set(Role) - PEOPLE:
        assert {r for r in CHANGING if role in POLICY[r]} <= {
            Right.REPORT_EVENTS,
            Right.TRY_EVENTS,
        }


def test_a_handler_knows_of_his_own_units_only() -> None:
    who = official(Grant(role=Role.HANDLER, unit=TAX), Grant(role=Role.HANDLER, unit=LAND))
    caller = who.calling(Right.SEE_CASES)
    assert caller is not None
    assert caller.units == frozenset({TAX, LAND})
    assert caller.knows(TAX)
    assert not caller.knows("教育局")


def test_a_role_for_the_city_comes_before_one_for_a_unit() -> None:
    who = official(Grant(role=Role.HANDLER, unit=TAX), Grant(role=Role.DISCIPLINE))
    caller = who.calling(Right.SEE_CASES)
    assert caller is not None
    assert (caller.role, caller.units) == (Role.DISCIPLINE, None)
    assert caller.acting() == {"by": "zhang", "role": "discipline", "unit": ""}


def test_a_right_of_one_role_is_not_widened_by_another() -> None:
    who = official(Grant(role=Role.HANDLER, unit=TAX), Grant(role=Role.ADMINISTRATOR))
    caller = who.calling(Right.SEE_CASES)
    assert caller is not None
    assert caller.units == frozenset({TAX})

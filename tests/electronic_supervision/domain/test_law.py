"""Which rule and which limit count for a case, by the day on which it was accepted."""

from dataclasses import replace
from datetime import date

import pytest

from services.electronic_supervision.domain.case import Case, fold
from services.electronic_supervision.domain.facts import Accepted, Fact
from services.electronic_supervision.domain.law import Law, matter_of, terms_of
from services.electronic_supervision.domain.registers import registers
from services.electronic_supervision.domain.registers.green_card_acts import GreenCardGranted
from services.electronic_supervision.domain.rules.demands import (
    LimitBy,
    Span,
    StepLimits,
    WholeCase,
)
from services.electronic_supervision.domain.rules.rule import Scope
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.domain.time.limits import WorkingDays
from tests.electronic_supervision.domain.lawful import (
    LONG_AGO,
    PERMIT,
    act,
    days,
    law,
    published,
    rule,
)
from tests.electronic_supervision.domain.timeline import fact

SOURCE = "/wuhu/permits"
STATED = rule(WholeCase(by=LimitBy.STATED), "stated-limit")
PROMISED = rule(WholeCase(by=LimitBy.CATALOGUE), "promised-limit")
FIRM = "91340200MA2MTE5T11"


def case(at: str = "2026-11-23 10:00", item: str = "permit", enterprise: str = "") -> Case:
    accepted = Accepted(
        unit="housing", item=item, enterprise=enterprise, stated_limit=WorkingDays(9)
    )
    return fold([fact("accepted", at, accepted)])


def terms(of: Case, by: Law) -> Terms:
    return terms_of(of, matter_of(SOURCE, of, by), by)


def test_the_promise_of_the_catalogue_goes_before_what_a_system_states() -> None:
    found = terms(case(), law(STATED, PROMISED, items=(published(),)))
    assert (found.whole.rule, found.limit) == ("promised-limit", WorkingDays(5))
    assert "服务承诺第三条" in found.whole.clause


def test_without_a_promise_the_statute_binds() -> None:
    content = replace(PERMIT, promised=None, promised_clause="", green_card=None)
    found = terms(case(), law(STATED, PROMISED, items=(published(content),)))
    assert found.limit == WorkingDays(20)
    assert "行政许可法第四十二条" in found.whole.clause


def test_what_the_catalogue_does_not_know_is_held_to_what_its_system_states() -> None:
    found = terms(case(item="unheard-of"), law(STATED, PROMISED, items=(published(),)))
    assert (found.whole.rule, found.limit, found.takes_stated) == ("stated-limit", None, True)


def test_where_no_rule_holds_nothing_limits_a_case() -> None:
    found = terms(case(), law())
    assert (found.limit, found.takes_stated) == (None, False)


def test_a_limit_of_the_rules_own_goes_before_all_others() -> None:
    own = rule(WholeCase(by=LimitBy.RULE, limit=WorkingDays(3)), "own")
    found = terms(case(), law(STATED, PROMISED, own, items=(published(),)))
    assert (found.whole.rule, found.limit) == ("own", WorkingDays(3))


@pytest.mark.parametrize(
    "scope",
    [
        Scope(units=frozenset({"water"})),
        Scope(items=frozenset({"passport"})),
        Scope(natures=frozenset({"complaint"})),
    ],
)
def test_a_rule_for_others_does_not_count(scope: Scope) -> None:
    own = rule(WholeCase(by=LimitBy.RULE, limit=WorkingDays(3)), "own", scope=scope)
    found = terms(case(), law(STATED, own, items=(published(),)))
    assert found.whole.rule == "stated-limit"


def test_a_case_keeps_the_version_of_the_item_that_it_was_accepted_under() -> None:
    later = replace(published(replace(PERMIT, promised=days(3))), effective_from=date(2026, 11, 24))
    by = law(PROMISED, items=(published(), later))
    assert terms(case("2026-11-23 17:00"), by).limit == WorkingDays(5)
    assert terms(case("2026-11-24 09:00"), by).limit == WorkingDays(3)


def test_a_new_version_of_a_rule_does_not_judge_what_was_accepted_before_it() -> None:
    new = date(2026, 11, 24)
    by = law(
        rule(WholeCase(by=LimitBy.RULE, limit=WorkingDays(9)), until=new),
        rule(WholeCase(by=LimitBy.RULE, limit=WorkingDays(1)), version=2, since=new),
    )
    assert terms(case("2026-11-23 17:00"), by).whole.version == 1
    assert terms(case("2026-11-24 09:00"), by).whole.version == 2


def test_the_day_is_the_citys_not_that_of_greenwich() -> None:
    """23 November 17:00 UTC is the 24th in Wuhu."""
    by = law(rule(WholeCase(by=LimitBy.STATED), since=date(2026, 11, 24)))
    assert terms(case("2026-11-24 01:00"), by).whole.rule == "rule"


def test_a_green_card_shortens_the_limit_while_it_is_held() -> None:
    granted = GreenCardGranted(
        enterprise=FIRM, name="某企业", effective_from=date(2026, 1, 1), last_day=date(2026, 12, 31)
    )
    by = replace(law(PROMISED, items=(published(),)), registers=registers.fold([granted]))
    assert terms(case(enterprise=FIRM), by).limit == WorkingDays(2)
    assert terms(case(), by).limit == WorkingDays(5)
    assert terms(case("2025-11-24 10:00", enterprise=FIRM), by).limit == WorkingDays(5)


def test_steps_are_limited_by_the_rule_on_steps() -> None:
    by = law(STATED, rule(StepLimits(lead=2), "steps"), items=(published(),))
    found = terms(case(), by)
    assert found.steps == {"审核": WorkingDays(2)}
    assert found.step is not None
    assert (found.step.rule, found.step.lead) == ("steps", 2)


def test_a_span_keeps_the_version_of_the_day_on_which_it_began() -> None:
    new = date(2026, 11, 24)

    def span(limit: int) -> Span:
        return Span(name="受理", begin=("in",), end=("out",), limit=WorkingDays(limit))

    by = law(rule(span(5), until=new), rule(span(1), version=2, since=new))
    acts: list[Fact] = [act("in", "2026-11-23 17:00", "in")]
    (found,) = terms(fold(acts), by).spans
    assert (found.standard.version, found.limit) == (1, WorkingDays(5))


def test_a_shadow_rule_limits_nothing() -> None:
    own = rule(WholeCase(by=LimitBy.RULE, limit=WorkingDays(3)), "own", since=LONG_AGO)
    assert terms(case(), law(STATED, shadow=(own,))).whole.rule == "stated-limit"

"""Acts that break a rule at once: told with clause and facts, and never on doubtful ground."""

from collections.abc import Mapping
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.case import fold
from services.electronic_supervision.domain.facts import (
    Accepted,
    Decided,
    Fact,
    StepStarted,
    Voided,
    Withdrawn,
)
from services.electronic_supervision.domain.irregularity import Failed, irregularities
from services.electronic_supervision.domain.judgement import CaseKey, Finding
from services.electronic_supervision.domain.law import Law, matter_of
from services.electronic_supervision.domain.rules.demands import Level, Order
from services.electronic_supervision.domain.sequence import Disorder, Kind, disorders
from tests.electronic_supervision.domain.lawful import (
    DECIDED,
    FEE,
    Values,
    act,
    forbidden,
    law,
    published,
    rule,
)
from tests.electronic_supervision.domain.timeline import LONG_AFTER, fact, local

KEY = CaseKey(source="/wuhu/permits", number="办件1")
SUPPLEMENT = "xiaoneng.approvals.supplement-requested.v1"


def field(values: Values, name: str, of: str = "fact") -> object:
    mapping = values[of]
    return mapping.get(name) if isinstance(mapping, Mapping) else None


def without_reasons(values: Values) -> bool:
    return field(values, "outcome") == "refused" and not field(values, "reasons")


NO_REASONS = rule(forbidden(without_reasons, "fact"), "refused-without-reasons")


def found(
    facts: list[Fact], by: Law, now: datetime = LONG_AFTER, *, unread: bool = False
) -> list[Finding]:
    case = fold(facts, unread=unread)
    told = irregularities(KEY, case, matter_of(KEY.source, case, by), by, now)
    return [each for each in told if isinstance(each, Finding)]


def refusal(id_: str = "refusal", at: str = "2026-11-25 10:00", **said: object) -> Fact:
    return act(id_, at, what=Decided(), said={"outcome": "refused", "reasons": [], **said})


def test_a_refusal_without_reasons_is_told_with_clause_and_facts() -> None:
    (finding,) = found([refusal()], law(NO_REASONS))
    assert finding.judgement.level == "yellow"
    assert finding.judgement.rule == "refused-without-reasons"
    assert finding.evidence.clause == "《规定》之 refused-without-reasons"
    assert finding.evidence.message == "refusal 违反规定"
    assert finding.evidence.facts == ("refusal",)
    assert finding.evidence.fired_at == local("2026-11-25 10:00")


def test_a_refusal_with_reasons_is_not() -> None:
    assert found([refusal(reasons=["未取得规划许可"])], law(NO_REASONS)) == []


def test_an_act_ahead_of_its_time_waits() -> None:
    assert found([refusal()], law(NO_REASONS), local("2026-11-25 09:59")) == []


@pytest.mark.parametrize(
    ("since", "until", "is_told"),
    [
        (date(2026, 11, 25), None, True),
        (date(2026, 11, 26), None, False),
        (date(2020, 1, 1), date(2026, 11, 25), False),
    ],
)
def test_an_act_is_held_against_the_rules_of_its_own_day(
    since: date, until: date | None, is_told: bool
) -> None:
    by = law(rule(forbidden(without_reasons, "fact"), since=since, until=until))
    assert bool(found([refusal()], by)) is is_told


def test_a_shadow_rule_tells_nothing() -> None:
    assert found([refusal()], law(shadow=(NO_REASONS,))) == []


def test_a_corrected_act_is_no_longer_held_against_the_unit() -> None:
    right = Fact(
        id="right",
        at=refusal().at,
        recorded_at=local("2026-11-26 10:00"),
        what=Decided(),
        type=DECIDED,
        corrects="refusal",
        fields={"outcome": "refused", "reasons": ["材料不齐"]},
    )
    assert found([refusal(), right], law(NO_REASONS)) == []


def test_a_voided_act_is_no_longer_held_against_the_unit() -> None:
    void = fact("void", "2026-11-26 10:00", Voided(fact="refusal"))
    assert found([refusal(), void], law(NO_REASONS)) == []


def test_no_card_rests_on_an_act_from_the_future() -> None:
    ahead = Fact(
        id="refusal",
        at=refusal(at="2027-11-25 10:00").at,
        recorded_at=local("2026-11-25 10:00"),
        what=Decided(),
        type=DECIDED,
        fields={"outcome": "refused", "reasons": []},
    )
    (finding,) = found([ahead], law(NO_REASONS))
    assert (finding.judgement.level, finding.evidence.withheld) == ("yellow-lead", "future-time")


def test_no_card_rests_on_a_case_with_a_message_in_quarantine() -> None:
    (finding,) = found([refusal()], law(NO_REASONS), unread=True)
    assert finding.judgement.level == "yellow-lead"
    assert finding.evidence.withheld == "message-in-quarantine"


@pytest.mark.parametrize("level", [Level.LEAD, Level.REMINDER])
def test_what_is_no_card_is_not_withheld(level: Level) -> None:
    by = law(rule(forbidden(without_reasons, "fact", level=level)))
    (finding,) = found([refusal()], by, unread=True)
    assert (finding.judgement.level, finding.evidence.withheld) == (level.value, "")


def test_a_new_version_of_a_rule_does_not_double_a_finding() -> None:
    one, two = (law(rule(forbidden(without_reasons, "fact"), version=n)) for n in (1, 2))
    assert found([refusal()], one)[0].judgement == found([refusal()], two)[0].judgement


def test_two_acts_of_one_instant_are_one_finding() -> None:
    assert len(found([refusal("a"), refusal("b")], law(NO_REASONS))) == 1


def test_a_fee_above_the_standard_of_the_item_is_told() -> None:
    def too_much(values: Values) -> bool:
        amount, most = field(values, "amount_fen"), field(values, "fee_most_fen", "item")
        return isinstance(amount, int) and isinstance(most, int) and amount > most

    by = law(rule(forbidden(too_much, "fact", "item", on=FEE)), items=(published(),))
    facts = [accepted_permit(), act("fee", "2026-11-24 10:00", FEE, said={"amount_fen": 12_001})]
    assert len(found(facts, by)) == 1
    fair = [accepted_permit(), act("fee", "2026-11-24 10:00", FEE, said={"amount_fen": 12_000})]
    assert found(fair, by) == []


def accepted_permit() -> Fact:
    return fact("accepted", "2026-11-23 10:00", Accepted(unit="housing", item="permit"))


def test_a_second_request_for_a_known_material_sees_the_first_one_only() -> None:
    """The case is told as it was at the act: the first request is not blamed for the second."""

    def again(values: Values) -> bool:
        supplements = field(values, "supplements", "case")
        return isinstance(supplements, list) and len(supplements) > 1

    by = law(rule(forbidden(again, "case", on=SUPPLEMENT)))
    asked = [{"name": "身份证明", "code": None}]
    facts = [
        act("first", "2026-11-24 10:00", SUPPLEMENT, said={"materials": asked}),
        act("second", "2026-11-26 10:00", SUPPLEMENT, said={"materials": asked}),
    ]
    assert [each.evidence.facts for each in found(facts, by)] == [("second",)]


def test_a_formula_that_fails_harms_no_case_and_is_told_to_its_author() -> None:
    def broken(_: Values) -> bool:
        raise ValueError("没有这个字段")

    by = law(rule(forbidden(broken, "fact"), "broken"), NO_REASONS)
    case = fold([refusal()])
    told = list(irregularities(KEY, case, matter_of("", case, by), by, LONG_AFTER))
    assert Failed("broken", 1, "refusal", "没有这个字段") in told
    assert len([each for each in told if isinstance(each, Finding)]) == 1


def step(name: str, at: str) -> Fact:
    return fact(f"{name}@{at}", at, StepStarted(step=name))


STEPS = ("受理", "审核", "决定")


def out_of_order(*facts: Fact) -> list[tuple[Kind, str]]:
    return [(each.kind, each.step) for each in disorders(fold(facts), STEPS)]


def test_a_step_begun_after_a_later_one_is_reversed() -> None:
    facts = step("受理", "2026-11-23 09:00"), step("决定", "2026-11-24 09:00")
    assert out_of_order(*facts, step("审核", "2026-11-25 09:00")) == [(Kind.REVERSED, "审核")]


def test_a_step_missing_is_not_skipped_before_the_case_ends() -> None:
    facts = step("受理", "2026-11-23 09:00"), step("决定", "2026-11-24 09:00")
    assert out_of_order(*facts) == []


def test_a_step_left_out_is_skipped_once_the_case_ends() -> None:
    facts = step("受理", "2026-11-23 09:00"), step("决定", "2026-11-24 09:00")
    ended = fact("decided", "2026-11-25 09:00", Decided())
    assert out_of_order(*facts, ended) == [(Kind.SKIPPED, "审核")]


def test_what_was_withdrawn_need_not_have_gone_through_all_steps() -> None:
    facts = step("受理", "2026-11-23 09:00"), step("决定", "2026-11-24 09:00")
    assert out_of_order(*facts, fact("w", "2026-11-25 09:00", Withdrawn())) == []


def test_a_step_gone_through_again_is_not_reversed() -> None:
    facts = [step("受理", "2026-11-23 09:00"), step("审核", "2026-11-24 09:00")]
    assert out_of_order(*facts, step("受理", "2026-11-25 09:00")) == []


def test_nothing_is_said_of_systems_that_tell_of_no_steps() -> None:
    assert out_of_order(fact("decided", "2026-11-25 09:00", Decided())) == []


def test_an_order_broken_is_told_at_the_act_that_shows_it() -> None:
    by = law(rule(Order(level=Level.REMINDER, steps=STEPS), "order"))
    facts = [step("决定", "2026-11-24 09:00"), step("审核", "2026-11-25 09:00")]
    (finding,) = found(facts, by)
    assert finding.evidence.facts == ("审核@2026-11-25 09:00",)


@given(
    st.permutations(
        [refusal("a"), refusal("b", "2026-11-26 10:00"), step("审核", "2026-11-24 09:00")]
    )
)
def test_the_order_of_delivery_changes_nothing(facts: list[Fact]) -> None:
    assert found(facts, law(NO_REASONS)) == found(
        sorted(facts, key=lambda f: f.id), law(NO_REASONS)
    )


def test_disorders_name_the_step_that_should_have_waited() -> None:
    facts = [step("决定", "2026-11-24 09:00"), step("审核", "2026-11-25 09:00")]
    (one,) = disorders(fold(facts), STEPS)
    assert isinstance(one, Disorder)
    assert one.other == "决定"

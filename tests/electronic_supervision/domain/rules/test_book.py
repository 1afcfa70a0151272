"""Which rules hold on a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.rules.book import (
    Entry,
    Mode,
    RuleBook,
    RulesOverlapError,
    book,
    heard_by,
)
from services.electronic_supervision.domain.rules.demands import (
    Absence,
    Absent,
    Demand,
    Expression,
    Forbidden,
    Level,
    LimitBy,
    Span,
    WholeCase,
)
from services.electronic_supervision.domain.rules.rule import Rule, System
from services.electronic_supervision.domain.time.limits import WorkingDays

FEE = "xiaoneng.approvals.fee-charged.v1"
RECEIVED = "xiaoneng.approvals.case-received.v1"
ACCEPTED = "xiaoneng.approvals.case-accepted.v1"

ALWAYS = Expression(text="true", names=frozenset(), value=lambda _: True)
NO_FEE = Forbidden(on=(FEE,), when=ALWAYS, level=Level.YELLOW)
FIVE_DAYS = Span(name="acceptance", begin=(RECEIVED,), end=(ACCEPTED, FEE), limit=WorkingDays(5))
MARCH = date(2012, 3, 1)
APRIL = date(2012, 4, 1)
MAY = date(2012, 5, 1)


def rule(
    id_: str,
    demand: Demand,
    *,
    version: int = 1,
    begin: date = MARCH,
    until: date | None = None,
) -> Rule:
    return Rule(
        id=id_,
        version=version,
        title="样例",
        system=System.REGULARITY,
        clause="《样例》",
        effective_from=begin,
        effective_until=until,
        demand=demand,
    )


def test_a_version_holds_from_its_first_day_until_the_day_another_begins() -> None:
    first = rule("fees", NO_FEE, until=APRIL)
    second = rule("fees", NO_FEE, version=2, begin=APRIL)
    held = book([Entry(second), Entry(first)])
    assert held.rule("fees", MARCH - timedelta(days=1)) is None
    assert held.rule("fees", MARCH) is first
    assert held.rule("fees", APRIL - timedelta(days=1)) is first
    assert held.rule("fees", APRIL) is second
    assert held.rule("fees", date(2030, 1, 1)) is second
    assert held.rule("others", APRIL) is None


def test_a_rule_that_ended_leaves_nothing_behind() -> None:
    held = book([Entry(rule("fees", NO_FEE, until=APRIL))])
    assert held.in_force(APRIL) == ()
    assert held.on(FEE, APRIL) == ()
    assert held.by_kind(Forbidden, APRIL) == ()


def test_an_event_concerns_the_rules_that_name_its_type() -> None:
    fees, span = Entry(rule("fees", NO_FEE)), Entry(rule("span", FIVE_DAYS))
    whole = Entry(rule("whole", WholeCase(by=LimitBy.CATALOGUE)))
    held = book([span, fees, whole])
    assert held.on(FEE, MARCH) == (fees, span)
    assert held.on(RECEIVED, MARCH) == (span,)
    assert held.by_kind(WholeCase, MARCH) == (whole,)


def test_a_rule_that_names_a_type_twice_is_told_of_it_once() -> None:
    twice = Entry(rule("fees", replace(NO_FEE, on=(FEE, FEE))))
    assert book([twice]).on(FEE, MARCH) == (twice,)


def test_a_version_is_tried_out_beside_the_one_that_judges() -> None:
    judging, tried = rule("fees", NO_FEE), rule("fees", NO_FEE, version=2, begin=APRIL)
    held = book([Entry(judging), Entry(tried, Mode.SHADOW)])
    assert held.rule("fees", APRIL) is judging
    assert held.shadow("fees", APRIL) is tried
    assert held.shadow("fees", MARCH) is None
    assert [each.mode for each in held.on(FEE, APRIL)] == [Mode.ACTIVE, Mode.SHADOW]


def test_two_versions_never_judge_the_same_day() -> None:
    with pytest.raises(RulesOverlapError) as refused:
        book([Entry(rule("fees", NO_FEE)), Entry(rule("fees", NO_FEE, version=2, begin=APRIL))])
    assert (refused.value.id, refused.value.day) == ("fees", APRIL)


def test_a_version_replaced_before_it_began_never_holds() -> None:
    never = rule("fees", NO_FEE, begin=APRIL, until=APRIL)
    follower = rule("fees", NO_FEE, version=2, begin=APRIL)
    assert book([Entry(never), Entry(follower)]).rule("fees", APRIL) is follower


def test_rules_on_what_is_missing_name_no_event() -> None:
    absence = Absence(of=Absent.SOURCE, after=WorkingDays(1), level=Level.LEAD)
    assert heard_by(absence) == ()


DAYS = st.integers(0, 30).map(lambda n: MARCH + timedelta(days=n))
CANDIDATES: list[Demand] = [NO_FEE, FIVE_DAYS, WholeCase(by=LimitBy.CATALOGUE)]
DEMANDS = st.sampled_from(CANDIDATES)


@st.composite
def rules(draw: st.DrawFn) -> list[Entry]:
    entries = []
    for id_ in ("a", "b", "c"):
        turns = sorted(draw(st.lists(DAYS, max_size=5, unique=True)))
        for number, (begin, until) in enumerate(zip(turns, [*turns[1:], None], strict=False), 1):
            made = rule(id_, draw(DEMANDS), version=number, begin=begin, until=until)
            entries.append(Entry(made, draw(st.sampled_from(Mode))))
    return draw(st.permutations(entries))


def holding(entries: list[Entry], day: date) -> set[tuple[str, int]]:
    return {
        (each.rule.id, each.rule.version)
        for each in entries
        if each.rule.effective_from <= day
        and (each.rule.effective_until is None or day < each.rule.effective_until)
    }


@given(rules(), DAYS)
def test_looking_up_is_the_same_as_reading_every_page(entries: list[Entry], day: date) -> None:
    held: RuleBook = book(entries)
    expected = holding(entries, day)
    assert {(each.rule.id, each.rule.version) for each in held.in_force(day)} == expected
    for kind in (Forbidden, Span, WholeCase):
        assert {each.rule.id for each in held.by_kind(kind, day)} == {
            each.rule.id
            for each in entries
            if isinstance(each.rule.demand, kind) and (each.rule.id, each.rule.version) in expected
        }
    for heard in (FEE, RECEIVED, ACCEPTED):
        assert {each.rule.id for each in held.on(heard, day)} == {
            each.rule.id
            for each in entries
            if heard in heard_by(each.rule.demand) and (each.rule.id, each.rule.version) in expected
        }


@given(rules())
def test_the_order_in_which_rules_are_bound_makes_no_difference(entries: list[Entry]) -> None:
    assert book(entries) == book(list(reversed(entries)))

"""Which rules over time may find something else by another law, and in which order."""

from dataclasses import replace
from datetime import date

from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.rules.book import book
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.time.notice import amend
from services.electronic_supervision.rehearsal.compare import pair
from services.electronic_supervision.rehearsal.watched import Watched
from services.electronic_supervision.rules.read import read_rule
from services.electronic_supervision.rules.shelf import shipped
from tests.electronic_supervision.domain.lawful import law
from tests.electronic_supervision.patterns.conftest import MANY_STEPS, TWO_CARDS
from tests.electronic_supervision.rehearsal import papers

ALL = [each.rule for each in shipped().values()] + [read_rule(MANY_STEPS).rule]
SUMS = {"three-reminders", "two-yellow-cards", "points-of-unit"}
BY_LIMITS = {"pauses-before-limit", "closures-on-limit"}


def of(*rules: Rule) -> Law:
    return replace(BEFORE, book=law(*rules).book)


BEFORE = law(*ALL)


def seen(after: Law, before: Law = BEFORE) -> Watched:
    return pair(before, after).watched


def other(id_: str) -> Law:
    """Let one rule be of another version."""
    return of(*(replace(r, version=9) if r.id == id_ else r for r in ALL))


def test_the_same_law_is_not_looked_at() -> None:
    assert seen(BEFORE) == Watched()


def test_a_limit_may_change_what_its_judgements_add_up_to_and_the_tactics_that_look_at_it() -> None:
    assert seen(of(*ALL, read_rule(papers.rule(3, "new")).rule)).differing == SUMS | BY_LIMITS


def test_a_count_may_change_itself_and_the_sums_that_its_level_has_points_in() -> None:
    assert seen(other("many-steps")).differing == {
        "many-steps",
        "two-yellow-cards",
        "points-of-unit",
    }


def test_a_tactic_makes_leads_and_changes_nothing_but_itself() -> None:
    watched = seen(other("repeated-supplements"))
    assert watched.differing == {"repeated-supplements"}
    assert watched.rounds == (("repeated-supplements",),)
    assert not watched.judgements


def test_another_calendar_may_change_all_that_is_told_over_time() -> None:
    storm = amend(BEFORE.office.calendar, version="storm", rest={date(2026, 3, 5): "台风"}, work={})
    after = replace(BEFORE, office=replace(BEFORE.office, calendar=storm))
    missing = {"source-silent", "guide-missing", "post-unattended"}
    kinds = {"count", "rate", "honest_clock", "cumulation"}
    told = {r.id for r in ALL if any(f"\n{kind}:" in text_of(r.id) for kind in kinds)}
    assert seen(after).differing == told - missing


def text_of(id_: str) -> str:
    return MANY_STEPS if id_ == "many-steps" else shipped()[id_].text


def test_what_counts_others_is_told_after_them() -> None:
    cards = read_rule(TWO_CARDS).rule
    before = of(*ALL, cards)
    watched = seen(of(*ALL, replace(cards, version=2)), before)
    assert watched.differing == {"two-runs"}
    assert watched.rounds == (("many-steps",), ("two-runs",))


def test_what_judges_on_trial_changes_nothing() -> None:
    tried = law(*ALL, shadow=(read_rule(papers.rule(3, "new")).rule,))
    assert seen(replace(BEFORE, book=book(tried.book.entries))) == Watched()

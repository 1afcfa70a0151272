"""Facts that come late, doubled, out of order, corrected and voided."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.case import Flag, fold
from services.electronic_supervision.domain.facts import (
    Decided,
    Delivered,
    Fact,
    Happening,
    Voided,
    Withdrawn,
)
from services.electronic_supervision.domain.standing import standing
from tests.electronic_supervision.domain.timeline import (
    accepted,
    decided,
    fact,
    histories,
    local,
    paused,
    resumed,
)

ACCEPTED = accepted("2026-11-23 10:00")
MISTYPED = decided("2026-11-03 10:00")
CORRECTED = fact("correction", "2026-12-03 10:00", MISTYPED.what, corrects="decided")
VOID = fact("void", "2026-12-04 10:00", Voided(fact="decided"))
VOID_OF_VOID = fact("void-2", "2026-12-05 10:00", Voided(fact="void"))


def ids(facts: list[Fact]) -> list[str]:
    return [fact.id for fact in standing(facts)]


@given(histories(), st.randoms(use_true_random=False))
def test_shuffled_and_doubled_facts_make_the_same_case(facts: list[Fact], random: Random) -> None:
    shuffled = facts + random.sample(facts, len(facts) // 2)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(facts)


def test_a_voided_fact_does_not_count() -> None:
    for order in permutations([ACCEPTED, MISTYPED, VOID]):
        assert ids(list(order)) == ["accepted", "void"]


def test_a_correction_stands_instead_of_the_fact_it_corrects() -> None:
    for order in permutations([ACCEPTED, MISTYPED, CORRECTED]):
        case = fold(order)
        assert case.ended is not None
        assert case.ended.at.earliest == local("2026-12-03 10:00")


def test_a_correction_corrected_in_its_turn_still_replaces_the_first_fact() -> None:
    again = fact("again", "2026-12-04 10:00", MISTYPED.what, corrects="correction")
    for order in permutations([ACCEPTED, MISTYPED, CORRECTED, again]):
        assert ids(list(order)) == ["accepted", "again"]


def test_a_voided_correction_gives_the_first_fact_back() -> None:
    void = fact("void", "2026-12-04 10:00", Voided(fact="correction"))
    for order in permutations([ACCEPTED, MISTYPED, CORRECTED, void]):
        assert ids(list(order)) == ["decided", "accepted", "void"]


def test_a_void_corrected_to_mean_another_fact_leaves_the_first_alone() -> None:
    meant = fact("meant", "2026-12-05 10:00", Voided(fact="correction"), corrects="void")
    for order in permutations([ACCEPTED, MISTYPED, VOID, meant]):
        assert ids(list(order)) == ["decided", "accepted", "meant"]


def test_of_two_facts_with_one_id_the_one_noted_first_stands() -> None:
    later = replace(MISTYPED, at=CORRECTED.at, recorded_at=CORRECTED.recorded_at)
    for order in permutations([ACCEPTED, MISTYPED, later]):
        ended = fold(order).ended
        assert ended is not None
        assert ended.at == MISTYPED.at


def test_voiding_the_void_brings_the_fact_back() -> None:
    for order in permutations([ACCEPTED, MISTYPED, VOID, VOID_OF_VOID]):
        assert "decided" in ids(list(order))


def test_facts_that_strike_each_other_out_both_stand() -> None:
    one = fact("one", "2026-12-01 10:00", MISTYPED.what, corrects="two")
    two = fact("two", "2026-12-02 10:00", MISTYPED.what, corrects="one")
    assert ids([one, two]) == ids([two, one]) == ["one", "two"]


def test_a_void_for_a_fact_not_yet_here_waits_for_it() -> None:
    assert ids([VOID]) == ["void"]
    assert ids([VOID, MISTYPED]) == ["void"]


def test_dates_that_can_not_be_true_are_flagged() -> None:
    assert fold([ACCEPTED, MISTYPED]).flags == {Flag.FINISHED_BEFORE_ACCEPTED}
    assert fold([ACCEPTED, CORRECTED, MISTYPED]).flags == set()
    noted_before = Fact(
        id="x", at=CORRECTED.at, recorded_at=local("2026-12-03 09:00"), what=MISTYPED.what
    )
    assert fold([ACCEPTED, noted_before]).flags == {Flag.FUTURE_TIME}


def test_a_case_accepted_and_decided_in_one_instant_is_possible() -> None:
    assert fold([ACCEPTED, decided("2026-11-23 10:00")]).flags == set()


def test_a_sources_clock_may_be_a_few_minutes_off() -> None:
    def noted(minutes_early: int) -> Fact:
        recorded = CORRECTED.at.earliest - timedelta(minutes=minutes_early)
        return Fact(id="x", at=CORRECTED.at, recorded_at=recorded, what=MISTYPED.what)

    assert fold([ACCEPTED, noted(5)]).flags == set()
    assert fold([ACCEPTED, noted(6)]).flags == {Flag.FUTURE_TIME}


@pytest.mark.parametrize("end", [Decided(), Delivered(), Withdrawn()])
def test_a_case_ends_with_the_first_of_decision_delivery_and_withdrawal(end: Happening) -> None:
    first, later = fact("1", "2026-11-24 10:00", end), fact("2", "2026-11-25 10:00", Decided())
    ended = fold([ACCEPTED, later, first]).ended
    assert ended is not None
    assert ended.fact == "1"


@pytest.mark.parametrize(
    ("end", "received"), [(Delivered(), True), (Withdrawn(), True), (Decided(), False)]
)
def test_a_decision_alone_does_not_stop_the_citizens_clock(end: Happening, received: bool) -> None:
    case = fold([ACCEPTED, fact("1", "2026-11-24 10:00", end)])
    assert (case.received is not None) is received


def test_a_resumption_without_a_pause_is_flagged() -> None:
    assert fold([ACCEPTED, resumed("2026-11-24 10:00")]).flags == {Flag.RESUMED_WITHOUT_PAUSE}


def test_a_pause_resumed_at_the_same_instant_is_no_pause() -> None:
    instant = "2026-11-24 10:00"
    pauses = fold([ACCEPTED, resumed(instant), paused(instant)]).pauses
    assert [(run.begin, run.end) for run in pauses] == [(paused(instant).at, paused(instant).at)]

"""Who held a case for how long."""

from datetime import timedelta

from hypothesis import given

from services.electronic_supervision.domain.case import fold
from services.electronic_supervision.domain.custody import custody
from services.electronic_supervision.domain.facts import Delivered, Fact, Transferred
from tests.electronic_supervision.domain.timeline import (
    LONG_AFTER,
    accepted,
    fact,
    histories,
    local,
    paused,
)


def test_each_hop_accrues_to_its_holder_and_a_pause_excuses_nobody() -> None:
    facts = [
        accepted("2026-11-23 10:00", unit="housing"),
        paused("2026-11-24 10:00"),
        fact("out", "2026-11-25 10:00", Transferred(to_unit="planning")),
        fact("back", "2026-11-26 10:00", Transferred(to_unit="housing")),
    ]
    assert custody(fold(facts), local("2026-11-27 10:00")) == {
        "housing": timedelta(days=3),
        "planning": timedelta(days=1),
    }


@given(histories())
def test_the_shares_add_up_to_what_the_citizen_waited(facts: list[Fact]) -> None:
    case = fold(facts)
    assert case.accepted is not None
    end = case.received.at.earliest if case.received else LONG_AFTER
    waited = max(timedelta(), end - case.accepted.at.earliest)
    assert sum(custody(case, LONG_AFTER).values(), timedelta()) == waited


def test_the_shares_of_a_day_gone_by_end_with_that_day() -> None:
    facts = [accepted("2026-11-23 10:00"), fact("got", "2026-12-23 10:00", Delivered())]
    assert custody(fold(facts), local("2026-11-24 10:00")) == {"housing": timedelta(days=1)}

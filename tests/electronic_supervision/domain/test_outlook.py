"""When a case has to be looked at again: not before anything changes, and not after."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.case import fold
from services.electronic_supervision.domain.engine import FactArrived, QuarantineChanged
from services.electronic_supervision.domain.facts import Accepted, Fact, Transferred
from services.electronic_supervision.domain.judgement import Outlook, judge
from services.electronic_supervision.domain.time.limits import Limit, WorkingDays
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.docket import ACCEPTED, KEY, at, empty, levels, play
from tests.electronic_supervision.domain.timeline import (
    LONG_AFTER,
    OFFICE,
    accepted,
    due,
    fact,
    histories,
    instants,
    limits,
    local,
    terms,
)

MOMENT = timedelta(microseconds=1)


def outlook(facts: list[Fact], limit: Limit | None, now: datetime) -> Outlook:
    return judge(KEY, fold(facts), terms(limit), OFFICE, now)


def ids(seen: Outlook) -> set[str]:
    return {finding.judgement.id for finding in seen.findings}


@given(facts=histories(), limit=limits, now=instants, part=st.floats(0, 1))
def test_nothing_changes_before_the_next_look_and_something_does_right_after(
    facts: list[Fact], limit: Limit, now: datetime, part: float
) -> None:
    seen = outlook(facts, limit, now)
    until = seen.next_at or LONG_AFTER
    between = now + (until - now) * part
    if between < until:
        assert ids(outlook(facts, limit, between)) == ids(seen)
    if seen.next_at is not None:
        assert seen.next_at >= now
        assert ids(outlook(facts, limit, seen.next_at + MOMENT)) > ids(seen)


def test_a_case_that_nothing_can_happen_to_is_never_looked_at_again() -> None:
    done = [ACCEPTED, fact("decided", "2026-11-24 10:00", Transferred(to_unit="planning"))]
    assert outlook(done, None, local("2026-11-25 10:00")).next_at is None


def test_the_limit_that_a_system_states_is_held_against_it_where_the_city_has_none() -> None:
    stated = Accepted(unit="housing", stated_limit=WorkingDays(5))
    told = fact("accepted", "2026-11-23 10:00", stated)
    assert due([told], None) == due([ACCEPTED], WorkingDays(5))


def test_the_end_that_a_system_states_goes_before_the_limit_it_states() -> None:
    end = Moment.instant(local("2026-11-25 12:00"))
    stated = Accepted(unit="housing", stated_limit=WorkingDays(5), stated_due=end)
    found = due([fact("accepted", "2026-11-23 10:00", stated)], None)
    assert found is not None
    assert found.at == end.latest


def test_the_citys_limit_goes_before_any_that_the_system_states() -> None:
    stated = Accepted(unit="housing", stated_limit=WorkingDays(50))
    told = fact("accepted", "2026-11-23 10:00", stated)
    assert due([told], WorkingDays(5)) == due([ACCEPTED], WorkingDays(5))


def test_no_card_stands_while_a_message_about_its_case_is_unread() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-20 10:00"))
    assert levels(docket) == ["reminder", "yellow", "red"]
    docket, _ = play(docket, QuarantineChanged(unread=True))
    assert sorted(levels(docket)) == ["red-lead", "reminder", "yellow-lead"]
    docket, _ = play(docket, QuarantineChanged(unread=False))
    assert sorted(levels(docket)) == ["red", "reminder", "yellow"]


def test_a_judgement_names_the_unit_that_holds_the_case() -> None:
    handed = fact("handed", "2026-11-24 10:00", Transferred(to_unit="planning"))
    seen = outlook([accepted("2026-11-23 10:00"), handed], WorkingDays(5), LONG_AFTER)
    assert {finding.evidence.unit for finding in seen.findings} == {"planning"}

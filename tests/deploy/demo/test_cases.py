"""The cases of the simulated city are sane, save for the mistakes that are meant."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest

from contracts.streams import CITY
from contracts.subjects import parse
from deploy.demo.city import BY_NAME, DEMO_SYSTEMS, SYSTEMS
from deploy.demo.days import day, heat
from deploy.demo.incidents import FIRST_NUMBER
from deploy.demo.life import LOST
from deploy.demo.live import SEED
from deploy.demo.said import Hands, Said, Slip
from deploy.demo.units import UNITS
from deploy.demo.world import SILENT_SINCE, ZONE, desks, world
from kernel.intake.heard import Heard, Message, hear
from services.electronic_supervision.domain.case import CLOCK_SKEW
from services.electronic_supervision.doors.screen import screen_message
from tests.deploy.demo.conftest import MONDAY

Cases = Mapping[tuple[str, str], Sequence[Said]]
ADMITTED = {each.name: each for each in SYSTEMS}
NEVER_READ = {Slip.UNREADABLE}
MEANT = {Slip.WRONG_DATE, Slip.FUTURE_DATE, Slip.FINISHED_FIRST}


@pytest.fixture(scope="module")
def cases(told: Sequence[Said]) -> Cases:
    found: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for each in told:
        found[each.system, each.case].append(each)
    return found


def as_message(said: Said) -> Message:
    return Message(
        stream=CITY, subject=said.subject, data=said.body, number=1, sent_at=said.told_at
    )


def test_the_door_reads_every_event_but_those_that_are_meant_to_be_unreadable(
    told: Sequence[Said],
) -> None:
    for each in told:
        is_read = isinstance(screen_message(as_message(each), ADMITTED).heard, Heard)
        assert is_read == (each.slip not in NEVER_READ), each.body.decode()


def test_every_mistake_is_made(told: Sequence[Said]) -> None:
    assert {each.slip for each in told} == {*Slip, None}


def test_mistakes_are_rare(told: Sequence[Said]) -> None:
    assert sum(each.slip is not None for each in told) < len(told) / 50


def test_an_id_is_used_once_but_for_what_is_told_twice_spoilt_or_reused(
    told: Sequence[Said],
) -> None:
    bodies: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    for each in told:
        bodies[each.system, each.id].add(each.body)
    several = {key for key, own in bodies.items() if len(own) > 1}
    odd = {
        (each.system, each.id) for each in told if each.slip in {Slip.UNREADABLE, Slip.ID_REUSED}
    }
    assert several <= odd
    twice = [each for each in told if each.slip is Slip.TOLD_TWICE]
    assert all(len(bodies[each.system, each.id]) == 1 for each in twice)


def test_a_case_begins_with_its_acceptance_and_goes_on_in_order_of_time(cases: Cases) -> None:
    for key, own in cases.items():
        if any(each.slip for each in own):
            continue
        assert ".case-accepted." in own[0].subject, key
        for earlier, later in pairwise(own):
            assert earlier.at <= later.at, (key, earlier.id, later.id)


def test_nothing_is_told_before_it_happened_but_a_date_typed_wrong(told: Sequence[Said]) -> None:
    for each in told:
        if each.slip is not Slip.FUTURE_DATE:
            assert each.at <= each.told_at, each.id


def test_a_slip_into_the_future_is_far_enough_to_be_noticed(told: Sequence[Said]) -> None:
    slips = [each for each in told if each.slip is Slip.FUTURE_DATE]
    assert all(each.at > each.told_at + CLOCK_SKEW for each in slips)


def test_nobody_works_at_a_desk_outside_office_hours(told: Sequence[Said]) -> None:
    office = desks().office
    at_desks = [each for each in told if each.by is Hands.DESK and each.slip not in MEANT]
    for each in at_desks:
        on = office.local_date(each.at)
        assert office.calendar.day(on).working, (each.id, each.at)
        slack = timedelta(minutes=20 if each.slip else 0)
        is_open = any(begin <= each.at <= end + slack for begin, end in office.sessions(on))
        assert is_open, (each.id, each.at)


def test_machines_take_applications_in_at_night_and_at_weekends(history: Sequence[Said]) -> None:
    at_home = [each.at for each in history if each.by is Hands.MACHINE]
    assert any(at.weekday() == 6 for at in at_home)
    assert any(at.astimezone(ZONE).hour < 6 for at in at_home)


def test_numbers_run_on_but_for_those_the_silent_source_lost(told: Sequence[Said]) -> None:
    for system in (each for each in DEMO_SYSTEMS if each.is_numbered):
        own = (hear(each.body).event.position for each in told if each.system == system.name)
        numbers = sorted({number for number in own if number is not None})
        missing = set(range(1, numbers[-1] + 1)) - set(numbers)
        assert len(missing) == (LOST if system.name == "utilities" else 0), system.name
        assert not missing or max(missing) - min(missing) == LOST - 1


def test_a_source_has_been_silent_for_hours_and_speaks_again(told: Sequence[Said]) -> None:
    own = [each for each in told if each.system == "utilities"]
    last = max(each.told_at for each in own if each.told_at <= MONDAY)
    again = min(each.told_at for each in own if each.told_at > MONDAY)
    assert last < MONDAY - SILENT_SINCE
    assert again > MONDAY + timedelta(hours=12)


def test_the_counties_upload_at_night_only(told: Sequence[Said]) -> None:
    own = [each for each in told if each.system == "counties" and each.slip is None]
    assert own
    assert all(each.told_at.astimezone(ZONE).hour >= 20 for each in own)
    desks_closed = timedelta(hours=17, minutes=30)
    late = max(each.told_at - each.at for each in own if each.by is Hands.DESK)
    assert late <= BY_NAME["counties"].system.settle < desks_closed


def test_the_register_knows_every_unit_but_the_one_that_nobody_knows(
    told: Sequence[Said],
) -> None:
    known = {(system.name, system.calls(unit)) for system in DEMO_SYSTEMS for unit in UNITS}
    for each in told:
        is_known = (each.system, parse(each.subject).unit) in known
        assert is_known == (each.slip is not Slip.UNKNOWN_UNIT), each.subject


def test_more_comes_in_after_a_feast_and_before_a_month_ends() -> None:
    city = world(SEED, MONDAY)
    assert heat(city, date(2026, 10, 8)) > heat(city, date(2026, 10, 14)) == 1
    assert heat(city, date(2026, 11, 30)) > heat(city, date(2026, 11, 23)) == 1
    busy = sum(1 for _ in day(city, date(2026, 10, 8)))
    assert busy > 1.2 * sum(1 for _ in day(city, date(2026, 10, 14)))
    assert busy > 4 * sum(1 for _ in day(city, date(2026, 10, 5)))


def test_no_two_units_share_a_code() -> None:
    codes = [unit.code for unit in UNITS]
    aliases = [alias for unit in UNITS for each in DEMO_SYSTEMS if (alias := each.alias(unit))]
    assert len(set(codes)) == len(codes)
    assert len({(alias.source, alias.code) for alias in aliases}) == len(aliases)


def test_orders_that_are_handed_on_are_handled_by_the_unit_that_took_them(cases: Cases) -> None:
    found = 0
    for own in cases.values():
        units = [parse(each.subject).unit for each in own]
        places = [n for n, each in enumerate(own) if ".case-transferred." in each.subject]
        if places and not any(each.slip for each in own):
            (place,) = places
            assert len(set(units[: place + 1])) == 1, units
            assert units[place] not in units[place + 1 :], units
            found += 1
    assert found > 5


def test_nothing_is_handed_over_when_the_shift_changes(cases: Cases) -> None:
    nine = MONDAY.replace(hour=9, minute=0) + timedelta(days=1)
    orders = [own for own in cases.values() if own[0].by is Hands.DUTY and not own[-1].slip]
    handed_over = [own for own in orders if own[0].at < nine < own[-2].at and is_quick(own[0])]
    assert len(handed_over) < 5, "each would be reminded of at nine o'clock"


def is_quick(said: Said) -> bool:
    """Tell orders of every day from those that are meant to run out."""
    return int(said.case[-4:]) < FIRST_NUMBER

"""What may be done to a post with its A and B, and what follows from it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import organisation
from services.evaluation.domain.post import POST
from services.evaluation.domain.post_acts import (
    AbolishPost,
    AppointHolder,
    Command,
    EstablishPost,
    HolderAppointed,
    HolderRelieved,
    HolderReturned,
    HolderWentAway,
    NoteAbsence,
    NoteReturn,
    Place,
    PostAbolished,
    PostEstablished,
    PostRenamed,
    RelieveHolder,
    RenamePost,
)
from services.evaluation.domain.refused import Refused
from tests.evaluation.domain.told import after, refusal, twice_is_once
from tests.evaluation.staff import (
    COUNTER,
    FIFTH_OF_MARCH,
    LI_AS_B,
    MARCH,
    ZHANG_AS_A,
    ZHANG_AWAY,
)
from tests.evaluation.units import AUTUMN, JUNE, NEW_YEAR

DAY = timedelta(days=1)
TOO_EARLY = ("effective-date-too-early", "effective_from")
RENAMING = RenamePost(code=COUNTER.code, name="综合岗", effective_from=JUNE)
WANG_AS_A = replace(ZHANG_AS_A, person="R0003", effective_from=JUNE)
RELIEVING = RelieveHolder(code=COUNTER.code, place=Place.A, effective_from=JUNE)
BACK = NoteReturn(code=COUNTER.code, place=Place.A, effective_from=MARCH + 2 * DAY)
ABOLISHING = AbolishPost(code=COUNTER.code, effective_from=NEW_YEAR)


def test_a_post_is_established_renamed_and_abolished() -> None:
    assert POST.decide(COUNTER, POST.initial) == [
        PostEstablished(
            code=COUNTER.code,
            name="施工许可受理岗",
            unit="WHZJW",
            section="WHZJW-SP",
            effective_from=AUTUMN,
        )
    ]
    assert POST.decide(RENAMING, after(POST, COUNTER)) == [
        PostRenamed(code=COUNTER.code, unit="WHZJW", name="综合岗", effective_from=JUNE)
    ]
    assert POST.decide(ABOLISHING, after(POST, COUNTER, RENAMING)) == [
        PostAbolished(code=COUNTER.code, unit="WHZJW", effective_from=NEW_YEAR)
    ]


def test_somebody_becomes_a_instead_of_who_was_it_and_is_relieved() -> None:
    assert POST.decide(WANG_AS_A, after(POST, COUNTER, ZHANG_AS_A)) == [
        HolderAppointed(
            code=COUNTER.code, unit="WHZJW", place=Place.A, person="R0003", effective_from=JUNE
        )
    ]
    relieving = replace(RELIEVING, effective_from=NEW_YEAR)
    assert POST.decide(relieving, after(POST, COUNTER, ZHANG_AS_A, WANG_AS_A)) == [
        HolderRelieved(
            code=COUNTER.code,
            unit="WHZJW",
            place=Place.A,
            person="R0003",
            effective_from=NEW_YEAR,
        )
    ]


def test_who_is_a_already_is_not_appointed_again() -> None:
    later = replace(ZHANG_AS_A, effective_from=JUNE)
    assert POST.decide(later, after(POST, COUNTER, ZHANG_AS_A)) == []
    assert POST.decide(later, after(POST, COUNTER, ZHANG_AS_A, RELIEVING)) != []


def test_nobody_covers_for_himself() -> None:
    own = replace(LI_AS_B, person=ZHANG_AS_A.person, effective_from=JUNE)
    assert refusal(POST, own, COUNTER, ZHANG_AS_A) == ("person-in-other-place", "person")
    assert POST.decide(own, after(POST, COUNTER, ZHANG_AS_A, RELIEVING)) != []
    on_the_day_before = replace(own, effective_from=JUNE - DAY)
    assert refusal(POST, on_the_day_before, COUNTER, ZHANG_AS_A, RELIEVING) == (
        "person-in-other-place",
        "person",
    )


def test_nobody_covers_for_himself_in_a_time_that_ended_since() -> None:
    """Zhang was A until Wang followed him: B he may be from then on only."""
    was_a = (COUNTER, ZHANG_AS_A, WANG_AS_A)
    own = replace(LI_AS_B, person=ZHANG_AS_A.person, effective_from=JUNE - DAY)
    assert refusal(POST, own, *was_a) == ("person-in-other-place", "person")
    assert POST.decide(replace(own, effective_from=JUNE), after(POST, *was_a)) != []


TURNS = st.lists(
    st.tuples(
        st.sampled_from(Place),
        st.sampled_from([None, "R0001", "R0002"]),
        st.integers(min_value=0, max_value=9),
    ),
    max_size=12,
)


@given(TURNS)
def test_on_no_day_is_anybody_a_and_b(turns: list[tuple[Place, str | None, int]]) -> None:
    state, days = after(POST, COUNTER), [AUTUMN + number * DAY for number in range(12)]
    held: dict[tuple[Place, date], str | None] = {}
    for place, person, number in turns:
        command: Command = (
            RelieveHolder(code=COUNTER.code, place=place, effective_from=days[number])
            if person is None
            else AppointHolder(
                code=COUNTER.code, place=place, person=person, effective_from=days[number]
            )
        )
        try:
            events = POST.decide(command, state)
        except Refused:
            continue
        for event in events:
            state = POST.evolve(state, event)
            held |= {(place, day): person for day in days[number:]}
    for day in days:
        a, b = held.get((Place.A, day)), held.get((Place.B, day))
        assert a is None or a != b, (day, a)


def test_a_is_away_and_comes_back_earlier() -> None:
    there = (COUNTER, ZHANG_AS_A, LI_AS_B)
    assert POST.decide(ZHANG_AWAY, after(POST, *there)) == [
        HolderWentAway(
            code=COUNTER.code,
            unit="WHZJW",
            place=Place.A,
            person="R0001",
            first_day=MARCH,
            last_day=FIFTH_OF_MARCH,
        )
    ]
    assert POST.decide(BACK, after(POST, *there, ZHANG_AWAY)) == [
        HolderReturned(
            code=COUNTER.code,
            unit="WHZJW",
            place=Place.A,
            person="R0001",
            first_day=MARCH,
            effective_from=MARCH + 2 * DAY,
        )
    ]


def test_an_absence_without_end_ends_with_the_return() -> None:
    open_end = replace(ZHANG_AWAY, last_day=None)
    again = replace(ZHANG_AWAY, first_day=FIFTH_OF_MARCH, last_day=JUNE)
    before = (COUNTER, ZHANG_AS_A, open_end)
    assert refusal(POST, again, *before) == ("absence-overlaps", "first_day")
    assert POST.decide(again, after(POST, *before, BACK)) != []


@pytest.mark.parametrize(
    ("absence", "expected"),
    [
        (replace(ZHANG_AWAY, last_day=MARCH - DAY), ("absence-backwards", "last_day")),
        (replace(ZHANG_AWAY, first_day=AUTUMN - DAY), ("absence-outside", "first_day")),
        (replace(ZHANG_AWAY, first_day=JUNE, last_day=None), ("absence-outside", "first_day")),
    ],
)
def test_who_does_not_hold_a_post_is_not_away_from_it(
    absence: NoteAbsence, expected: tuple[str, str]
) -> None:
    assert refusal(POST, absence, COUNTER, ZHANG_AS_A, RELIEVING) == expected


@pytest.mark.parametrize(
    "absence",
    [
        replace(ZHANG_AWAY, last_day=MARCH),
        replace(ZHANG_AWAY, first_day=FIFTH_OF_MARCH, last_day=None),
        replace(ZHANG_AWAY, first_day=AUTUMN, last_day=None),
    ],
)
def test_nobody_is_away_twice_on_one_day(absence: NoteAbsence) -> None:
    before = (COUNTER, ZHANG_AS_A, ZHANG_AWAY)
    assert refusal(POST, absence, *before) == ("absence-overlaps", "first_day")


def test_who_is_there_does_not_come_back() -> None:
    before = (COUNTER, ZHANG_AS_A, ZHANG_AWAY)
    for day in (MARCH - DAY, FIFTH_OF_MARCH + 2 * DAY):
        back = replace(BACK, effective_from=day)
        assert refusal(POST, back, *before) == ("not-away", "effective_from")
    on_time = replace(BACK, effective_from=FIFTH_OF_MARCH + DAY)
    assert POST.decide(on_time, after(POST, *before)) == []


def test_an_absence_that_never_was_can_be_noted_for_other_days() -> None:
    at_once = replace(BACK, effective_from=MARCH)
    other = replace(ZHANG_AWAY, last_day=MARCH)
    assert POST.decide(other, after(POST, COUNTER, ZHANG_AS_A, ZHANG_AWAY, at_once)) != []


@pytest.mark.parametrize("command", [RELIEVING, ZHANG_AWAY, BACK])
def test_a_vacant_place_is_nobodys(command: Command) -> None:
    assert refusal(POST, command, COUNTER, LI_AS_B) == ("place-vacant", "place")
    if command is RELIEVING:
        later = replace(RELIEVING, effective_from=NEW_YEAR)
        before = (COUNTER, ZHANG_AS_A, RELIEVING)
        assert refusal(POST, later, *before) == ("place-vacant", "place")


@pytest.mark.parametrize(
    "other",
    [
        replace(COUNTER, name="另一岗"),
        replace(COUNTER, unit="WHWSJ"),
        replace(COUNTER, section=None),
        replace(COUNTER, effective_from=JUNE),
    ],
)
def test_a_code_is_given_once_in_the_whole_city(other: EstablishPost) -> None:
    assert refusal(POST, other, COUNTER) == ("post-exists", "code")
    assert POST.decide(COUNTER, after(POST, COUNTER, RENAMING)) == []


@pytest.mark.parametrize(
    "command",
    [RENAMING, ZHANG_AS_A, RELIEVING, ZHANG_AWAY, BACK, replace(ABOLISHING, effective_from=JUNE)],
)
def test_nothing_is_done_to_a_post_that_is_not_there(command: Command) -> None:
    assert refusal(POST, command, COUNTER, ABOLISHING) == ("post-abolished", "code")
    assert refusal(POST, command) == ("post-unknown", "code")


@pytest.mark.parametrize(
    ("command", "before"),
    [
        (replace(ZHANG_AS_A, effective_from=AUTUMN - DAY), [COUNTER]),
        (replace(WANG_AS_A, effective_from=AUTUMN - DAY), [COUNTER, ZHANG_AS_A]),
        (replace(WANG_AS_A, effective_from=JUNE - DAY), [COUNTER, ZHANG_AS_A, RELIEVING]),
        (replace(RELIEVING, effective_from=JUNE - DAY), [COUNTER, WANG_AS_A]),
        (replace(RENAMING, effective_from=AUTUMN - DAY), [COUNTER]),
        (replace(ABOLISHING, effective_from=JUNE - DAY), [COUNTER, RENAMING]),
        (replace(ABOLISHING, effective_from=JUNE - DAY), [COUNTER, WANG_AS_A]),
        (replace(ABOLISHING, effective_from=JUNE - DAY), [COUNTER, ZHANG_AS_A, RELIEVING]),
    ],
)
def test_nothing_takes_effect_before_what_went_before(
    command: Command, before: list[Command]
) -> None:
    assert refusal(POST, command, *before) == TOO_EARLY


def test_the_places_are_those_of_the_published_language() -> None:
    assert {each.value for each in Place} == {each.value for each in organisation.Place}


CODES, DAYS = st.just("g1"), st.dates(date(2012, 1, 1), date(2012, 1, 6))
NAMES, PEOPLE = st.sampled_from(["甲岗", "乙岗"]), st.sampled_from(["r1", "r2"])
PLACES = st.sampled_from(Place)


@given(
    st.lists(
        st.one_of(
            st.builds(
                EstablishPost,
                code=CODES,
                name=NAMES,
                unit=st.just("WHZJW"),
                section=st.none(),
                effective_from=DAYS,
            ),
            st.builds(RenamePost, code=CODES, name=NAMES, effective_from=DAYS),
            st.builds(AppointHolder, code=CODES, place=PLACES, person=PEOPLE, effective_from=DAYS),
            st.builds(RelieveHolder, code=CODES, place=PLACES, effective_from=DAYS),
            st.builds(
                NoteAbsence, code=CODES, place=PLACES, first_day=DAYS, last_day=st.none() | DAYS
            ),
            st.builds(NoteReturn, code=CODES, place=PLACES, effective_from=DAYS),
            st.builds(AbolishPost, code=CODES, effective_from=DAYS),
        ),
        max_size=12,
    ).map(lambda told: [replace(COUNTER, code="g1", effective_from=date(2012, 1, 1)), *told])
)
def test_a_command_told_twice_is_carried_out_once_and_its_events_are_stored_whole(
    commands: list[Command],
) -> None:
    twice_is_once(POST, commands)

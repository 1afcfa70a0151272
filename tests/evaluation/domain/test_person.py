"""What may be done to a person's entry, and what follows from it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import organisation
from services.evaluation.domain.person import PERSON
from services.evaluation.domain.person_acts import (
    Command,
    Duty,
    LetGo,
    MovePerson,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonRenamed,
    Position,
    RenamePerson,
    TakeOn,
)
from tests.evaluation.domain.told import after, refusal, twice_is_once
from tests.evaluation.staff import ZHANG
from tests.evaluation.units import AUTUMN, JUNE, NEW_YEAR

DAY = timedelta(days=1)
ELSEWHERE = Position(unit="WHWSJ", section=None, duty=Duty.DEPUTY_IN_CHARGE)
MOVING = MovePerson(code=ZHANG.code, position=ELSEWHERE, effective_from=JUNE)
RENAMING = RenamePerson(code=ZHANG.code, name="张得胜", effective_from=JUNE)
LEAVING = LetGo(code=ZHANG.code, effective_from=NEW_YEAR)


def test_a_person_joins_moves_gets_another_name_and_leaves_the_unit_he_was_in_last() -> None:
    assert PERSON.decide(ZHANG, PERSON.initial) == [
        PersonJoined(code=ZHANG.code, name="张德胜", position=ZHANG.position, effective_from=AUTUMN)
    ]
    assert PERSON.decide(RENAMING, after(PERSON, ZHANG)) == [
        PersonRenamed(code=ZHANG.code, unit="WHZJW", name="张得胜", effective_from=JUNE)
    ]
    assert PERSON.decide(MOVING, after(PERSON, ZHANG, RENAMING)) == [
        PersonMoved(code=ZHANG.code, position=ELSEWHERE, effective_from=JUNE)
    ]
    assert PERSON.decide(LEAVING, after(PERSON, ZHANG, MOVING)) == [
        PersonLeft(code=ZHANG.code, unit="WHWSJ", effective_from=NEW_YEAR)
    ]


def test_who_is_there_already_does_not_move() -> None:
    staying = replace(MOVING, position=ZHANG.position)
    assert PERSON.decide(staying, after(PERSON, ZHANG)) == []
    assert PERSON.decide(ZHANG, after(PERSON, ZHANG, MOVING)) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(ZHANG, name="李四"),
        replace(ZHANG, position=ELSEWHERE),
        replace(ZHANG, effective_from=JUNE),
    ],
)
def test_a_code_is_given_once_in_the_whole_city(other: TakeOn) -> None:
    assert refusal(PERSON, other, ZHANG) == ("person-exists", "code")


def test_who_has_left_does_not_come_back_under_his_code() -> None:
    for command in (ZHANG, MOVING, RENAMING, replace(LEAVING, effective_from=JUNE)):
        assert refusal(PERSON, command, ZHANG, LEAVING) == ("person-left", "code")


@pytest.mark.parametrize("command", [MOVING, RENAMING, LEAVING])
def test_nothing_is_done_to_somebody_who_never_joined(command: Command) -> None:
    assert refusal(PERSON, command) == ("person-unknown", "code")


@pytest.mark.parametrize("command", [replace(RENAMING, name="第三名"), MOVING, LEAVING])
def test_nothing_takes_effect_before_what_went_before(
    command: RenamePerson | MovePerson | LetGo,
) -> None:
    early = replace(command, effective_from=JUNE - DAY)
    expected = ("effective-date-too-early", "effective_from")
    assert refusal(PERSON, early, ZHANG, RENAMING) == expected


def test_the_duties_are_those_of_the_published_language() -> None:
    assert {each.value for each in Duty} == {each.value for each in organisation.Duty}


CODES, DAYS = st.just("r1"), st.dates(date(2012, 1, 1), date(2012, 1, 4))
NAMES = st.sampled_from(["张三", "李四"])
POSITIONS = st.builds(
    Position,
    unit=st.sampled_from(["WHZJW", "WHWSJ"]),
    section=st.sampled_from([None, "k1"]),
    duty=st.sampled_from(Duty),
)


@given(
    st.lists(
        st.one_of(
            st.builds(TakeOn, code=CODES, name=NAMES, position=POSITIONS, effective_from=DAYS),
            st.builds(RenamePerson, code=CODES, name=NAMES, effective_from=DAYS),
            st.builds(MovePerson, code=CODES, position=POSITIONS, effective_from=DAYS),
            st.builds(LetGo, code=CODES, effective_from=DAYS),
        )
    )
)
def test_a_command_told_twice_is_carried_out_once_and_its_events_are_stored_whole(
    commands: list[Command],
) -> None:
    twice_is_once(PERSON, commands)

"""What may be done to a unit, and what follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.organisation import UnitGroup
from services.evaluation.domain.refused import Refused
from services.evaluation.domain.unit import (
    UNIT,
    Alias,
    Closed,
    CloseUnit,
    Command,
    Event,
    Group,
    Open,
    Registered,
    RegisterUnit,
    Renamed,
    RenameUnit,
    State,
)
from services.evaluation.store import CODEC
from tests.evaluation.units import AUTUMN, CLOSING, HOUSING, JUNE, NEW_YEAR, RENAMING

DAY = timedelta(days=1)


def after(*commands: Command) -> State:
    """Return the state of a unit after commands that are all granted."""
    state = UNIT.initial
    for command in commands:
        for event in UNIT.decide(command, state):
            state = UNIT.evolve(state, event)
    return state


def refusal(command: Command, *before: Command) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        UNIT.decide(command, after(*before))
    return refused.value.code, refused.value.field


def test_a_unit_is_registered_as_wished() -> None:
    assert UNIT.decide(HOUSING, UNIT.initial) == [
        Registered(
            code=HOUSING.code,
            name=HOUSING.name,
            group=HOUSING.group,
            aliases=HOUSING.aliases,
            effective_from=HOUSING.effective_from,
        )
    ]


def test_a_registration_that_comes_again_after_a_renaming_undoes_nothing() -> None:
    assert UNIT.decide(HOUSING, after(HOUSING, RENAMING)) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(HOUSING, name="住建委"),
        replace(HOUSING, group=Group.STATIONED),
        replace(HOUSING, aliases=()),
        replace(HOUSING, effective_from=AUTUMN + DAY),
    ],
)
def test_a_code_is_given_once(other: RegisterUnit) -> None:
    assert refusal(other, HOUSING) == ("unit-exists", "code")


def test_a_code_is_not_given_again_after_its_unit_was_closed() -> None:
    assert refusal(HOUSING, HOUSING, CLOSING) == ("unit-closed", "code")


@pytest.mark.parametrize("command", [RENAMING, CLOSING])
def test_nothing_is_done_to_a_unit_that_nobody_registered(command: Command) -> None:
    assert refusal(command) == ("unit-unknown", "code")


def test_a_renaming_says_what_the_unit_is_called_and_from_when() -> None:
    assert UNIT.decide(RENAMING, after(HOUSING)) == [
        Renamed(code="WHZJW", name=RENAMING.name, effective_from=JUNE)
    ]
    state = after(HOUSING, RENAMING)
    assert isinstance(state, Open)
    assert (state.name, state.name_from) == (RENAMING.name, JUNE)


def test_a_unit_that_has_the_name_already_is_not_renamed() -> None:
    later = replace(RENAMING, effective_from=NEW_YEAR)
    assert UNIT.decide(later, after(HOUSING, RENAMING)) == []


@pytest.mark.parametrize(
    ("command", "before"),
    [
        (replace(RENAMING, effective_from=AUTUMN - DAY), [HOUSING]),
        (replace(CLOSING, effective_from=AUTUMN - DAY), [HOUSING]),
        (replace(RENAMING, name="第三名", effective_from=JUNE - DAY), [HOUSING, RENAMING]),
        (replace(CLOSING, effective_from=JUNE - DAY), [HOUSING, RENAMING]),
    ],
)
def test_nothing_takes_effect_before_what_went_before(
    command: Command, before: Sequence[Command]
) -> None:
    assert refusal(command, *before) == ("effective-date-too-early", "effective_from")


def test_a_mistake_can_be_put_right_on_its_own_day() -> None:
    again = replace(RENAMING, name="芜湖市住房城乡建设局")
    assert UNIT.decide(again, after(HOUSING, RENAMING)) != []
    assert UNIT.decide(replace(CLOSING, effective_from=AUTUMN), after(HOUSING)) != []


def test_a_closed_unit_stays_closed_as_it_was() -> None:
    assert UNIT.decide(CLOSING, after(HOUSING)) == [
        Closed(code="WHZJW", effective_from=NEW_YEAR, successor="WHWSJ")
    ]
    assert UNIT.decide(CLOSING, after(HOUSING, CLOSING)) == []
    assert refusal(replace(CLOSING, successor=None), HOUSING, CLOSING) == ("unit-closed", "code")
    assert refusal(RENAMING, HOUSING, CLOSING) == ("unit-closed", "code")


def test_a_unit_is_not_its_own_successor() -> None:
    own = replace(CLOSING, successor="WHZJW")
    assert refusal(own, HOUSING) == ("successor-itself", "successor")


def test_the_groups_are_those_of_the_published_language() -> None:
    assert {each.value for each in Group} == {each.value for each in UnitGroup}


CODES = st.sampled_from(["WHZJW"])
NAMES = st.sampled_from(["甲", "乙", "丙"])
DAYS = st.dates(date(2012, 1, 1), date(2012, 1, 4))
ALIASES = st.sets(st.sampled_from([Alias(source="/wuhu/a", code=c) for c in "12"])).map(
    lambda chosen: tuple(sorted(chosen))
)
COMMANDS: st.SearchStrategy[list[Command]] = st.lists(
    st.one_of(
        st.builds(
            RegisterUnit,
            code=CODES,
            name=NAMES,
            group=st.sampled_from(Group),
            aliases=ALIASES,
            effective_from=DAYS,
        ),
        st.builds(RenameUnit, code=CODES, name=NAMES, effective_from=DAYS),
        st.builds(
            CloseUnit,
            code=CODES,
            effective_from=DAYS,
            successor=st.sampled_from([None, "WHZJW", "WHWSJ"]),
        ),
    )
)


def wished(command: Command, state: State) -> Sequence[Event] | str:
    try:
        return UNIT.decide(command, state)
    except Refused as refused:
        return refused.code


@given(COMMANDS)
def test_a_command_told_twice_is_carried_out_once_and_its_events_are_stored_whole(
    commands: list[Command],
) -> None:
    state = UNIT.initial
    for command in commands:
        happened = wished(command, state)
        if isinstance(happened, str):
            continue
        for event in happened:
            assert CODEC.decode(*CODEC.encode(event)) == event
            state = UNIT.evolve(state, event)
        assert wished(command, state) == []

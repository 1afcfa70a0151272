"""What may be done to a unit, and what follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.organisation import UnitGroup
from services.evaluation.domain.unit import UNIT, Open, State
from services.evaluation.domain.unit_acts import (
    AddAlias,
    Alias,
    AliasAdded,
    AliasRemoved,
    Closed,
    CloseUnit,
    Command,
    Group,
    Registered,
    RegisterUnit,
    Regrouped,
    RegroupUnit,
    RemoveAlias,
    Renamed,
    RenameUnit,
)
from tests.evaluation.domain import told
from tests.evaluation.units import AUTUMN, CLOSING, HOUSING, JUNE, NEW_YEAR, RENAMING

DAY = timedelta(days=1)
NEW_ALIAS = Alias(source="/wuhu/oa", code="建委")


def after(*commands: Command) -> State:
    state: State = told.after(UNIT, *commands)
    return state


def refusal(command: Command, *before: Command) -> tuple[str, str]:
    return told.refusal(UNIT, command, *before)


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
    assert (state.name, state.changed_from) == (RENAMING.name, JUNE)


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


def test_a_unit_is_compared_with_others_from_a_day_on() -> None:
    regrouping = RegroupUnit(code="WHZJW", group=Group.PUBLIC_SERVICE, effective_from=JUNE)
    assert UNIT.decide(regrouping, after(HOUSING)) == [
        Regrouped(code="WHZJW", group=Group.PUBLIC_SERVICE, effective_from=JUNE)
    ]
    assert UNIT.decide(regrouping, after(HOUSING, regrouping)) == []
    early = replace(RENAMING, effective_from=JUNE - DAY)
    assert refusal(early, HOUSING, regrouping) == ("effective-date-too-early", "effective_from")


def test_a_unit_is_known_under_more_codes_and_under_fewer() -> None:
    adding = AddAlias(code="WHZJW", alias=NEW_ALIAS)
    removing = RemoveAlias(code="WHZJW", alias=NEW_ALIAS)
    assert UNIT.decide(adding, after(HOUSING)) == [AliasAdded(code="WHZJW", alias=NEW_ALIAS)]
    assert UNIT.decide(adding, after(HOUSING, adding)) == []
    assert UNIT.decide(removing, after(HOUSING, adding)) == [
        AliasRemoved(code="WHZJW", alias=NEW_ALIAS)
    ]
    assert UNIT.decide(removing, after(HOUSING)) == []
    registered = AddAlias(code="WHZJW", alias=HOUSING.aliases[0])
    assert UNIT.decide(registered, after(HOUSING)) == [], "it was registered with it"


@pytest.mark.parametrize("act", [AddAlias, RemoveAlias])
def test_a_unit_that_is_not_there_has_no_codes(act: type[AddAlias | RemoveAlias]) -> None:
    wish = act(code="WHZJW", alias=NEW_ALIAS)
    assert refusal(wish) == ("unit-unknown", "code")
    assert refusal(wish, HOUSING, CLOSING) == ("unit-closed", "code")


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
ALIAS = st.sampled_from([Alias(source="/wuhu/a", code=c) for c in "12"])
ALIASES = st.sets(ALIAS).map(lambda chosen: tuple(sorted(chosen)))
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
        st.builds(RegroupUnit, code=CODES, group=st.sampled_from(Group), effective_from=DAYS),
        st.builds(AddAlias, code=CODES, alias=ALIAS),
        st.builds(RemoveAlias, code=CODES, alias=ALIAS),
        st.builds(
            CloseUnit,
            code=CODES,
            effective_from=DAYS,
            successor=st.sampled_from([None, "WHZJW", "WHWSJ"]),
        ),
    )
)


@given(COMMANDS)
def test_a_command_told_twice_is_carried_out_once_and_its_events_are_stored_whole(
    commands: list[Command],
) -> None:
    told.twice_is_once(UNIT, commands)

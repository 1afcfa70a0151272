"""What may be done to an account, and what follows from it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.access.account import (
    ACCOUNT,
    Account,
    AccountOpened,
    Command,
    Event,
    IdentityLinked,
    IdentityUnlinked,
    LinkIdentity,
    OpenAccount,
    PasswordSet,
    Resume,
    Resumed,
    RoleGranted,
    RoleWithdrawn,
    SetGrants,
    SetPassword,
    State,
    Suspend,
    Suspended,
    UnlinkIdentity,
)
from kernel.access.accounts import CODEC
from kernel.access.policy import MAY_HAVE_UNITS, PEOPLE, Role
from kernel.access.principal import Grant
from kernel.access.refused import Refused

LEADER, AUDITOR = Grant(role=Role.LEADER), Grant(role=Role.AUDITOR)
TAX = Grant(role=Role.HANDLER, unit="税务局")
ZHANG = OpenAccount(name="zhang", title="张三", grants=(LEADER,))
OPENED = AccountOpened(name="zhang", title="张三", grants=(LEADER,))

GRANTS = st.builds(
    lambda role, unit: Grant(role=role, unit=unit if role in MAY_HAVE_UNITS else None),
    st.sampled_from(sorted(PEOPLE)),
    st.sampled_from(("税务局", "教育局")),
)
SOME = st.lists(GRANTS, max_size=4).map(tuple)
COMMANDS = st.one_of(
    st.builds(OpenAccount, name=st.just("zhang"), title=st.just("张三"), grants=SOME),
    st.builds(SetGrants, name=st.just("zhang"), grants=SOME),
    st.builds(SetPassword, name=st.just("zhang"), is_generated=st.booleans()),
    st.builds(
        LinkIdentity,
        name=st.just("zhang"),
        issuer=st.just("https://sso.city.cn"),
        subject=st.sampled_from(("1", "2")),
    ),
    st.just(UnlinkIdentity(name="zhang")),
    st.just(Suspend(name="zhang")),
    st.just(Resume(name="zhang")),
)


def after(*commands: Command) -> State:
    return ACCOUNT.fold(done(*commands))


def done(*commands: Command) -> list[Event]:
    events: list[Event] = []
    for command in commands:
        try:
            events += ACCOUNT.decide(command, ACCOUNT.fold(events))
        except Refused:
            continue
    return events


def refusal(command: Command, state: State = ACCOUNT.initial) -> str:
    with pytest.raises(Refused) as refused:
        ACCOUNT.decide(command, state)
    return refused.value.code


def test_an_account_is_opened_once() -> None:
    assert ACCOUNT.decide(ZHANG, ACCOUNT.initial) == [OPENED]
    assert ACCOUNT.decide(ZHANG, after(ZHANG)) == []
    other = OpenAccount(name="zhang", title="张四", grants=(LEADER,))
    assert refusal(other, after(ZHANG)) == "account-exists"


@pytest.mark.parametrize(
    "name", ["", "z", "Zhang", "张三", "zhang san", "1zhang", "z" * 51, "zhang\n", "zhang/../a"]
)
def test_a_name_is_what_anybody_can_type(name: str) -> None:
    assert refusal(OpenAccount(name=name, title="张三", grants=())) == "name-unusable"


@pytest.mark.parametrize("title", ["", " 张三", "张\u202e三", "张\n三", "张" * 51])
def test_a_title_is_what_can_be_shown(title: str) -> None:
    assert refusal(OpenAccount(name="zhang", title=title, grants=())) == "title-unusable"


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        (Grant(role=Role.PUBLISHER), "role-of-machines"),
        (Grant(role=Role.SUBSCRIBER), "role-of-machines"),
        (Grant(role=Role.HANDLER), "unit-needed"),
        (Grant(role=Role.ADMINISTRATOR, unit="税务局"), "unit-useless"),
    ],
)
def test_a_role_that_makes_no_sense_is_neither_given_at_first_nor_later(
    grant: Grant, code: str
) -> None:
    assert refusal(OpenAccount(name="zhang", title="张三", grants=(grant,))) == code
    assert refusal(SetGrants(name="zhang", grants=(grant,)), after(ZHANG)) == code


def test_roles_are_given_and_taken_one_by_one() -> None:
    wish = SetGrants(name="zhang", grants=(TAX, AUDITOR))
    assert ACCOUNT.decide(wish, after(ZHANG)) == [
        RoleWithdrawn(name="zhang", grant=LEADER),
        RoleGranted(name="zhang", grant=AUDITOR),
        RoleGranted(name="zhang", grant=TAX),
    ]


def test_an_account_is_suspended_until_it_is_resumed() -> None:
    assert ACCOUNT.decide(Suspend(name="zhang"), after(ZHANG)) == [Suspended(name="zhang")]
    suspended = after(ZHANG, Suspend(name="zhang"))
    assert ACCOUNT.decide(Resume(name="zhang"), suspended) == [Resumed(name="zhang")]
    assert ACCOUNT.decide(Resume(name="zhang"), after(ZHANG)) == []


def test_every_new_password_is_an_event_of_its_own() -> None:
    wish = SetPassword(name="zhang", is_generated=True)
    assert ACCOUNT.decide(wish, after(ZHANG, wish)) == [
        PasswordSet(name="zhang", is_generated=True)
    ]


def test_an_identity_is_linked_once() -> None:
    wish = LinkIdentity(name="zhang", issuer="https://sso.city.cn", subject="1")
    linked = IdentityLinked(name="zhang", issuer="https://sso.city.cn", subject="1")
    assert ACCOUNT.decide(wish, after(ZHANG)) == [linked]
    assert ACCOUNT.decide(wish, after(ZHANG, wish)) == []


def test_an_identity_is_taken_back_and_can_be_linked_anew() -> None:
    link, wish = LinkIdentity(name="zhang", issuer="i", subject="s"), UnlinkIdentity(name="zhang")
    unlinked = IdentityUnlinked(name="zhang", issuer="i", subject="s")
    assert ACCOUNT.decide(wish, after(ZHANG, link)) == [unlinked]
    assert refusal(wish, after(ZHANG)) == "identity-missing"
    assert refusal(wish, after(ZHANG, link, wish)) == "identity-missing"
    assert len(ACCOUNT.decide(link, after(ZHANG, link, wish))) == 1


@pytest.mark.parametrize(
    "command",
    [
        SetGrants(name="zhang", grants=()),
        SetPassword(name="zhang", is_generated=False),
        LinkIdentity(name="zhang", issuer="i", subject="s"),
        UnlinkIdentity(name="zhang"),
        Suspend(name="zhang"),
        Resume(name="zhang"),
    ],
)
def test_nothing_is_done_to_an_account_that_nobody_opened(command: Command) -> None:
    assert refusal(command) == "account-unknown"


@given(st.lists(COMMANDS, max_size=8), COMMANDS)
def test_a_command_given_twice_is_given_once(before: Sequence[Command], command: Command) -> None:
    if isinstance(command, SetPassword):
        return  # each is another password
    assert done(*before, command, command) == done(*before, command)


@given(st.lists(COMMANDS, max_size=8), SOME)
def test_somebody_has_just_the_roles_that_were_set_last(
    before: Sequence[Command], wanted: tuple[Grant, ...]
) -> None:
    state = after(ZHANG, *before, SetGrants(name="zhang", grants=wanted))
    assert isinstance(state, Account)
    assert sorted(map(repr, state.grants)) == sorted({repr(each) for each in wanted})


@given(st.lists(COMMANDS, max_size=8))
def test_what_was_stored_is_read_as_it_was(commands: Sequence[Command]) -> None:
    for event in done(ZHANG, *commands):
        assert CODEC.decode(*CODEC.encode(event)) == event

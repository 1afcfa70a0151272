"""What may be done to a token, and what follows from it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kernel.access.policy import Role
from kernel.access.principal import Grant
from kernel.access.refused import Refused
from kernel.access.token import TOKEN, Command, Event, IssueToken, RevokeToken
from kernel.access.tokens import CODEC

NOW = datetime(2026, 11, 23, tzinfo=UTC)
COMMANDS = st.one_of(
    st.builds(
        IssueToken,
        id=st.just("t"),
        name=st.sampled_from(("大屏", "", "oa")),
        grants=st.sampled_from(
            ((), (Grant(role=Role.LEADER),), (Grant(role=Role.SUBSCRIBER, unit="税务局"),))
        ),
        source=st.sampled_from((None, "/wuhu/oa")),
        digest=st.just("ab" * 32),
        expires_at=st.sampled_from((None, NOW - timedelta(1), NOW + timedelta(1))),
        at=st.just(NOW),
    ),
    st.just(RevokeToken(id="t")),
)


def done(*commands: Command) -> list[Event]:
    events: list[Event] = []
    for command in commands:
        try:
            events += TOKEN.decide(command, TOKEN.fold(events))
        except Refused:
            continue
    return events


@given(st.lists(COMMANDS, max_size=6), COMMANDS)
def test_a_command_given_twice_is_given_once(before: Sequence[Command], command: Command) -> None:
    assert done(*before, command, command) == done(*before, command)


@given(st.lists(COMMANDS, max_size=8))
def test_a_token_is_issued_once_and_revoked_once_and_then_no_more(
    commands: Sequence[Command],
) -> None:
    assert [type(event).__name__ for event in done(*commands)] in (
        [],
        ["TokenIssued"],
        ["TokenIssued", "TokenRevoked"],
    )


@given(st.lists(COMMANDS, max_size=8))
def test_what_was_stored_is_read_as_it_was(commands: Sequence[Command]) -> None:
    for event in done(*commands):
        assert CODEC.decode(*CODEC.encode(event)) == event

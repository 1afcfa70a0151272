"""What a partner may say and hear is decided once, kept with who decided it, and ends when told."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.postgres import Postgres
from kernel.access.partner import (
    PARTNER,
    AddPartner,
    Command,
    Event,
    Gone,
    KeysRotated,
    PartnerAdded,
    PartnerChanged,
    PartnerRevoked,
    RevokePartner,
    RotateKeys,
    Terms,
)
from kernel.access.partners import CODEC, carry_out, partners, project
from kernel.access.principal import by_hand
from kernel.access.refused import Refused
from kernel.access.tenancy import TENANCY
from kernel.store.migrate import migrate
from kernel.store.store import read

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
SCHEMAS = (f"partners_{number}" for number in count(1))
REPORTS = Terms(title="办公自动化系统", source="/wuhu/oa", settle=timedelta(hours=6), rate=60)
FOLLOWS = Terms(subscribes=("supervision.alerts",), units=("WHZJW",), durable=True)
BOTH = Terms(source="/wuhu/oa", subscribes=("organisation.units",), largest=4096)

commands = st.one_of(
    st.builds(
        AddPartner,
        name=st.just("oa"),
        terms=st.sampled_from([REPORTS, FOLLOWS, BOTH]),
        nkey=st.sampled_from([None, "U1", "U2"]),
    ),
    st.builds(RotateKeys, name=st.just("oa"), nkey=st.sampled_from(["U1", "U2", "U3"])),
    st.just(RevokePartner(name="oa")),
)


def obeyed(told: Sequence[Command]) -> list[Event]:
    """Return the events of commands, those that are refused left out."""
    state, said = PARTNER.initial, list[Event]()
    for command in told:
        try:
            happened = PARTNER.decide(command, state)
        except Refused:
            continue
        for event in happened:
            state = PARTNER.evolve(state, event)
            said.append(event)
        assert list(PARTNER.decide(command, state)) == [], "told twice, it happened twice"
    return said


@given(told=st.lists(commands, max_size=8))
def test_a_command_told_twice_is_carried_out_once_and_every_event_can_be_read_again(
    told: list[Command],
) -> None:
    for event in obeyed(told):
        name, data = CODEC.encode(event)
        assert CODEC.decode(name, data) == event


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(), "nothing-granted"),
        (Terms(subscribes=("supervision.>",)), "grant-unknown"),
        (Terms(subscribes=("supervision.alerts", "")), "grant-unknown"),
        (Terms(source="/a", units=("u",)), "units-without-subscription"),
        (Terms(source="/a", durable=True), "durable-without-subscription"),
        (Terms(source="/a", rate=0), "limit-out-of-range"),
        (Terms(source="/a", rate=1_000_001), "limit-out-of-range"),
        (Terms(source="/a", largest=255), "limit-out-of-range"),
        (
            Terms(subscribes=("supervision.all",), units=tuple(map(str, range(201)))),
            "limit-out-of-range",
        ),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: Terms, code: str) -> None:
    with pytest.raises(Refused) as refused:
        PARTNER.decide(AddPartner(name="oa", terms=terms, nkey=None), PARTNER.initial)
    assert refused.value.code == code


def test_a_partner_keeps_its_source_even_if_it_was_revoked() -> None:
    added = PartnerAdded(name="oa", terms=REPORTS, nkey="U1")
    pasts: list[list[Event]] = [[added], [added, PartnerRevoked(name="oa")]]
    for past in pasts:
        with pytest.raises(Refused, match="source-fixed"):
            PARTNER.decide(
                AddPartner(name="oa", terms=Terms(source="/wuhu/other"), nkey=None),
                PARTNER.fold(past),
            )


def test_who_was_revoked_gets_no_keys_before_it_is_added_again() -> None:
    past: list[Event] = [
        PartnerAdded(name="oa", terms=REPORTS, nkey="U1"),
        PartnerRevoked(name="oa"),
    ]
    gone = PARTNER.fold(past)
    assert gone == Gone(source="/wuhu/oa")
    with pytest.raises(Refused, match="partner-revoked"):
        PARTNER.decide(RotateKeys(name="oa", nkey="U2"), gone)
    assert list(PARTNER.decide(RevokePartner(name="oa"), gone)) == []
    again = AddPartner(name="oa", terms=REPORTS, nkey="U2")
    assert list(PARTNER.decide(again, gone)) == [PartnerAdded(name="oa", terms=REPORTS, nkey="U2")]


@pytest.mark.parametrize("command", [RotateKeys(name="oa", nkey="U1"), RevokePartner(name="oa")])
def test_who_never_took_part_can_not_be_changed(command: Command) -> None:
    with pytest.raises(Refused, match="partner-unknown"):
        PARTNER.decide(command, PARTNER.initial)


def test_other_terms_leave_the_keys_as_they_are() -> None:
    before = PARTNER.fold([PartnerAdded(name="oa", terms=REPORTS, nkey="U1")])
    happened = PARTNER.decide(AddPartner(name="oa", terms=BOTH, nkey=None), before)
    assert list(happened) == [PartnerChanged(name="oa", terms=BOTH)]
    after = PARTNER.fold([PartnerAdded(name="oa", terms=REPORTS, nkey="U1"), *happened])
    assert list(PARTNER.decide(RotateKeys(name="oa", nkey="U1"), after)) == []


@pytest.fixture
async def record(server: Postgres) -> AsyncIterator[asyncpg.Connection]:
    schema = next(SCHEMAS)
    connection = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    await migrate(connection, schema, *TENANCY.migrations)
    yield connection
    await connection.close()


async def test_the_table_says_what_the_record_says(record: asyncpg.Connection) -> None:
    told: list[Command] = [
        AddPartner(name="oa", terms=REPORTS, nkey="U1"),
        RotateKeys(name="oa", nkey="U2"),
        AddPartner(name="oa", terms=BOTH, nkey=None),
        AddPartner(name="reader", terms=FOLLOWS, nkey="U3"),
        RevokePartner(name="reader"),
    ]
    for command in told:
        await carry_out(record, command.name, command, now=MONDAY, by=by_hand("李管理"))
    first, second = await partners(record)
    assert (first.name, first.terms, first.nkey, first.revoked_at) == ("oa", BOTH, "U2", None)
    assert (second.name, second.terms, second.nkey) == ("reader", FOLLOWS, None)
    assert second.revoked_at == MONDAY
    events = [each async for each in read(record)]
    assert {json.loads(each.metadata)["by"] for each in events} == {"李管理"}
    await record.execute("delete from partner")
    for event in events:
        await project(record, [CODEC.decode(event.type, event.data)], at=event.recorded_at)
    assert await partners(record) == [first, second], "the record alone does not tell it"
    assert isinstance(CODEC.decode(events[1].type, events[1].data), KeysRotated)


async def test_two_partners_never_share_a_source(record: asyncpg.Connection) -> None:
    for name in ("oa", "other"):
        command = AddPartner(name=name, terms=REPORTS, nkey=None)
        if name == "oa":
            await carry_out(record, name, command, now=MONDAY, by=by_hand("x"))
            continue
        with pytest.raises(asyncpg.UniqueViolationError):
            await carry_out(record, name, command, now=MONDAY, by=by_hand("x"))
    assert [each.name for each in await partners(record)] == ["oa"]

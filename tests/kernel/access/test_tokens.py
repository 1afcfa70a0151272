"""A token is shown once, opens what it was issued for, and is good until it is revoked."""

import json
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from kernel.access.partner import AddPartner, RevokePartner, Terms
from kernel.access.partners import carry_out, partners
from kernel.access.policy import Role
from kernel.access.principal import Grant, by_hand
from kernel.access.rebuild import rebuild
from kernel.access.refused import Refused
from kernel.access.tokens import TokenRow, issue, issue_as, revoke, rotate, tokens
from kernel.store.chain import verify
from kernel.store.store import read

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
BY = by_hand("root")
OFFICE = (Grant(role=Role.OFFICE),)
PUBLISHER = (Grant(role=Role.PUBLISHER),)
EVERYTHING = """
select t::text from (select * from event order by position) t
union all select t::text from (select * from token order by id) t
union all select t::text from (select * from token_grant order by token, role, unit) t
"""


async def issued(
    access: asyncpg.Connection,
    name: str = "大屏",
    *grants: Grant,
    source: str | None = None,
    expires_at: datetime | None = LATER,
) -> str:
    return await issue(
        access,
        name=name,
        grants=grants or OFFICE,
        source=source,
        now=NOW,
        expires_at=expires_at,
        by=BY,
    )


async def everything(access: asyncpg.Connection) -> str:
    return "\n".join(row[0] for row in await access.fetch(EVERYTHING))


async def test_a_token_is_kept_by_its_digest_only(access: asyncpg.Connection) -> None:
    secret = await issued(access)
    assert secret.startswith("xn_")
    assert len(secret) > 40, "it could be guessed"
    assert secret not in await everything(access)


async def test_no_two_tokens_are_alike(access: asyncpg.Connection) -> None:
    assert await issued(access, "a") != await issued(access, "b")


async def test_a_token_is_listed_with_all_but_itself(access: asyncpg.Connection) -> None:
    tax = Grant(role=Role.SUBSCRIBER, unit="税务局")
    await issued(access, "oa", tax, *PUBLISHER, source="/wuhu/oa")
    (found,) = await tokens(access)
    assert found == TokenRow(
        id=found.id,
        name="oa",
        grants=(*PUBLISHER, tax),
        source="/wuhu/oa",
        issued_at=NOW,
        expires_at=LATER,
        revoked_at=None,
        last_used_at=None,
    )


async def test_a_revoked_token_stays_in_the_list_and_its_name_can_be_given_again(
    access: asyncpg.Connection,
) -> None:
    await issued(access)
    await revoke(access, "大屏", now=LATER, by=BY)
    await issued(access)
    assert [each.revoked_at for each in await tokens(access)] == [None, LATER]


async def test_revoking_twice_is_revoking_once(access: asyncpg.Connection) -> None:
    await issued(access)
    await revoke(access, "大屏", now=NOW, by=BY)
    await revoke(access, "大屏", now=NOW, by=BY)
    assert [event.type async for event in read(access)] == ["TokenIssued", "TokenRevoked"]


async def test_a_token_is_revoked_by_its_id_too(access: asyncpg.Connection) -> None:
    await issued(access)
    (found,) = await tokens(access)
    await revoke(access, found.id, now=LATER, by=BY)
    assert (await tokens(access))[0].revoked_at == LATER


async def test_nobody_revokes_what_was_never_issued(access: asyncpg.Connection) -> None:
    with pytest.raises(Refused, match="token-unknown"):
        await revoke(access, "大屏", now=NOW, by=BY)


async def test_a_rotated_token_is_another_one_for_the_same_use(access: asyncpg.Connection) -> None:
    old = await issued(access, "oa", *PUBLISHER, source="/wuhu/oa")
    new = await rotate(access, "oa", now=LATER, expires_at=None, by=BY)
    good, dead = await tokens(access)
    assert new != old
    assert (good.grants, good.source, good.revoked_at) == (dead.grants, dead.source, None)
    assert (dead.revoked_at, good.issued_at, good.expires_at) == (LATER, LATER, None)


async def test_a_token_that_is_dead_is_not_rotated(access: asyncpg.Connection) -> None:
    await issued(access)
    await revoke(access, "大屏", now=NOW, by=BY)
    with pytest.raises(Refused, match="token-unknown"):
        await rotate(access, "大屏", now=NOW, expires_at=None, by=BY)
    assert len(await tokens(access)) == 1


async def test_nobody_holds_two_good_tokens_by_one_name(access: asyncpg.Connection) -> None:
    await issued(access)
    before = await everything(access)
    with pytest.raises(Refused, match="token-exists"):
        await issued(access)
    assert await everything(access) == before


@pytest.mark.parametrize(
    ("code", "name", "grants", "source", "expires_at"),
    [
        ("name-unusable", "", OFFICE, None, None),
        ("name-unusable", " a", OFFICE, None, None),
        ("name-unusable", "a\nb", OFFICE, None, None),
        ("name-unusable", "a" * 101, OFFICE, None, None),
        ("no-role", "a", (), None, None),
        ("unit-needed", "a", (Grant(role=Role.HANDLER),), None, None),
        ("unit-useless", "a", (Grant(role=Role.OFFICE, unit="u"),), None, None),
        ("source-needed", "a", PUBLISHER, None, None),
        ("expires-in-the-past", "a", OFFICE, None, NOW),
    ],
)
async def test_a_token_that_makes_no_sense_is_refused_and_nothing_is_recorded(
    access: asyncpg.Connection,
    code: str,
    name: str,
    grants: tuple[Grant, ...],
    source: str | None,
    expires_at: datetime | None,
) -> None:
    with pytest.raises(Refused, match=code):
        await issue(
            access, name=name, grants=grants, source=source, now=NOW, expires_at=expires_at, by=BY
        )
    assert await everything(access) == ""


async def test_the_record_says_who_issued_and_revoked_and_is_whole(
    access: asyncpg.Connection,
) -> None:
    await issued(access)
    await revoke(access, "大屏", now=NOW, by=by_hand("li"))
    assert [json.loads(event.metadata)["by"] async for event in read(access)] == ["root", "li"]
    assert await verify(read(access), []) == []


async def test_the_table_of_tokens_can_be_made_anew_from_the_record(
    access: asyncpg.Connection,
) -> None:
    await issued(access, "a")
    await issued(access, "oa", *PUBLISHER, source="/wuhu/oa")
    await issue_as(
        access,
        "known",
        name="known",
        grants=(Grant(role=Role.HANDLER, unit="u"),),
        source=None,
        now=NOW,
        expires_at=None,
        by=BY,
    )
    await revoke(access, "a", now=LATER, by=BY)
    await access.execute("update token set last_used_at = $1 where name = 'oa'", LATER)
    before = await everything(access)
    await access.execute("update token set revoked_at = null, digest = 'forged' where name = 'a'")
    await rebuild(access)
    assert await everything(access) == before


async def test_the_table_of_partners_can_be_made_anew_from_the_record(
    access: asyncpg.Connection,
) -> None:
    oa = AddPartner(name="oa", terms=Terms(source="/wuhu/oa", rate=60), nkey="U1")
    wall = AddPartner(name="wall", terms=Terms(subscribes=("supervision.alerts",)), nkey="U2")
    for name, command in (("oa", oa), ("wall", wall), ("wall", RevokePartner(name="wall"))):
        await carry_out(access, name, command, now=NOW, by=BY)
    before = await partners(access)
    await access.execute("update partner set revoked_at = null, rate = 1")
    await rebuild(access)
    assert await partners(access) == before

"""Operators say who takes part; keys and tokens are shown once, and end when they are told to."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import nkeys
import pytest

from deploy.partner.keys import fresh_keys, keys_of
from deploy.partner.record import introduce, listed
from deploy.refusal import RefusedError
from deploy.tenancies import ACCESS
from kernel.access.holders import Holders
from kernel.access.partners import partners
from kernel.access.policy import Right, Role
from kernel.access.principal import Grant, Principal, by_hand
from kernel.access.sessions import Limits
from kernel.access.tokens import tokens
from kernel.web.access import digest_of
from services.electronic_supervision.doors.partners import shown_partners
from services.electronic_supervision.doors.systems import CitySystem, admit, systems
from services.electronic_supervision.tenancy import TENANCY
from tests.deploy.conftest import House
from tests.deploy.test_operators_commands import Xiaoneng, xiaoneng
from tests.system.access import let_in

__all__ = ["xiaoneng"]

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
SOURCE = "/wuhu/oa"
ADD = ("partner", "add", "oa", "--publish", "city.oa", "--source", SOURCE)
READ = ("partner", "add", "reader", "--subscribe", "supervision.alerts", "--unit", "WHZJW")


def shown(out: str, label: str) -> str:
    line = next(each for each in out.splitlines() if each.strip().startswith(label))
    return line.split()[-1].removesuffix("（只显示这一次）")


async def good_tokens(house: House) -> dict[str, bytes]:
    async with house.database(schema=ACCESS.name) as connection:
        rows = await connection.fetch("select name, digest from token where revoked_at is null")
    return {row["name"]: row["digest"] for row in rows}


async def test_a_partner_gets_keys_a_token_and_what_was_agreed(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    limits = ("--settle", "6h", "--rate", "600/min", "--largest", "65536", "--title", "办公系统")
    code, out, err = await xiaoneng(*ADD, *limits)
    assert (code, err) == (0, "")
    keys = keys_of(shown(out, "总线种子"))
    assert shown(out, "总线公钥") == keys.public
    async with provisioned.database(schema=ACCESS.name) as connection:
        (partner,) = await partners(connection)
        (token,) = await tokens(connection)
    assert partner.nkey == keys.public
    assert keys.seed not in repr(partner)
    assert (partner.terms.rate, partner.terms.largest) == (600, 65536)
    assert (token.name, token.source) == ("oa", SOURCE)
    assert token.grants == (Grant(role=Role.PUBLISHER),)
    assert (await good_tokens(provisioned))["oa"] == digest_of(shown(out, "HTTP 令牌"))
    async with provisioned.database(schema=TENANCY.name) as connection:
        system = (await systems(connection))["oa"]
        assert (await shown_partners(connection))["oa"].has_keys
    expected = CitySystem(
        name="oa",
        source=SOURCE,
        settle=timedelta(hours=6),
        title="办公系统",
        rate=600,
        largest=65536,
    )
    assert system == expected


async def test_who_only_reads_gets_a_token_for_its_units_and_no_source(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    code, out, _ = await xiaoneng(*READ, "--unit", "WHGAJ", "--durable")
    assert code == 0
    assert "SUPERVISION/reader" in out
    assert "单位名册中没有 WHGAJ、WHZJW：按此授权，什么也看不到" in out
    async with provisioned.database(schema=ACCESS.name) as connection:
        (token,) = await tokens(connection)
    units = {grant.unit for grant in token.grants if grant.role is Role.SUBSCRIBER}
    assert (token.source, units) == (None, {"WHZJW", "WHGAJ"})
    async with provisioned.database(schema=TENANCY.name) as connection:
        assert await systems(connection) == {}
    told = await provisioned.ask("CONSUMER.INFO.SUPERVISION.reader")
    assert len(told["config"]["filter_subjects"]) == 8


async def test_adding_again_changes_what_was_asked_for_and_nothing_else(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    _, first, _ = await xiaoneng(*ADD, "--settle", "6h", "--title", "办公系统")
    code, out, _ = await xiaoneng("partner", "add", "oa", "--rate", "60/min")
    assert code == 0
    assert "总线种子" not in out
    assert "HTTP 令牌" not in out
    assert shown(out, "总线公钥") == keys_of(shown(first, "总线种子")).public
    async with provisioned.database(schema=TENANCY.name) as connection:
        system = (await systems(connection))["oa"]
    assert (system.settle, system.title, system.rate) == (timedelta(hours=6), "办公系统", 60)
    assert (await good_tokens(provisioned))["oa"] == digest_of(shown(first, "HTTP 令牌"))


async def test_who_may_read_more_or_less_gets_another_token(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    _, first, _ = await xiaoneng(*READ)
    _, second, _ = await xiaoneng("partner", "add", "reader", "--unit", "WHGAJ")
    assert "总线种子" not in second
    token = shown(second, "HTTP 令牌")
    assert token != shown(first, "HTTP 令牌")
    assert await good_tokens(provisioned) == {"reader": digest_of(token)}


async def test_rotated_keys_and_tokens_take_the_place_of_the_old_ones(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    _, first, _ = await xiaoneng(*ADD)
    code, second, _ = await xiaoneng("partner", "rotate", "oa")
    assert code == 0
    old, new = keys_of(shown(first, "总线种子")), keys_of(shown(second, "总线种子"))
    assert f"删去公钥 {old.public}" in second
    async with provisioned.database(schema=ACCESS.name) as connection:
        (partner,) = await partners(connection)
    assert partner.nkey == new.public
    assert await good_tokens(provisioned) == {"oa": digest_of(shown(second, "HTTP 令牌"))}


async def test_a_partner_that_was_revoked_holds_nothing_and_keeps_its_record(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    await xiaoneng(*ADD)
    await xiaoneng(*READ, "--durable")
    for name in ("oa", "reader"):
        code, out, _ = await xiaoneng("partner", "revoke", name)
        assert (code, f"{name} 已停用" in out) == (0, True)
    assert await good_tokens(provisioned) == {}
    async with provisioned.database(schema=ACCESS.name) as connection:
        assert {each.nkey for each in await partners(connection)} == {None}
    names = await provisioned.ask("CONSUMER.NAMES.SUPERVISION")
    assert "reader" not in (names["consumers"] or [])
    async with provisioned.database(schema=TENANCY.name) as connection:
        assert set(await systems(connection)) == {"oa"}, "what it reported has no source any more"
    code, _, err = await xiaoneng("partner", "rotate", "oa")
    assert (code, "partner-revoked" in err) == (2, True)
    code, out, _ = await xiaoneng(*ADD)
    assert (code, "总线种子" in out, "HTTP 令牌" in out) == (0, True, True)


@pytest.mark.usefixtures("provisioned")
async def test_partners_are_listed_for_people_and_for_programs(xiaoneng: Xiaoneng) -> None:
    assert "还没有伙伴系统" in (await xiaoneng("partner", "list"))[1]
    await xiaoneng(*ADD)
    await xiaoneng(*READ)
    _, out, _ = await xiaoneng("partner", "list")
    assert [line.split()[0] for line in out.splitlines()] == ["oa", "reader"]
    assert "限 WHZJW　单位名册中没有 WHZJW" in out
    _, out, _ = await xiaoneng("partner", "list", "--json")
    told = json.loads(out)
    assert [each["name"] for each in told] == ["oa", "reader"]
    assert told[1]["units"] == told[1]["unregistered_units"] == ["WHZJW"]
    _, out, _ = await xiaoneng("partner", "show", "reader")
    assert "xiaoneng.supervision.deadline-breached.*.WHZJW.>" in out
    assert "_INBOX_reader" in out


async def test_keys_are_written_where_nobody_else_reads_them(
    xiaoneng: Xiaoneng, provisioned: House, tmp_path: Path
) -> None:
    out = tmp_path / "keys"
    out.mkdir()
    code, said, _ = await xiaoneng(*ADD, "--out", str(out))
    assert code == 0
    assert "SU" not in said.replace("SUPERVISION", "")
    assert "xn_" not in said
    seed, token = (out / "oa.nk").read_text().strip(), (out / "oa.token").read_text().strip()
    assert keys_of(seed).public in said
    assert await good_tokens(provisioned) == {"oa": digest_of(token)}
    assert {each.stat().st_mode & 0o777 for each in out.iterdir()} == {0o600}


async def test_what_can_not_be_written_changes_nothing(
    xiaoneng: Xiaoneng, provisioned: House, tmp_path: Path
) -> None:
    code, _, err = await xiaoneng(*ADD, "--out", str(tmp_path / "missing"))
    assert (code, "out-unwritable" in err) == (2, True)
    code, _, err = await xiaoneng(*ADD, "--jwt", "SAOOPS")
    assert (code, "account-seed-unusable" in err) == (2, True)
    assert await good_tokens(provisioned) == {}


@pytest.mark.usefixtures("provisioned")
async def test_on_a_bus_of_others_the_configuration_to_install_is_printed(
    xiaoneng: Xiaoneng,
) -> None:
    _, out, _ = await xiaoneng(*ADD)
    account = json.loads(out[out.index("{") :])["accounts"]["partner-oa"]
    (user,) = account["users"]
    assert account["imports"] == [{"service": {"account": "XIAONENG", "subject": "city.oa.>"}}]
    assert user["nkey"] == shown(out, "总线公钥")
    assert user["permissions"]["publish"]["allow"] == ["city.oa.>"]


async def test_the_users_of_a_bus_of_others_include_its_partners(xiaoneng: Xiaoneng) -> None:
    _, out, _ = await xiaoneng("provision", "--nats-config")
    before = json.loads(out)["accounts"]
    await xiaoneng("provision")
    _, added, _ = await xiaoneng(*ADD)
    _, out, _ = await xiaoneng("provision", "--nats-config")
    after = json.loads(out)["accounts"]
    (user,) = after.pop("partner-oa")["users"]
    assert shown(added, "总线公钥") == user["nkey"]
    assert after == before, "others were changed"


@pytest.mark.usefixtures("provisioned")
async def test_a_jwt_is_signed_where_the_account_is_in_others_hands(
    xiaoneng: Xiaoneng, tmp_path: Path
) -> None:
    account = fresh_keys(nkeys.PREFIX_BYTE_ACCOUNT)
    seed = tmp_path / "account.nk"
    seed.write_text(account.seed)
    code, out, _ = await xiaoneng(*ADD, "--jwt", str(seed), "--out", str(tmp_path))
    assert (code, '"nkey"' in out) == (0, False)
    creds = (tmp_path / "oa.creds").read_text()
    assert "BEGIN NATS USER JWT" in creds
    assert (tmp_path / "oa.nk").read_text().strip() in creds


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "oa"), "nothing-granted"),
        (("add", "oa", "--publish", "city.hall"), "publish-not-own"),
        (("add", "oa", "--publish", "supervision.all"), "publish-not-own"),
        (("add", "oa", "--subscribe", "everything"), "grant-unknown"),
        (("add", "oa", "--publish", "city.oa", "--durable"), "durable-without-subscription"),
        (("add", "oa", "--publish", "city.oa", "--unit", "u"), "units-without-subscription"),
        (("add", "oa", "--publish", "city.oa", "--largest", "9"), "limit-out-of-range"),
        (("add", "oa", "--publish", "city.oa", "--rate", "9"), "usage"),
        (("add", "oa", "--publish", "city.oa", "--settle", "6d"), "usage"),
        (("add", "oa", "--publish", "city.oa", "--title", "字" * 41), "title-unusable"),
        (("add", "oa", "--publish", "city.oa", "--source", "/芜湖"), "source-unusable"),
        (("add", "oa", "--publish", "city.oa", "--source", TENANCY.source), "source-taken"),
        (
            ("add", "oa", "--publish", "city.oa", "--source", "/xiaoneng/%65valuation"),
            "source-taken",
        ),
        (("add", "evaluation", "--subscribe", "supervision.all"), "name-taken"),
        (("add", "provisioner", "--subscribe", "supervision.all"), "name-taken"),
        (("add", "city-hall", "--subscribe", "supervision.all"), "name-taken"),
        (("add", " oa", "--subscribe", "supervision.all"), "name-unusable"),
        (("rotate", "oa"), "partner-unknown"),
        (("revoke", "oa"), "partner-unknown"),
        (("show", "oa"), "partner-unknown"),
        (("list", "oa"), "usage"),
        (("add",), "usage"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    xiaoneng: Xiaoneng, provisioned: House, arguments: tuple[str, ...], code: str
) -> None:
    refused, out, err = await xiaoneng("partner", *arguments)
    assert (refused, out, code in err) == (2, "", True), err
    async with provisioned.database(schema=ACCESS.name) as connection:
        assert await partners(connection) == []
        assert await connection.fetchval("select count(*) from event") == 0


async def test_a_source_is_kept_by_who_has_it(xiaoneng: Xiaoneng, provisioned: House) -> None:
    await xiaoneng(*ADD)
    code, _, err = await xiaoneng("partner", "add", "oa", "--source", "/wuhu/other")
    assert (code, "source-fixed" in err) == (2, True)
    code, _, err = await xiaoneng(
        "partner", "add", "other", "--publish", "city.other", "--source", SOURCE
    )
    assert (code, "source-taken" in err) == (2, True)
    assert set(await good_tokens(provisioned)) == {"oa"}


async def test_a_system_from_before_there_were_partners_keeps_what_was_agreed(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    before = CitySystem(name="old", source="/wuhu/old", settle=timedelta(hours=2), title="旧系统")
    async with provisioned.database(schema=TENANCY.name) as connection:
        await admit(connection, before)
    code, out, _ = await xiaoneng("partner", "add", "old")
    assert (code, "HTTP 令牌" in out) == (0, True)
    async with provisioned.database(schema=TENANCY.name) as connection:
        assert (await systems(connection))["old"] == before
    async with provisioned.database(schema=TENANCY.name) as connection:
        await admit(connection, CitySystem(name="older", source="/wuhu/older"))
    code, _, err = await xiaoneng("partner", "add", "older", "--source", "/wuhu/else")
    assert (code, "source-fixed" in err) == (2, True), "a source that reported was given up"


async def test_nobody_is_added_before_it_is_provisioned(xiaoneng: Xiaoneng) -> None:
    code, _, err = await xiaoneng(*ADD)
    assert (code, "not-provisioned" in err) == (2, True)


async def test_the_consumers_of_partners_are_provisioned_again_where_they_are_lost(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    await xiaoneng(*READ, "--durable")
    await provisioned.ask("CONSUMER.DELETE.SUPERVISION.reader")
    code, out, _ = await xiaoneng("provision", "--check")
    assert (code, "partner-consumer  SUPERVISION/reader" in out) == (1, True)
    assert (await xiaoneng("provision"))[0] == 0
    assert (await provisioned.ask("CONSUMER.INFO.SUPERVISION.reader"))["num_pending"] == 0
    assert await xiaoneng("provision") == (0, "一切如所应有，没有改动。\n", "")


async def test_a_system_we_speak_for_gets_keys_under_no_name_of_ours(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    for name in ("evaluation", "hall"):
        await introduce(
            provisioned.postgres_url, name, f"/city/{name}", now=MONDAY, by=by_hand("test")
        )
    code, out, err = await xiaoneng("partner", "rotate", "evaluation")
    assert (code, out, "name-taken" in err) == (2, "", True)
    code, out, _ = await xiaoneng("partner", "rotate", "hall")
    assert (code, "总线种子" in out, "HTTP 令牌" in out) == (0, True, True)


async def test_nobody_brings_back_who_was_shut_out_by_speaking_for_it(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    await xiaoneng(*ADD)
    await xiaoneng("partner", "revoke", "oa")
    before = await listed(provisioned.postgres_url)
    for name, source in (("oa", SOURCE), ("other", SOURCE)):
        with pytest.raises(RefusedError) as refused:
            await introduce(provisioned.postgres_url, name, source, now=MONDAY, by=by_hand("test"))
        assert refused.value.code == "partner-revoked"
    assert await listed(provisioned.postgres_url) == before
    assert before[0].revoked_at is not None


async def test_who_was_shut_out_comes_in_by_no_token_of_its_source(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    await xiaoneng(*ADD)
    publishes = (Grant(role=Role.PUBLISHER),)
    await let_in(provisioned.postgres_url, "another", name="spare", grants=publishes, source=SOURCE)
    await xiaoneng("partner", "revoke", "oa")
    assert await good_tokens(provisioned) == {}
    await let_in(provisioned.postgres_url, "a third", name="later", grants=publishes, source=SOURCE)
    for text in ("another", "a third"):
        assert await holder(provisioned, text) is None, "a token of a revoked partner opens a door"


async def test_no_other_token_of_its_source_gets_around_what_is_agreed_with_a_partner(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    publishes = (Grant(role=Role.PUBLISHER),)
    await let_in(provisioned.postgres_url, "earlier", name="spare", grants=publishes, source=SOURCE)
    await xiaoneng(*ADD, "--rate", "1/min")
    assert set(await good_tokens(provisioned)) == {"oa"}


async def test_a_token_follows_what_is_agreed_now(xiaoneng: Xiaoneng, provisioned: House) -> None:
    _, out, _ = await xiaoneng(*READ)
    token = shown(out, "HTTP 令牌")
    found = await holder(provisioned, token)
    assert found is not None
    assert found.subscribes
    await let_in(provisioned.postgres_url, "x", name="free", grants=(Grant(role=Role.SUBSCRIBER),))
    free = await holder(provisioned, "x")
    assert free is not None
    assert not any(free.may(right) for right in Right), "nothing was agreed with it"


async def holder(house: House, token: str) -> Principal | None:
    """Return who comes in by a token."""
    async with asyncpg.create_pool(
        house.postgres_url, server_settings={"search_path": ACCESS.name}, min_size=1
    ) as pool:
        holders = Holders(pool, lambda: MONDAY, Limits())
        return await holders.lookup(digest_of(token))

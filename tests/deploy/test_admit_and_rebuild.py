"""Operators let a city system in, and have tables made anew."""

from datetime import timedelta

import pytest

from kernel.web.access import digest_of
from services.electronic_supervision.doors.systems import system_of_token, systems
from services.electronic_supervision.tenancy import TENANCY
from tests.deploy.conftest import House
from tests.deploy.test_operators_commands import Xiaoneng, xiaoneng

__all__ = ["xiaoneng"]

SOURCE = "/wuhu/administrative-approval"


def token_in(out: str) -> str:
    """Return the token that the command showed."""
    line = next(each for each in out.splitlines() if "HTTP 令牌" in each)
    return line.split()[-1].removesuffix("（只显示这一次）")


async def test_a_system_admitted_gets_a_token_that_stands_for_its_source(
    xiaoneng: Xiaoneng, house: House
) -> None:
    await xiaoneng("provision")
    code, out, _ = await xiaoneng("admit", "approvals", SOURCE, "--settle", "6h")
    token = token_in(out)
    async with house.database(schema=TENANCY.name) as connection:
        system = await system_of_token(connection, digest_of(token))
    assert code == 0
    assert f"approvals 现在可以以 {SOURCE} 的名义报送。" in out
    assert system is not None
    assert (system.name, system.source, system.settle.total_seconds()) == (
        "approvals",
        SOURCE,
        6 * 3600,
    )


async def test_a_new_token_is_given_where_it_is_asked_for_and_ends_the_old_one(
    xiaoneng: Xiaoneng, house: House
) -> None:
    await xiaoneng("provision")
    _, first, _ = await xiaoneng("admit", "approvals", SOURCE)
    _, second, _ = await xiaoneng("admit", "approvals", SOURCE, "--new-token")
    async with house.database(schema=TENANCY.name) as connection:
        old, new = [
            await system_of_token(connection, digest_of(token_in(out))) for out in (first, second)
        ]
    assert old is None
    assert new is not None


async def test_admitting_again_changes_what_was_asked_for_and_nothing_else(
    xiaoneng: Xiaoneng, house: House
) -> None:
    await xiaoneng("provision")
    first_time = ("admit", "approvals", SOURCE, "--settle", "6h", "--title", "行政审批系统")
    _, first, _ = await xiaoneng(*first_time)
    assert "HTTP 令牌  不变" in (await xiaoneng("admit", "approvals", SOURCE))[1]
    async with house.database(schema=TENANCY.name) as connection:
        system = await system_of_token(connection, digest_of(token_in(first)))
        assert system is not None, "the token was lost"
        assert system.settle == timedelta(hours=6), "the time to upload was lost"
        assert system.words == "行政审批系统", "its title was lost"
        await xiaoneng("admit", "approvals", SOURCE, "--settle", "30m")
        system = await system_of_token(connection, digest_of(token_in(first)))
        assert system is not None
        assert system.settle == timedelta(minutes=30)


@pytest.mark.parametrize("title", ["", " ", "字" * 41, "a\x07"])
async def test_a_title_that_no_page_could_show_is_refused(xiaoneng: Xiaoneng, title: str) -> None:
    await xiaoneng("provision")
    code, out, err = await xiaoneng("admit", "approvals", SOURCE, "--title", title)
    assert (code, out, "title-unusable" in err) == (2, "", True)


async def test_a_system_keeps_its_source(xiaoneng: Xiaoneng, house: House) -> None:
    await xiaoneng("provision")
    await xiaoneng("admit", "approvals", SOURCE)
    code, out, err = await xiaoneng("admit", "approvals", "/wuhu/another", "--new-token")
    assert (code, out, "source-fixed" in err) == (2, "", True)
    async with house.database(schema=TENANCY.name) as connection:
        assert [each.source for each in (await systems(connection)).values()] == [SOURCE]


async def test_two_systems_can_not_share_a_source(xiaoneng: Xiaoneng) -> None:
    await xiaoneng("provision")
    await xiaoneng("admit", "approvals", SOURCE)
    code, out, err = await xiaoneng("admit", "other", SOURCE)
    assert (code, out, "source-taken" in err) == (2, "", True)


@pytest.mark.parametrize(
    ("name", "source", "reason"),
    [
        ("approvals", "/wuhu/administrative approval", "source-unusable"),
        ("approvals", "/芜湖/审批", "source-unusable"),
        ("approvals", "", "source-unusable"),
        ("", SOURCE, "name-unusable"),
        ("approvals ", SOURCE, "name-unusable"),
        ("approvals", TENANCY.source, "source-taken"),
        ("approvals", TENANCY.source_in(2), "source-taken"),
        ("approvals", "/XIAONENG/Evaluation", "source-taken"),
        ("approvals", "/xiaoneng/%65valuation/x", "source-taken"),
    ],
)
async def test_no_system_gets_a_token_with_which_it_could_say_nothing_or_speak_as_we_do(
    xiaoneng: Xiaoneng, house: House, name: str, source: str, reason: str
) -> None:
    await xiaoneng("provision")
    code, out, err = await xiaoneng("admit", name, source)
    async with house.database(schema=TENANCY.name) as connection:
        assert await systems(connection) == {}
    assert (code, out, reason in err) == (2, "", True)


async def test_each_service_can_be_rebuilt(xiaoneng: Xiaoneng) -> None:
    await xiaoneng("provision")
    for service in ("electronic_supervision", "evaluation"):
        code, out, _ = await xiaoneng("rebuild", service)
        assert (code, service in out) == (0, True)


async def test_nothing_is_admitted_before_it_is_provisioned(xiaoneng: Xiaoneng) -> None:
    code, _, err = await xiaoneng("admit", "approvals", SOURCE)
    assert (code, "not-provisioned" in err) == (2, True)

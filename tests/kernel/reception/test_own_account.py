"""Somebody keeps his own password and sees where he has signed in; a made password is used once."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from kernel.access.account import Resume, Suspend
from kernel.access.accounts import carry_out, set_password
from kernel.access.passwords import Passwords
from kernel.access.sessions import end_all
from kernel.web.shell.ways import OWN_PASSWORD
from tests.kernel.reception.house import (
    BETTER,
    BY,
    GOOD,
    KEEPER,
    LEADER,
    MORNING,
    OFFICE,
    SQUARE,
    TAX,
    House,
    is_counted,
    keep_slow,
    sees,
    sign_in,
    until,
)

COOKIE = "xiaoneng"
FORM = {"current": GOOD, "new": BETTER, "again": BETTER}


async def test_a_made_password_leads_from_everywhere_to_changing_it(house: House) -> None:
    await house.official("zhang", OFFICE, KEEPER, is_generated=True)
    async with house.browser() as browser:
        answer = await sign_in(browser, "zhang", then=SQUARE)
        assert answer.headers["location"] == OWN_PASSWORD
        for path in (SQUARE, "/console/accounts", "/console/tokens"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, OWN_PASSWORD)
            part = await browser.get(path, headers={"HX-Request-Type": "partial"})
            assert part.headers["hx-redirect"] == OWN_PASSWORD
            program = await browser.get(path, headers={"Accept": "*/*"})
            assert program.json()["code"] == "password-change-required"
        assert (await browser.get("/")).headers["location"] == OWN_PASSWORD
        page = await browser.get(OWN_PASSWORD)
        assert "只能用来登录一次" in page.text
        assert "广场" not in page.text, "it leads to places that may not be seen"
        answer = await browser.post(OWN_PASSWORD, data=FORM)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert await sees(browser) == 200


async def test_who_has_no_role_at_all_is_told_so_and_not_led_in_a_circle(house: House) -> None:
    await house.official("zhang", is_generated=True)
    async with house.browser() as browser:
        answer = await sign_in(browser, "zhang")
        assert (await browser.get(answer.headers["location"])).status_code == 403
        assert "退出" in (await browser.get(answer.headers["location"])).text


async def test_a_changed_password_gives_another_session_and_ends_all_before(house: House) -> None:
    async with house.signed_in("zhang", LEADER) as browser, house.browser() as thief:
        old = browser.cookies[COOKIE]
        thief.cookies.set(COOKIE, old)
        assert await sees(thief) == 200
        answer = await browser.post(OWN_PASSWORD, data=FORM)
        assert answer.headers["location"] == "/console/account?changed=1"
        assert browser.cookies[COOKIE] != old
        assert [await sees(thief), await sees(browser)] == [303, 200]
        assert "口令已修改" in (await browser.get(answer.headers["location"])).text
        assert (await sign_in(thief, "zhang", GOOD)).status_code == 403
        assert (await sign_in(thief, "zhang", BETTER)).status_code == 303


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"new": "short", "again": "short"}, "口令过短"),
        ({"new": "x" * 201, "again": "x" * 201}, "口令过长"),
        ({"new": "zhang-zhang!", "again": "zhang-zhang!"}, "口令含有账号名"),
        ({"new": "password1234", "again": "password1234"}, "口令过于常见"),
        ({"again": GOOD}, "两次输入不一致"),
        ({"current": "wrong"}, "原口令不对"),
        ({"new": GOOD, "again": GOOD}, "口令没有变化"),
        ({"new": ""}, "口令过短"),
    ],
)
async def test_a_password_that_will_not_do_is_told_and_nothing_changes(
    house: House, changed: dict[str, str], words: str
) -> None:
    async with house.signed_in("zhang", LEADER) as browser:
        answer = await browser.post(OWN_PASSWORD, data=FORM | changed)
        assert (answer.status_code, words in answer.text) == (422, True)
        assert all(f'value="{value}"' not in answer.text for value in changed.values())
        assert await sees(browser) == 200
    async with house.browser() as browser:
        assert (await sign_in(browser, "zhang", GOOD)).status_code == 303


async def test_somebody_sees_his_roles_in_words_and_where_he_has_signed_in(house: House) -> None:
    async with house.signed_in("zhang", TAX, LEADER) as browser, house.browser("10.0.0.9") as other:
        other.headers["User-Agent"] = "Firefox <script>alert(1)</script>"
        await sign_in(other, "zhang")
        page = (await browser.get("/console/account")).text
    assert "承办人（税务局）、领导" in page
    assert "10.0.0.9" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert page.count("本次登录") == 1


async def test_the_record_says_that_he_changed_his_password_and_nothing_of_it(
    house: House,
) -> None:
    async with house.signed_in("zhang", LEADER) as browser:
        await browser.post(OWN_PASSWORD, data=FORM)
    last = (await house.events())[-1]
    assert last.type == "PasswordSet"
    assert '"by": "zhang"' in last.metadata
    assert BETTER not in last.data


RESET = "a password of the administrator"


async def reset(record: asyncpg.Connection) -> None:
    digest = await Passwords().digest(RESET)
    await set_password(record, "zhang", digest, is_generated=False, now=MORNING, by=BY)


async def suspend_and_resume(record: asyncpg.Connection) -> None:
    for command in (Suspend(name="zhang"), Resume(name="zhang")):
        await carry_out(record, command, now=MORNING, by=BY)


async def leave_everywhere(record: asyncpg.Connection) -> None:
    await end_all(record, "zhang")


@pytest.mark.parametrize(
    ("shut_out", "password"),
    [(reset, RESET), (suspend_and_resume, GOOD), (leave_everywhere, GOOD)],
)
async def test_who_is_shut_out_while_he_changes_his_password_does_not_get_his_way(
    house: House, shut_out: Callable[[asyncpg.Connection], Awaitable[None]], password: str
) -> None:
    """Whoever knows a stolen password must not outrun the administrator who resets it."""
    async with house.signed_in("zhang", LEADER) as thief, house.record() as record:
        await keep_slow(record, "zhang")
        change = asyncio.create_task(thief.post(OWN_PASSWORD, data=FORM))
        await until(lambda: is_counted(record))
        await shut_out(record)
        answer = await change
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert await record.fetch("select from session") == []
        async with house.browser() as browser:
            assert (await sign_in(browser, "zhang", BETTER)).status_code == 403
            assert (await sign_in(browser, "zhang", password)).status_code == 303

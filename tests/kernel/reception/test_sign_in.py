"""Officials come in by their own accounts, stay as long as they may, and leave for good."""

import asyncio

import pytest

from kernel.access.account import Suspend
from kernel.access.accounts import carry_out, set_password
from kernel.access.passwords import Passwords
from kernel.access.tokens import issue
from tests.kernel.reception.house import (
    BETTER,
    BY,
    GOOD,
    LEADER,
    MORNING,
    OFFICE,
    SQUARE,
    House,
    is_counted,
    keep_slow,
    opened,
    sees,
    sign_in,
    until,
)

COOKIE = "xiaoneng"


async def test_an_official_signs_in_and_comes_to_where_he_wanted(house: House) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        answer = await browser.get(f"{SQUARE}?a=b c")
        form = await browser.get(answer.headers["location"])
        assert 'value="/console/square?a=b%20c"' in form.text
        answer = await sign_in(browser, "zhang", then="/console/square?a=b%20c")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{SQUARE}?a=b%20c")
        page = await browser.get(answer.headers["location"])
    assert "zhang leader []" in page.text
    assert "zhang同志" in page.text


@pytest.mark.parametrize("name", ["ZHANG", " zhang ", "Zhang"])
async def test_neither_capitals_nor_blanks_keep_him_out(house: House, name: str) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        assert (await sign_in(browser, name)).status_code == 303


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("zhang", ""),
        ("zhang", "wrong"),
        ("zhang", GOOD.upper()),
        ("zhang", f"{GOOD} "),
        ("zhang", "x" * 100_000),
        ("zhang", "\0"),
        ("li", GOOD),
        ("", GOOD),
        ("\0", GOOD),
        ("x" * 100_000, GOOD),
        ("zhang' or '1'='1", GOOD),
        ("张", GOOD),
    ],
)
async def test_wrong_words_get_one_answer_whatever_is_wrong_with_them(
    house: House, name: str, password: str
) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        answer = await sign_in(browser, name, password)
        assert answer.status_code == 403
        assert "账号或者口令不对" in answer.text
        assert "set-cookie" not in answer.headers
        assert await sees(browser) == 303


async def test_no_script_can_read_the_cookie_and_no_other_site_can_send_it(house: House) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        told = (await sign_in(browser, "zhang")).headers["set-cookie"].lower()
    assert told.startswith(f"{COOKIE}=")
    assert {"httponly", "samesite=lax", "path=/"} <= set(told.split("; "))
    assert "domain" not in told


async def test_behind_tls_the_cookie_is_of_this_host_and_of_tls_only(database: str) -> None:
    async with opened(database, public_url="https://console.city.cn") as house:
        await house.official("zhang", LEADER)
        async with house.browser() as browser:
            told = (await sign_in(browser, "zhang")).headers["set-cookie"]
    assert told.startswith("__Host-xiaoneng=")
    assert "Secure" in told.split("; ")


async def test_nothing_that_is_kept_shows_a_cookie_or_a_password(house: House) -> None:
    async with house.signed_in("zhang", LEADER) as browser:
        secret = browser.cookies[COOKIE]
    async with house.record() as record:
        rows = await record.fetch("select s::text, p.digest from session s, password p")
    kept = f"{rows} {await house.events()}"
    assert len(secret) >= 43, "it could be guessed"
    assert secret not in kept
    assert GOOD not in kept
    assert "$argon2id$" in rows[0]["digest"]
    assert not [event for event in await house.events() if "argon2" in event.data]


@pytest.mark.parametrize(
    "then",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "/%0d%0aLocation:%20//elsewhere.example\r\n",
        "javascript:alert(1)",
        "https:elsewhere.example",
        "/" + "x" * 3000,
    ],
)
async def test_signing_in_never_leads_to_another_site(house: House, then: str) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        assert (await sign_in(browser, "zhang", then=then)).headers["location"] == SQUARE


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", SQUARE])
async def test_what_another_site_makes_a_browser_send_is_refused(house: House, path: str) -> None:
    async with house.signed_in("zhang", LEADER) as browser:
        for headers in ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
            answer = await browser.post(path, headers=headers)
            assert (answer.status_code, "foreign-origin" in answer.text) == (403, True)
        del browser.headers["Origin"]
        assert (await browser.post(path)).status_code == 403
        assert await sees(browser) == 200, "he was signed out by another site"


async def test_an_id_that_somebody_else_chose_is_worth_nothing_after_signing_in(
    house: House,
) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        browser.cookies.set(COOKIE, "chosen-by-somebody-else")
        answer = await sign_in(browser, "zhang")
        assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]
    async with house.browser() as thief:
        thief.cookies.set(COOKIE, "chosen-by-somebody-else")
        assert await sees(thief) == 303


async def test_signing_in_again_ends_the_session_before(house: House) -> None:
    async with house.signed_in("zhang", LEADER) as browser, house.browser() as thief:
        thief.cookies.set(COOKIE, browser.cookies[COOKIE])
        await sign_in(browser, "zhang")
        assert await sees(browser) == 200
        assert await sees(thief) == 303


async def test_a_cookie_is_dead_once_its_holder_left_whoever_kept_it(house: House) -> None:
    async with house.signed_in("zhang", LEADER) as browser, house.browser() as thief:
        thief.cookies.set(COOKIE, browser.cookies[COOKIE])
        assert await sees(thief) == 200
        left = await browser.post("/sign-out")
        assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
        assert await sees(thief) == 303
        assert await sees(browser) == 303


async def test_leaving_everywhere_ends_all_sessions_of_the_account_and_no_other(
    house: House,
) -> None:
    async with (
        house.signed_in("zhang", LEADER) as here,
        house.signed_in("zhao", LEADER) as other,
        house.browser() as there,
    ):
        await sign_in(there, "zhang")
        assert (await here.post("/console/account/sign-out-everywhere")).status_code == 303
        assert [await sees(each) for each in (here, there, other)] == [303, 303, 200]


@pytest.mark.parametrize(("hours", "answer"), [(11.9, 200), (12, 303)])
async def test_a_session_ends_after_twelve_idle_hours(
    house: House, branch: House, hours: float, answer: int
) -> None:
    async with house.signed_in("zhang", LEADER) as browser, branch.browser() as there:
        there.cookies.set(COOKIE, browser.cookies[COOKIE])
        house.clock.passes(hours=hours)
        assert await sees(there) == answer


async def test_a_session_that_is_used_lives_on_but_a_day_at_most(house: House) -> None:
    async with house.signed_in("zhang", LEADER) as browser:
        cookie = browser.cookies[COOKIE]
    for hours, answer in ((11, 200), (11, 200), (1.9, 200), (0.1, 303)):
        house.clock.passes(hours=hours)
        async with opened(house.url) as fresh, fresh.browser() as there:
            fresh.clock = house.clock
            there.cookies.set(COOKIE, cookie)
            assert await sees(there) == answer, house.clock.now


async def test_the_record_says_who_came_and_left_and_who_did_not_come_in(house: House) -> None:
    async with house.signed_in("zhang", LEADER) as browser:
        await browser.post("/sign-out")
        await sign_in(browser, "zhang", "a secret typed wrong")
        await sign_in(browser, "hunter2 typed in the wrong field")
    told = [(event.type, event.data) for event in await house.events()][-4:]
    assert [kind for kind, _ in told] == ["SignedIn", "SignedOut", "SignInFailed", "SignInFailed"]
    assert '"address":"10.0.0.7"' in told[0][1]
    assert '"name":null' in told[3][1]
    everything = " ".join(data for _, data in told)
    assert "secret" not in everything
    assert "hunter2" not in everything


async def test_a_password_that_is_changed_while_it_is_looked_at_lets_nobody_in(
    house: House,
) -> None:
    await house.official("zhang", LEADER)
    quick = await Passwords().digest(BETTER)
    async with house.record() as record, house.browser() as browser:
        await keep_slow(record, "zhang")
        attempt = asyncio.create_task(sign_in(browser, "zhang"))
        await until(lambda: is_counted(record))
        await set_password(record, "zhang", quick, is_generated=False, now=MORNING, by=BY)
        assert (await attempt).status_code == 403
        assert await record.fetch("select from session") == []


async def test_who_is_suspended_while_his_password_is_looked_at_does_not_come_in(
    house: House,
) -> None:
    await house.official("zhang", LEADER)
    async with house.record() as record, house.browser() as browser:
        await keep_slow(record, "zhang")
        attempt = asyncio.create_task(sign_in(browser, "zhang"))
        await until(lambda: is_counted(record))
        await carry_out(record, Suspend(name="zhang"), now=MORNING, by=BY)
        assert (await attempt).status_code == 403
        assert await record.fetch("select from session") == [], "it lives on once he is resumed"
        assert (await house.events())[-1].type == "SignInFailed"


async def test_home_is_the_first_place_somebody_may_see(house: House) -> None:
    async with house.signed_in("zhang", OFFICE) as browser:
        assert (await browser.get("/")).headers["location"] == SQUARE
    async with house.browser() as stranger:
        assert (await stranger.get("/")).headers["location"] == "/sign-in"


async def test_a_program_may_not_use_the_pages_of_an_account(house: House) -> None:
    async with house.record() as record:
        token = await issue(
            record,
            name="zhang",
            grants=(LEADER,),
            source=None,
            now=MORNING,
            expires_at=None,
            by=BY,
        )
    async with house.program(token) as program:
        for path in ("/console/account", "/console/account/password"):
            answer = await program.get(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "no-account")
        answer = await program.post("/console/account/sign-out-everywhere")
        assert answer.json()["code"] == "no-account"

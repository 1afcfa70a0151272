"""Guessing is slow, however it is spread, and never shuts anybody out for ever."""

import asyncio
import time
from itertools import count
from statistics import median

import pytest

from kernel.access.throttle import NOBODY, WITH_NOBODY, wait
from tests.kernel.reception.house import BETTER, GOOD, LEADER, House, opened, sees, sign_in

FREE = 5


async def test_after_five_failures_even_the_right_word_waits_and_then_lets_in(
    house: House,
) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        for _ in range(FREE):
            assert (await sign_in(browser, "zhang", "wrong")).status_code == 403
        answer = await sign_in(browser, "zhang")
        assert answer.status_code == 429
        assert "尝试次数过多" in answer.text
        house.clock.passes(seconds=int(answer.headers["retry-after"]))
        assert (await sign_in(browser, "zhang")).status_code == 303


async def test_each_failure_makes_the_next_wait_longer_up_to_a_quarter_of_an_hour(
    house: House,
) -> None:
    await house.official("zhang", LEADER)
    waits: list[int] = []
    for address in count(1):
        async with house.browser(f"10.0.1.{address}") as browser:
            answer = await sign_in(browser, "zhang", "wrong")
        if answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            house.clock.passes(seconds=waits[-1])
        if len(waits) == 16:
            break
    assert waits == sorted(waits)
    assert waits[0] <= 3
    assert waits[4] > 8 * waits[0]
    assert waits[-1] <= 15 * 60 + 1


async def test_a_day_without_failures_makes_all_forgotten(house: House) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        for _ in range(FREE):
            await sign_in(browser, "zhang", "wrong")
        house.clock.passes(hours=25)
        for _ in range(FREE):
            assert (await sign_in(browser, "zhang", "wrong")).status_code == 403


async def test_a_success_makes_the_failures_of_the_account_forgotten(house: House) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        for _ in range(3):
            for _ in range(FREE - 1):
                assert (await sign_in(browser, "zhang", "wrong")).status_code == 403
            assert (await sign_in(browser, "zhang")).status_code == 303


async def test_many_guesses_at_once_over_two_processes_are_no_more_than_five(
    house: House, branch: House
) -> None:
    await house.official("zhang", LEADER)
    async with house.browser("10.0.0.1") as here, branch.browser("10.0.0.2") as there:
        guesses = [
            sign_in(each, "zhang", f"guess {n}") for n in range(15) for each in (here, there)
        ]
        answers = [answer.status_code for answer in await asyncio.gather(*guesses)]
    assert answers.count(403) == FREE
    assert answers.count(429) == len(answers) - FREE


async def test_an_account_that_does_not_exist_waits_as_one_that_does(house: House) -> None:
    async with house.browser() as browser:
        answers = [(await sign_in(browser, "nobody", "wrong")).status_code for _ in range(7)]
    assert answers == [403] * FREE + [429] * 2


async def test_guessing_one_word_at_many_accounts_is_slow_too(house: House) -> None:
    async with house.browser() as browser:
        answers = [(await sign_in(browser, f"name{n}", "wrong")).status_code for n in range(22)]
    assert answers[:20] == [403] * 20
    assert answers[-1] == 429


async def test_an_office_behind_one_address_may_sign_in_as_often_as_it_likes(house: House) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        assert {(await sign_in(browser, "zhang")).status_code for _ in range(25)} == {303}


async def test_an_address_that_has_to_wait_uses_up_nobody_s_attempts(house: House) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as guesser, house.browser("10.0.0.8") as zhang:
        for n in range(20):
            await sign_in(guesser, f"name{n}", "wrong")
        for _ in range(3 * FREE):
            assert (await sign_in(guesser, "zhang", "wrong")).status_code == 429
        assert (await sign_in(zhang, "zhang")).status_code == 303, "others shut him out"


async def test_an_account_that_has_to_wait_uses_up_nothing_of_its_office(house: House) -> None:
    await house.official("li", LEADER)
    async with house.browser() as zhang, house.browser() as li:
        for _ in range(FREE):
            await sign_in(zhang, "zhang", "wrong")
        for _ in range(40):
            assert (await sign_in(zhang, "zhang", "wrong")).status_code == 429
        assert (await sign_in(li, "li")).status_code == 303, "he shut out his colleagues"


async def test_behind_a_proxy_one_guesser_does_not_shut_out_the_city(database: str) -> None:
    async with opened(database, public_url="http://console.city.cn") as house:
        await house.official("zhang", LEADER)
        async with house.browser() as browser:
            for n in range(25):
                await sign_in(browser, f"name{n}", "wrong")
            assert (await sign_in(browser, "zhang")).status_code == 303


async def test_no_header_gives_a_guesser_another_address(house: House) -> None:
    async with house.browser() as browser:
        answers = []
        for n in range(22):
            for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
                browser.headers[name] = f"for=10.1.0.{n}" if name == "Forwarded" else f"10.1.0.{n}"
            answers.append((await sign_in(browser, f"name{n}", "wrong")).status_code)
    assert answers[-1] == 429
    assert '"address":"10.1' not in " ".join(event.data for event in await house.events())


async def test_who_guesses_names_without_end_does_not_fill_the_record(house: House) -> None:
    async with house.record() as record:
        for _ in range(WITH_NOBODY.free):
            await wait(record, NOBODY, WITH_NOBODY, house.clock.now)
    async with house.browser() as browser:
        assert (await sign_in(browser, "name", "wrong")).status_code == 403
        assert await house.events() == []
        house.clock.passes(minutes=2)
        assert (await sign_in(browser, "another", "wrong")).status_code == 403
        assert [event.type for event in await house.events()] == ["SignInFailed"]


@pytest.mark.parametrize("name", ["zhang", "nobody"])
async def test_what_is_typed_for_a_name_is_kept_in_no_readable_form(
    house: House, name: str
) -> None:
    await house.official("zhang", LEADER)
    async with house.browser() as browser:
        await sign_in(browser, name, "wrong")
    async with house.record() as record:
        rows = await record.fetch("select f::text from failure f")
    assert rows
    assert name not in str(rows)


async def test_the_time_of_an_answer_does_not_tell_whether_there_is_such_an_account(
    house: House,
) -> None:
    await house.official("zhang", LEADER)
    spent: dict[str, list[float]] = {"zhang": [], "nobody": []}
    async with house.browser() as browser:
        for _ in range(8):
            for name, times in spent.items():
                began = time.perf_counter()
                assert (await sign_in(browser, name, "wrong")).status_code == 403
                times.append(time.perf_counter() - began)
            house.clock.passes(hours=25)
    known, unknown = median(spent["zhang"]), median(spent["nobody"])
    assert 0.5 < known / unknown < 2, (known, unknown)


async def test_who_has_stolen_a_session_may_not_guess_its_password_either(house: House) -> None:
    async with house.signed_in("zhang", LEADER) as browser:
        form = {"current": "wrong", "new": BETTER, "again": BETTER}
        pages = [await browser.post("/console/account/password", data=form) for _ in range(6)]
        assert ["原口令不对" in page.text for page in pages] == [True] * FREE + [False]
        assert "尝试次数过多" in pages[-1].text
        assert await sees(browser) == 200
        form["current"] = GOOD
        assert "尝试次数过多" in (await browser.post("/console/account/password", data=form)).text

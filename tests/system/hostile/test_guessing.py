"""Guessing passwords stays slow over several processes, at once, and by any disguise."""

import asyncio
import json

import httpx
import pytest

from kernel.access.throttle import WITH_ACCOUNT, WITH_ADDRESS
from tests.system.hostile.test_sessions import sign_in, with_password
from tests.system.hostile.town import Town, browser
from tests.system.stack import Process
from tests.waiting import until

LOOKED_AT, TOO_MANY = 403, 429
MORE = 5
"""How many pauses may pass while a busy machine answers: the sixth ends after two minutes."""


@pytest.fixture(scope="module")
async def other(town: Town) -> Process:
    return await town.another()


@pytest.fixture(autouse=True)
async def forgiven(town: Town) -> None:
    """Let each test begin as if nobody had failed before."""
    access = await town.access()
    await access.execute("delete from failure")
    await access.close()


async def guesses(
    processes: list[Process], name: str, number: int, **headers: str
) -> list[httpx.Response]:
    """Guess so many different passwords at once, at some processes in turn."""
    visitors = [browser(each) for each in processes]
    try:
        return await asyncio.gather(
            *(
                visitors[n % len(visitors)].post(
                    "/sign-in",
                    data={"account": name, "password": f"guess {n}"},
                    headers={
                        key.replace("_", "-"): f"{value}{n}" for key, value in headers.items()
                    },
                )
                for n in range(number)
            )
        )
    finally:
        for each in visitors:
            await each.aclose()


def looked_at(answers: list[httpx.Response]) -> int:
    assert {each.status_code for each in answers} <= {LOOKED_AT, TOO_MANY}
    return sum(each.status_code == LOOKED_AT for each in answers)


async def guessed(town: Town) -> bool:
    """Guess once, and tell whether anybody looked."""
    return looked_at(await guesses([town.doors], "guessed", 1)) == 1


async def test_a_hundred_guesses_at_once_at_two_processes_are_worth_five(
    town: Town, other: Process
) -> None:
    await with_password(town, "guessed")
    tried = looked_at(await guesses([town.doors, other], "guessed", 100))
    assert 1 <= tried <= WITH_ACCOUNT.free + MORE
    access = await town.access()
    await access.execute("update failure set times = 12")  # as after a siege of a quarter hour
    await access.close()
    await until(lambda: guessed(town))
    async with browser(other) as holder:
        answer = await sign_in(holder, "guessed")
        assert answer.status_code == TOO_MANY, "even the right password has to wait now"
        assert int(answer.headers["Retry-After"]) >= 1


async def test_a_forged_address_buys_no_more_guesses(town: Town, other: Process) -> None:
    await with_password(town, "disguised")
    answers = await guesses(
        [town.doors, other],
        "disguised",
        60,
        X_Forwarded_For="203.0.113.",
        X_Real_IP="203.0.113.",
        Forwarded="for=203.0.113.",
        User_Agent="robot ",
    )
    assert looked_at(answers) <= WITH_ACCOUNT.free + MORE


async def test_one_password_for_many_accounts_is_slowed_by_the_address(
    town: Town, other: Process
) -> None:
    tried = 0
    for n in range(0, 60, 20):
        answers = await asyncio.gather(
            *(guesses([town.doors, other], f"nobody{each}", 1) for each in range(n, n + 20))
        )
        tried += looked_at([each for one in answers for each in one])
    assert tried <= WITH_ADDRESS.free + MORE


async def test_other_spellings_of_a_name_are_one_account(town: Town, other: Process) -> None:
    await with_password(town, "spelled")
    tried = 0
    for name in ("spelled", "SPELLED", " Spelled ", "spelled\t", "sPelled"):
        tried += looked_at(await guesses([town.doors, other], name, 10))
    assert tried <= WITH_ACCOUNT.free + MORE


async def test_nobody_learns_which_accounts_there_are(town: Town) -> None:
    await with_password(town, "there")
    async with browser(town.doors) as stranger:
        answers = [
            await stranger.post("/sign-in", data={"account": name, "password": "wrong"})
            for name in ("there", "nowhere")
        ]
    there = answers[0].text.replace("there", "x")
    nowhere = answers[1].text.replace("nowhere", "x")
    assert there == nowhere
    assert answers[0].status_code == answers[1].status_code


async def test_what_was_typed_as_a_name_or_password_is_nowhere_kept(town: Town) -> None:
    typed = "Typed-By-Mistake-4711"
    async with browser(town.doors) as stranger:
        await stranger.post("/sign-in", data={"account": typed, "password": typed})
        await stranger.post("/sign-in", data={"account": "there", "password": typed})
    access = await town.access()
    kept = [dict(row) for row in await access.fetch("select * from event")]
    failures = [dict(row) for row in await access.fetch("select * from failure")]
    await access.close()
    told = json.dumps([kept, failures], default=str) + town.doors.log.read_text()
    assert typed not in told
    assert typed.lower() not in told

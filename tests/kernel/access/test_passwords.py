"""A password that would be guessed is refused, and what is kept of one gives it to nobody."""

import asyncio
import time

import pytest

from kernel.access.passwords import Passwords, generated, make_sure_of_good
from kernel.access.refused import Refused

GOOD = "correct horse battery"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-too-short"),
        ("x7-Kq.9_Lm2", "password-too-short"),
        ("é" * 201, "password-too-long"),
        ("zhangsan2026", "password-like-name"),
        ("2026zhangsan!", "password-like-name"),
        ("password1234", "password-common"),
        ("Passw0rd!!!!", "password-common"),
        ("qwertyuiop12", "password-common"),
        ("xiaoneng2026", "password-common"),
        ("woaini5201314", "password-common"),
        ("123456789012", "password-common"),
        ("abcdefghijklm", "password-common"),
        ("987654321098", "password-common"),
        ("aaaaaaaaaaaaaa", "password-common"),
        ("ababababababab", "password-common"),
    ],
)
def test_what_would_be_guessed_is_refused(password: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        make_sure_of_good(password, "zhangsan")


@pytest.mark.parametrize(
    "password",
    [GOOD, "x7-Kq.9_Lm2v", "春眠不觉晓处处闻啼鸟夜来", "zhangsan and forty thieves"],
)
def test_what_would_not_be_guessed_is_good(password: str) -> None:
    make_sure_of_good(password, "zhangsan")


def test_generated_passwords_are_good_and_no_two_alike() -> None:
    made = {generated() for _ in range(1000)}
    assert len(made) == 1000
    for password in made:
        make_sure_of_good(password, "zhangsan")


async def test_a_password_fits_its_own_digest_and_no_other() -> None:
    passwords = Passwords()
    first, second = await passwords.digest(GOOD), await passwords.digest(GOOD)
    assert first != second, "two people with one password could be told"
    assert first.startswith("$argon2id$")
    assert await passwords.fits(first, GOOD)
    assert not await passwords.fits(first, GOOD.upper())
    assert not await passwords.fits(None, GOOD)
    assert not await passwords.fits("no digest", GOOD)


async def test_what_keyboards_write_in_two_ways_is_one_password() -> None:
    passwords = Passwords()
    assert await passwords.fits(
        await passwords.digest("ｃａｆé über alles"), "cafe\u0301 über alles"
    )


async def test_the_loop_goes_on_while_passwords_are_hashed() -> None:
    passwords = Passwords()
    work = asyncio.gather(*(passwords.digest(GOOD) for _ in range(4)))
    longest = 0.0
    while not work.done():
        began = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, time.perf_counter() - began)
    await work
    assert longest < 1

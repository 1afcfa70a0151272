"""Passwords: which may be used, how one is made, and what is kept of it (argon2id)."""

import asyncio
import secrets
import unicodedata
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kernel.access.refused import Refused

SHORTEST, LONGEST = 12, 200
FEWEST_DIFFERENT = 5

COMMONEST = (
    *("password", "passw0rd", "p@ssw0rd", "123456789", "987654321", "qwertyuiop", "asdfghjkl"),
    *("1qaz2wsx", "q1w2e3r4", "a1b2c3d4", "abcd1234", "woaini", "5201314", "iloveyou", "admin123"),
    *("xiaoneng", "administrator", "changeme", "letmein", "welcome"),
)
"""What begins or ends most passwords that are guessed first."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""What nobody mistakes for another letter on paper."""

GROUPS, GROUP = 4, 5
AT_ONCE = 2
"""How many are hashed at a time: each takes 64 MiB, and strangers decide how many are asked for."""


class Passwords:
    """Hashes passwords, in threads and few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)
        # of nobody: whoever asks for an account that is not there waits as long
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    async def digest(self, password: str) -> str:
        """Return what to keep of a password."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, plain(password))

    async def fits(self, digest: str | None, password: str) -> bool:
        """Tell whether a password is the one of a digest; without one never, and as slowly."""
        async with self._turns:
            is_right = await asyncio.to_thread(self._verify, digest or self._nobody, password)
        return is_right and digest is not None

    def _verify(self, digest: str, password: str) -> bool:
        try:
            return self._hasher.verify(digest, plain(password))
        except (VerificationError, InvalidHashError):
            return False


def plain(password: str) -> str:
    """Return one form of a text that keyboards write in several, and never a longer one."""
    return unicodedata.normalize("NFKC", password[:LONGEST])


def generated() -> str:
    """Return a password of 99 random bits that can be read out and typed."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def make_sure_of_good(password: str, name: str) -> None:
    """Refuse what would be guessed. Raises Refused.

    Codes: `password-too-short`, `password-too-long`, `password-like-name`, `password-common`.
    """
    if len(password) > LONGEST:
        raise Refused("password-too-long", field="password")
    told = plain(password).casefold()
    if len(told) < SHORTEST:
        raise Refused("password-too-short", field="password")
    if name.casefold() in told and len(told) - len(name) < SHORTEST:
        raise Refused("password-like-name", field="password")
    rest = told
    for each in COMMONEST:
        rest = rest.replace(each, "")
    if len(set(told)) < FEWEST_DIFFERENT or (rest != told and len(rest) < SHORTEST // 2):
        raise Refused("password-common", field="password")
    if _is_row(told):
        raise Refused("password-common", field="password")


def _is_row(text: str) -> bool:
    """Tell whether most letters follow the one before, as in 123456789012 and abcdefghijkl."""
    steps = [ord(b) - ord(a) for a, b in pairwise(text)]
    return max(map(steps.count, (-1, 0, 1))) > len(steps) * 2 // 3

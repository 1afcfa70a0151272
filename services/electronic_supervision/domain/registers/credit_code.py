"""Numbers of legal persons in the public register (统一社会信用代码, GB 32100-2015)."""

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters without I, O, S, V and Z, each worth its place."""
VALUES = {sign: value for value, sign in enumerate(SIGNS)}
LENGTH = 18


def is_credit_code(text: str) -> bool:
    """Tell whether a text is such a number: its last character checks the others (附录 B)."""
    if len(text) != LENGTH or not VALUES.keys() >= set(text):
        return False
    return check_character(text[:-1]) == text[-1]


def check_character(body: str) -> str:
    """Return the last character, computed from the 17 before it."""
    total = sum(VALUES[sign] * pow(3, place, 31) for place, sign in enumerate(body))
    return SIGNS[-total % 31]

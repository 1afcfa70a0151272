"""The number of a legal person is checked by its last character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.registers.credit_code import (
    SIGNS,
    check_character,
    is_credit_code,
)

KNOWN = (
    "91330100799655058B",
    "914403001922038216",
    "9144030071526726XG",
    "91110000802100433B",
)
"""Numbers that great companies print on everything they publish."""


@pytest.mark.parametrize("number", KNOWN)
def test_numbers_of_the_public_register_are_taken(number: str) -> None:
    assert is_credit_code(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "914403001922038217",
        "91440300192203821",
        "9144030019220382166",
        "91440300192203821i",
        "91440300192203821O",
        "914403001922038216 ",
        "９14403001922038216",
    ],
)
def test_what_is_no_such_number_is_not(text: str) -> None:
    assert not is_credit_code(text)


@given(
    st.text(SIGNS, min_size=17, max_size=17),
    st.integers(0, 17),
    st.sampled_from(SIGNS),
)
def test_one_character_misread_is_noticed(body: str, place: int, sign: str) -> None:
    number = body + check_character(body)
    misread = number[:place] + sign + number[place + 1 :]
    assert is_credit_code(number)
    assert is_credit_code(misread) == (misread == number)


@given(st.text(SIGNS, min_size=17, max_size=17), st.integers(0, 15))
def test_neighbours_that_changed_places_are_noticed(body: str, place: int) -> None:
    number = body + check_character(body)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_credit_code(swapped) == (swapped == number)

"""An offence has grades with their fines; overlaps and gaps are told, inverted bounds refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.registers.band_remarks import Oddity, remarks
from services.electronic_supervision.domain.registers.discretion_band import DISCRETION_BAND
from services.electronic_supervision.domain.registers.discretion_band_acts import (
    Command,
    Grade,
    RepealDiscretionBands,
    ReviseDiscretionBands,
    SetDiscretionBands,
)
from services.electronic_supervision.domain.registers.registers import fold
from tests.electronic_supervision.domain.registers.city import refusal, told

JANUARY, MARCH, JUNE = date(2012, 1, 1), date(2012, 3, 1), date(2012, 6, 1)
WAN = 1_000_000
"""10,000 yuan, in fen."""


def grade(code: str, least: int, most: int) -> Grade:
    return Grade(code=code, circumstances=f"{code}情形", least=least, most=most)


LIGHT, COMMON, GRAVE = (
    grade("轻微", 0, WAN),
    grade("一般", WAN, 3 * WAN),
    grade("严重", 3 * WAN, 5 * WAN),
)


def establish(*grades: Grade, day: date = JANUARY) -> Command:
    return SetDiscretionBands(
        offence="AY01",
        name="无证经营",
        clause="《食品安全法》第八十四条",
        grades=grades,
        effective_from=day,
    )


def revise(day: date, *grades: Grade) -> Command:
    return ReviseDiscretionBands(
        offence="AY01", name="无证经营", clause="第一百二十二条", grades=grades, effective_from=day
    )


def repeal(day: date) -> Command:
    return RepealDiscretionBands(offence="AY01", reason="法律修订", effective_from=day)


SET = establish(LIGHT, COMMON)


def band(day: date, code: str, *commands: Command) -> tuple[int, int] | None:
    found = fold(told(DISCRETION_BAND, commands)).band("AY01", code, day)
    return None if found is None else (found.least, found.most)


def test_a_band_is_what_it_was_on_that_day() -> None:
    story = (SET, revise(MARCH, grade("轻微", 0, 2 * WAN)), repeal(JUNE))
    assert band(date(2011, 12, 31), "轻微", *story) is None
    assert band(JANUARY, "轻微", *story) == (0, WAN)
    assert band(MARCH, "轻微", *story) == (0, 2 * WAN)
    assert band(MARCH, "一般", *story) is None
    assert band(JUNE, "轻微", *story) is None


def test_the_clause_is_that_of_the_day() -> None:
    registers = fold(told(DISCRETION_BAND, [SET, revise(MARCH, LIGHT)]))
    clauses = [registers.offence("AY01", day) for day in (JANUARY, MARCH)]
    assert [each and each.clause for each in clauses] == [
        "《食品安全法》第八十四条",
        "第一百二十二条",
    ]


def test_both_bounds_belong_to_a_band() -> None:
    assert COMMON.allows(WAN)
    assert COMMON.allows(3 * WAN)
    assert not COMMON.allows(WAN - 1)
    assert not COMMON.allows(3 * WAN + 1)


def test_bands_set_by_mistake_are_repealed_on_their_own_day_and_never_were() -> None:
    assert band(JUNE, "轻微", SET, repeal(JANUARY)) is None
    assert band(JUNE, "轻微", SET, repeal(JANUARY), SET) == (0, WAN)


def test_what_is_wished_twice_happens_once() -> None:
    for command in (SET, revise(MARCH, GRAVE), repeal(MARCH)):
        once = told(DISCRETION_BAND, [SET, command])
        assert told(DISCRETION_BAND, [SET, command, command]) == once


def test_bands_that_come_late_do_not_undo_a_revision() -> None:
    assert band(JUNE, "严重", SET, revise(MARCH, GRAVE), SET) == (3 * WAN, 5 * WAN)


@pytest.mark.parametrize(
    ("past", "command", "why"),
    [
        ([], revise(MARCH, LIGHT), "bands-unknown offence"),
        ([], repeal(MARCH), "bands-unknown offence"),
        ([SET, repeal(MARCH)], revise(JUNE, LIGHT), "bands-repealed offence"),
        ([SET, repeal(MARCH)], repeal(JUNE), "bands-repealed offence"),
        ([SET, repeal(MARCH)], establish(GRAVE, day=JUNE), "bands-repealed offence"),
        ([SET, revise(JUNE, GRAVE)], repeal(MARCH), "effective-date-too-early effective_from"),
        ([SET], revise(MARCH), "grades-missing grades"),
        ([SET], revise(MARCH, LIGHT, LIGHT), "grade-twice grade"),
        ([SET], revise(MARCH, grade("x", 2, 1)), "bounds-inverted most"),
        ([], establish(grade("x", -1, 1)), "bounds-inverted most"),
        ([SET], establish(GRAVE), "bands-exist offence"),
    ],
)
def test_what_can_not_be_is_refused(past: list[Command], command: Command, why: str) -> None:
    assert refusal(DISCRETION_BAND, past, command) == why


def test_bands_that_meet_at_one_fine_are_not_remarked_upon() -> None:
    assert remarks([LIGHT, COMMON, GRAVE]) == []
    assert remarks([grade("a", 0, 99), grade("b", 100, 200)]) == []


def test_an_overlap_is_told_with_its_fines() -> None:
    (told,) = remarks([LIGHT, grade("一般", WAN // 2, 3 * WAN)])
    assert (told.oddity, told.grades) == (Oddity.OVERLAP, ("轻微", "一般"))
    assert (told.least, told.most) == (WAN // 2, WAN)


def test_a_gap_is_told_with_its_fines() -> None:
    (told,) = remarks([GRAVE, LIGHT])
    assert (told.oddity, told.grades) == (Oddity.GAP, ("轻微", "严重"))
    assert (told.least, told.most) == (WAN + 1, 3 * WAN - 1)


def test_two_grades_of_the_same_single_fine_overlap() -> None:
    (told,) = remarks([grade("a", 100, 100), grade("b", 100, 100)])
    assert told.oddity is Oddity.OVERLAP


BOUNDS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted)


@given(st.lists(BOUNDS, min_size=1, max_size=5))
def test_remarks_are_those_of_a_count_fine_by_fine(bounds: list[list[int]]) -> None:
    grades = [grade(str(number), *each) for number, each in enumerate(bounds)]
    found = remarks(grades)
    gaps = {
        fine
        for each in found
        if each.oddity is Oddity.GAP
        for fine in range(each.least, each.most + 1)
    }
    lowest, highest = min(each[0] for each in bounds), max(each[1] for each in bounds)
    fines = range(lowest, highest + 1)
    assert gaps == {fine for fine in fines if not any(each.allows(fine) for each in grades)}
    overlaps = {each.grades for each in found if each.oddity is Oddity.OVERLAP}
    for one in grades:
        for other in grades:
            shared = [fine for fine in fines if one.allows(fine) and other.allows(fine)]
            is_told = (one.code, other.code) in overlaps or (other.code, one.code) in overlaps
            is_same = (one.least, one.most) == (other.least, other.most)
            if one.code != other.code:
                assert is_told == (len(shared) > 1 or (len(shared) == 1 and is_same))


def test_bands_told_again_after_a_revision_are_no_mistake() -> None:
    assert refusal(DISCRETION_BAND, [SET, revise(MARCH, GRAVE)], SET) == ""

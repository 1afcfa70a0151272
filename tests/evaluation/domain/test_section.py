"""What may be done to a section, and what follows from it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.section import (
    SECTION,
    CloseSection,
    Command,
    OpenSection,
    RenameSection,
    SectionClosed,
    SectionOpened,
    SectionRenamed,
)
from tests.evaluation.domain.told import after, refusal, twice_is_once
from tests.evaluation.staff import APPROVAL_SECTION as OPENING
from tests.evaluation.units import AUTUMN, JUNE, NEW_YEAR

DAY = timedelta(days=1)
RENAMING = RenameSection(code=OPENING.code, name="行政审批服务科", effective_from=JUNE)
CLOSING = CloseSection(code=OPENING.code, effective_from=NEW_YEAR)


def test_a_section_is_opened_renamed_and_closed_in_its_unit() -> None:
    assert SECTION.decide(OPENING, SECTION.initial) == [
        SectionOpened(code=OPENING.code, unit="WHZJW", name="行政审批科", effective_from=AUTUMN)
    ]
    assert SECTION.decide(RENAMING, after(SECTION, OPENING)) == [
        SectionRenamed(code=OPENING.code, unit="WHZJW", name="行政审批服务科", effective_from=JUNE)
    ]
    assert SECTION.decide(CLOSING, after(SECTION, OPENING, RENAMING)) == [
        SectionClosed(code=OPENING.code, unit="WHZJW", effective_from=NEW_YEAR)
    ]


def test_an_opening_that_comes_again_after_a_renaming_undoes_nothing() -> None:
    assert SECTION.decide(OPENING, after(SECTION, OPENING, RENAMING)) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(OPENING, unit="WHWSJ"),
        replace(OPENING, name="审批科"),
        replace(OPENING, effective_from=JUNE),
    ],
)
def test_a_code_is_given_once_in_the_whole_city(other: OpenSection) -> None:
    assert refusal(SECTION, other, OPENING) == ("section-exists", "code")


def test_a_closed_section_stays_closed_and_its_code_is_not_given_again() -> None:
    for command in (OPENING, RENAMING, replace(CLOSING, effective_from=NEW_YEAR + DAY)):
        assert refusal(SECTION, command, OPENING, CLOSING) == ("section-closed", "code")


@pytest.mark.parametrize("command", [RENAMING, CLOSING])
def test_nothing_is_done_to_a_section_that_nobody_opened(command: Command) -> None:
    assert refusal(SECTION, command) == ("section-unknown", "code")


@pytest.mark.parametrize("command", [replace(RENAMING, name="第三名"), CLOSING])
def test_nothing_takes_effect_before_what_went_before(
    command: RenameSection | CloseSection,
) -> None:
    early = replace(command, effective_from=JUNE - DAY)
    expected = ("effective-date-too-early", "effective_from")
    assert refusal(SECTION, early, OPENING, RENAMING) == expected


CODES, DAYS = st.just("k1"), st.dates(date(2012, 1, 1), date(2012, 1, 4))
NAMES = st.sampled_from(["甲科", "乙科"])


@given(
    st.lists(
        st.one_of(
            st.builds(
                OpenSection,
                code=CODES,
                unit=st.sampled_from(["WHZJW", "WHWSJ"]),
                name=NAMES,
                effective_from=DAYS,
            ),
            st.builds(RenameSection, code=CODES, name=NAMES, effective_from=DAYS),
            st.builds(CloseSection, code=CODES, effective_from=DAYS),
        )
    )
)
def test_a_command_told_twice_is_carried_out_once_and_its_events_are_stored_whole(
    commands: list[Command],
) -> None:
    twice_is_once(SECTION, commands)

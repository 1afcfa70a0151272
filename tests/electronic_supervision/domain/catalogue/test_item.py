"""What may be done to an item of the catalogue, and what follows from it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import catalogue as published
from contracts.approvals import PauseGround
from services.electronic_supervision.domain.catalogue.item import ITEM
from services.electronic_supervision.domain.catalogue.item_acts import (
    AddItemAlias,
    Command,
    ItemAlias,
    ItemAliasAdded,
    ItemAliasRemoved,
    ItemPublished,
    ItemRevised,
    ItemWithdrawn,
    PublishItem,
    RemoveItemAlias,
    ReviseItem,
    WithdrawItem,
)
from services.electronic_supervision.domain.catalogue.item_content import (
    Arrangement,
    ItemContent,
    Material,
    Nature,
    PauseClause,
    Step,
)
from tests.electronic_supervision.domain.catalogue.items import (
    ALIAS,
    CODE,
    JUNE,
    NEW_YEAR,
    PERMIT,
    PUBLISHING,
    REVISING,
    SHORTER,
    WITHDRAWING,
    after,
    calendar,
    granted,
    refusal,
    told,
    working,
)

DAY = timedelta(days=1)


def test_an_item_is_published_revised_and_withdrawn() -> None:
    assert told(PUBLISHING, REVISING) == [
        ItemPublished(
            code=CODE,
            content=PERMIT,
            aliases=(),
            effective_from=NEW_YEAR,
            is_backdated=False,
            reason="",
        ),
        ItemRevised(code=CODE, content=SHORTER, effective_from=JUNE, is_backdated=False, reason=""),
    ]
    assert told(PUBLISHING, WITHDRAWING)[1:] == [
        ItemWithdrawn(code=CODE, unit="WHZJW", effective_from=JUNE, is_backdated=False, reason="")
    ]


def test_what_is_so_already_happens_no_more() -> None:
    later = date(2012, 2, 2)
    assert ITEM.decide(replace(PUBLISHING, said_on=JUNE), after(PUBLISHING, REVISING)) == []
    again = replace(REVISING, said_on=later, effective_from=JUNE + DAY)
    assert ITEM.decide(again, after(PUBLISHING, REVISING)) == []
    assert ITEM.decide(WITHDRAWING, after(PUBLISHING, WITHDRAWING)) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(PUBLISHING, content=SHORTER),
        replace(PUBLISHING, effective_from=JUNE),
        replace(PUBLISHING, aliases=(ALIAS,)),
    ],
)
def test_a_code_is_given_once(other: PublishItem) -> None:
    assert refusal(other, PUBLISHING) == ("item-exists", "code")


def test_a_withdrawn_item_stays_withdrawn_and_its_code_is_not_given_again() -> None:
    alias = AddItemAlias(code=CODE, alias=ALIAS)
    other_day = replace(WITHDRAWING, effective_from=JUNE + DAY)
    for command in (PUBLISHING, REVISING, alias, other_day):
        assert refusal(command, PUBLISHING, WITHDRAWING) == ("item-withdrawn", "code")


@pytest.mark.parametrize(
    "command",
    [
        REVISING,
        WITHDRAWING,
        AddItemAlias(code=CODE, alias=ALIAS),
        RemoveItemAlias(code=CODE, alias=ALIAS),
    ],
)
def test_nothing_is_done_to_an_item_that_nobody_published(command: Command) -> None:
    assert refusal(command) == ("item-unknown", "code")


@pytest.mark.parametrize("command", [replace(REVISING, content=PERMIT), WITHDRAWING])
def test_nothing_takes_effect_before_the_last_change(command: ReviseItem | WithdrawItem) -> None:
    early = replace(command, effective_from=JUNE - DAY)
    expected = ("effective-date-too-early", "effective_from")
    assert refusal(early, PUBLISHING, REVISING) == expected


def test_a_mistake_is_put_right_on_its_own_day() -> None:
    (event,) = ITEM.decide(replace(REVISING, content=PERMIT), after(PUBLISHING, REVISING))
    assert isinstance(event, ItemRevised)
    assert (event.content, event.effective_from) == (PERMIT, JUNE)


@pytest.mark.parametrize("command", [PUBLISHING, REVISING, WITHDRAWING])
def test_a_day_that_has_passed_takes_a_reason_and_the_event_says_so(
    command: PublishItem | ReviseItem | WithdrawItem,
) -> None:
    before = () if isinstance(command, PublishItem) else (PUBLISHING,)
    late = replace(command, said_on=command.effective_from + DAY)
    assert refusal(late, *before) == ("reason-required", "reason")
    (event,) = ITEM.decide(replace(late, reason="录入有误"), after(*before))
    assert not isinstance(event, ItemAliasAdded | ItemAliasRemoved)
    assert (event.is_backdated, event.reason) == (True, "录入有误")
    same_day = replace(command, said_on=command.effective_from)
    (event,) = ITEM.decide(same_day, after(*before))
    assert not isinstance(event, ItemAliasAdded | ItemAliasRemoved)
    assert not event.is_backdated


def test_an_alias_of_a_withdrawn_item_can_be_taken_for_another_one() -> None:
    with_alias = replace(PUBLISHING, aliases=(ALIAS,))
    taking = RemoveItemAlias(code=CODE, alias=ALIAS)
    assert ITEM.decide(taking, after(with_alias, WITHDRAWING)) == [
        ItemAliasRemoved(code=CODE, alias=ALIAS)
    ]
    assert ITEM.decide(taking, after(with_alias, taking)) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (replace(PERMIT, promised=working(16)), ("promise-over-statute", "promised")),
        (replace(PERMIT, promised=calendar(16)), ("limits-not-comparable", "promised")),
        (replace(PERMIT, green_card=working(8)), ("green-card-over-promise", "green_card")),
        (replace(PERMIT, green_card=calendar(8)), ("limits-not-comparable", "green_card")),
        (
            replace(PERMIT, promised=None, promised_clause="", green_card=working(16)),
            ("green-card-over-promise", "green_card"),
        ),
        (replace(PERMIT, statutory=working(0)), ("limit-out-of-range", "statutory")),
        (replace(PERMIT, promised=working(3651)), ("limit-out-of-range", "promised")),
        (replace(PERMIT, statutory_clause=""), ("clause-missing", "statutory_clause")),
        (replace(PERMIT, promised_clause=""), ("clause-missing", "promised_clause")),
        (
            replace(PERMIT, steps=(Step(code="SL", name="受理", limit=working(0)),)),
            ("limit-out-of-range", "steps"),
        ),
        (replace(PERMIT, steps=PERMIT.steps[:1] * 2), ("step-twice", "steps")),
        (
            replace(PERMIT, materials=(Material(code="01", name="甲"),) * 2),
            ("material-twice", "materials"),
        ),
        (
            replace(PERMIT, pauses=(PauseClause(ground="hearing", clause="甲"),) * 2),
            ("ground-twice", "pauses"),
        ),
        (replace(PERMIT, post_b=PERMIT.post_a), ("post-a-is-b", "post_b")),
        (
            replace(PERMIT, arrangement=Arrangement.HANDED_DOWN),
            ("handed-to-missing", "handed_to"),
        ),
        (replace(PERMIT, handed_to="WHX"), ("handed-to-needless", "handed_to")),
    ],
)
def test_what_contradicts_itself_is_refused_with_the_field(
    content: ItemContent, expected: tuple[str, str]
) -> None:
    assert refusal(replace(PUBLISHING, content=content)) == expected
    assert refusal(replace(REVISING, content=content), PUBLISHING) == expected


def test_what_binds_is_the_promise_and_else_the_statute() -> None:
    assert PERMIT.allowed == working(7)
    assert replace(PERMIT, promised=None).allowed == working(15)
    assert PERMIT.grounds == {"publicity": "《安徽省行政许可公示办法》第五条"}


def test_our_words_are_those_of_the_published_language() -> None:
    assert [each.value for each in Nature] == [each.value for each in published.Nature]
    assert PERMIT.pauses[0].ground in set(PauseGround)


CODES = st.sampled_from(["k1", "k2"])
DAYS = st.dates(date(2012, 1, 1), date(2012, 1, 4))
CONTENTS = st.sampled_from([PERMIT, SHORTER, replace(PERMIT, promised=working(99))])
REASONS = st.sampled_from(["", "更正"])
ALIASES = st.sampled_from([ALIAS, ItemAlias(source="/wuhu/oa", code="甲")])
COMMANDS = st.one_of(
    st.builds(
        PublishItem,
        code=CODES,
        content=CONTENTS,
        aliases=st.just(()),
        effective_from=DAYS,
        reason=REASONS,
        said_on=DAYS,
    ),
    st.builds(
        ReviseItem, code=CODES, content=CONTENTS, effective_from=DAYS, reason=REASONS, said_on=DAYS
    ),
    st.builds(WithdrawItem, code=CODES, effective_from=DAYS, reason=REASONS, said_on=DAYS),
    st.builds(AddItemAlias, code=CODES, alias=ALIASES),
    st.builds(RemoveItemAlias, code=CODES, alias=ALIASES),
)


@given(st.lists(COMMANDS))
def test_a_command_told_twice_is_carried_out_once(commands: list[Command]) -> None:
    twice = [command for each in commands for command in (each, each)]
    assert granted(commands) == granted(twice)

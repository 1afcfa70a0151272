"""What the catalogue says of an item on a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.catalogue.catalogue import fold
from services.electronic_supervision.domain.catalogue.item_acts import (
    AddItemAlias,
    Command,
    Event,
    ItemAlias,
    ItemAliasAdded,
    ItemAliasRemoved,
    ItemPublished,
    ItemRevised,
    ItemWithdrawn,
    RemoveItemAlias,
)
from services.electronic_supervision.domain.catalogue.item_content import ItemContent
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
    granted,
    told,
    working,
)
from tests.electronic_supervision.domain.catalogue.test_item import ALIASES, CODES, COMMANDS

DAY = timedelta(days=1)


def content(events: Sequence[Event], code: str, day: date, source: str = "") -> ItemContent | None:
    version = fold(events).item(code, day, source)
    return None if version is None else version.content


def test_an_item_is_what_its_last_version_at_a_day_says() -> None:
    events = told(PUBLISHING, REVISING)
    assert content(events, CODE, NEW_YEAR - DAY) is None
    assert content(events, CODE, NEW_YEAR) == content(events, CODE, JUNE - DAY) == PERMIT
    assert content(events, CODE, JUNE) == content(events, CODE, date(2099, 1, 1)) == SHORTER
    last = fold(events).item(CODE, JUNE)
    assert last is not None
    assert (last.code, last.number, last.effective_from) == (CODE, 2, JUNE)


def test_what_was_put_right_on_its_own_day_was_never_so() -> None:
    right = replace(REVISING, content=replace(PERMIT, promised=working(6)))
    catalogue = fold(told(PUBLISHING, REVISING, right))
    assert [(each.number, each.content) for each in catalogue.versions(CODE)] == [
        (1, PERMIT),
        (3, right.content),
    ]


def test_a_withdrawn_item_is_no_more_from_its_day_on() -> None:
    events = told(PUBLISHING, WITHDRAWING)
    assert content(events, CODE, JUNE - DAY) == PERMIT
    assert content(events, CODE, JUNE) is None
    assert fold(events).items(JUNE) == []
    assert len(fold(events).items(JUNE - DAY)) == 1


def test_what_a_system_calls_an_item_is_so_whenever_it_was_said_and_for_that_system_only() -> None:
    events = told(PUBLISHING, AddItemAlias(code=CODE, alias=ALIAS))
    assert content(events, ALIAS.code, NEW_YEAR, ALIAS.source) == PERMIT
    assert content(events, CODE, NEW_YEAR, ALIAS.source) == PERMIT
    assert content(events, ALIAS.code, NEW_YEAR, "/wuhu/oa") is None
    assert content(events, ALIAS.code, NEW_YEAR) is None


def test_what_a_system_calls_an_item_goes_before_our_own_codes() -> None:
    alias = ItemAlias(source="/wuhu/approvals", code="FGW-002")
    events = [
        *told(PUBLISHING, AddItemAlias(code=CODE, alias=alias)),
        *told(replace(PUBLISHING, code="FGW-002", content=SHORTER)),
    ]
    assert content(events, "FGW-002", NEW_YEAR, "/wuhu/approvals") == PERMIT
    assert content(events, "FGW-002", NEW_YEAR) == SHORTER


def test_an_alias_that_moved_is_the_new_ones_whichever_was_told_last_of_the_old_one() -> None:
    first = told(PUBLISHING, AddItemAlias(code=CODE, alias=ALIAS))
    second = told(
        replace(PUBLISHING, code="K2", content=SHORTER), AddItemAlias(code="K2", alias=ALIAS)
    )
    taking: list[Event] = [ItemAliasRemoved(code=CODE, alias=ALIAS)]
    assert content([*first, *taking, *second], ALIAS.code, NEW_YEAR, ALIAS.source) == SHORTER
    assert content([*first, *second, *taking], ALIAS.code, NEW_YEAR, ALIAS.source) == SHORTER


def brute_force(events: Sequence[Event], code: str, day: date) -> ItemContent | None:
    """Look through everything for the last that holds on a day, as one would by hand."""
    found: ItemContent | None = None
    since = date.min
    for event in events:
        if event.code != code or isinstance(event, ItemAliasAdded | ItemAliasRemoved):
            continue
        if since <= event.effective_from <= day:
            since = event.effective_from
            found = None if isinstance(event, ItemWithdrawn) else event.content
    return found


@given(st.lists(COMMANDS), CODES, st.dates(date(2011, 12, 31), date(2012, 1, 5)))
def test_a_lookup_says_what_brute_force_finds(
    commands: list[Command], code: str, day: date
) -> None:
    events = granted(commands)
    assert content(events, code, day) == brute_force(events, code, day)
    expected = {each for each in ("k1", "k2") if brute_force(events, each, day) is not None}
    assert {each.code for each in fold(events).items(day)} == expected


@given(st.lists(COMMANDS), ALIASES)
def test_an_alias_means_the_item_to_which_it_was_given_last(
    commands: list[Command], alias: ItemAlias
) -> None:
    events = granted(commands)
    owner = ""
    for event in events:
        if isinstance(event, ItemPublished) and alias in event.aliases:
            owner = event.code
        if isinstance(event, ItemAliasAdded) and event.alias == alias:
            owner = event.code
        if isinstance(event, ItemAliasRemoved) and event.alias == alias and event.code == owner:
            owner = ""
    day = date(2012, 1, 4)
    expected = brute_force(events, owner, day)
    assert content(events, alias.code, day, alias.source) == expected


@given(st.lists(COMMANDS), st.integers(0, 20))
def test_a_catalogue_told_in_two_goes_is_the_same(commands: list[Command], place: int) -> None:
    events = granted(commands)
    assert fold(events[:place]).after(events[place:]) == fold(events)


def test_five_thousand_items_of_ten_versions_are_looked_up_in_no_time() -> None:
    events: list[Event] = []
    for number in range(5_000):
        code = f"{number:04}"
        events += told(replace(PUBLISHING, code=code))
        for later in range(1, 10):
            revision = ItemRevised(
                code=code,
                content=PERMIT,
                effective_from=NEW_YEAR + later * DAY,
                is_backdated=False,
                reason="",
            )
            events.append(revision)
    catalogue = fold(events)
    for number in range(5_000):
        version = catalogue.item(f"{number:04}", NEW_YEAR + 5 * DAY)
        assert version is not None
        assert version.number == 6
    assert len(catalogue.items(NEW_YEAR)) == 5_000


def test_removing_a_command_of_another_item_changes_nothing() -> None:
    taking = RemoveItemAlias(code=CODE, alias=ALIAS)
    assert told(PUBLISHING, taking) == told(PUBLISHING)

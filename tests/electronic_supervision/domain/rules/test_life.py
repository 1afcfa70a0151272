"""What may become of a rule, and what may not."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.codec import Codec
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.rules.life import LIFE
from services.electronic_supervision.domain.rules.life_acts import (
    ActivateRule,
    Command,
    DraftRule,
    Event,
    NoteRehearsal,
    RetireRule,
    RuleActivated,
    RuleDrafted,
    RuleRehearsed,
    RuleRetired,
    RuleShadowed,
    RuleShipped,
    ShadowRule,
    ShipRule,
)
from services.electronic_supervision.domain.rules.life_stages import (
    Active,
    Draft,
    Life,
    Rehearsed,
    Retired,
    Shadow,
    digest_of,
)

MONDAY = date(2012, 3, 5)
TUESDAY = date(2012, 3, 6)
SHIP = ShipRule(id="fees", document="shipped", effective_from=date(2011, 9, 1))
DRAFT = DraftRule(id="fees", version=2, document="stricter")
REHEARSE = NoteRehearsal(
    id="fees", version=2, digest=digest_of("stricter"), rehearsal="r-1", figures={"appear": 3}
)
SHADOW = ShadowRule(id="fees", version=2, today=MONDAY)
ACTIVATE = ActivateRule(id="fees", version=2, effective_from=TUESDAY, today=MONDAY)
RETIRE = RetireRule(id="fees", version=2, day=TUESDAY, reason="市里另有规定", today=MONDAY)


def after(*commands: Command) -> Life:
    life = LIFE.initial
    for command in commands:
        for event in LIFE.decide(command, life):
            life = LIFE.evolve(life, event)
    return life


def refusal(command: Command, life: Life) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        LIFE.decide(command, life)
    return refused.value.code, refused.value.field


def test_a_shipped_rule_is_active_with_its_text_on_the_record() -> None:
    [shipped] = LIFE.decide(SHIP, Life())
    assert shipped == RuleShipped(
        id="fees",
        version=1,
        document="shipped",
        digest=digest_of("shipped"),
        effective_from=date(2011, 9, 1),
    )
    assert after(SHIP).version(1).stage == Active(effective_from=date(2011, 9, 1))


def test_a_newer_release_only_proposes() -> None:
    newer = ShipRule(id="fees", document="newer", effective_from=TUESDAY)
    [drafted] = LIFE.decide(newer, after(SHIP))
    assert drafted == RuleDrafted(
        id="fees", version=2, document="newer", digest=digest_of("newer"), release=True
    )
    assert after(SHIP, newer).version(1).stage == Active(effective_from=date(2011, 9, 1))


def test_a_release_that_comes_again_changes_nothing_even_after_others() -> None:
    newer = ShipRule(id="fees", document="newer", effective_from=TUESDAY)
    life = after(SHIP, newer, DraftRule(id="fees", version=2, document="edited"))
    assert LIFE.decide(newer, life) == []
    assert LIFE.decide(SHIP, life) == []


def test_a_release_does_not_overwrite_a_version_of_the_city() -> None:
    newer = ShipRule(id="fees", document="newer", effective_from=TUESDAY)
    life = after(SHIP, DRAFT, newer)
    assert [each.document for each in life.versions] == ["shipped", "stricter", "newer"]


def test_a_rule_goes_from_draft_to_active_step_by_step() -> None:
    assert isinstance(after(SHIP, DRAFT).version(2).stage, Draft)
    rehearsed = Rehearsed(rehearsal="r-1", figures={"appear": 3})
    assert after(SHIP, DRAFT, REHEARSE).version(2).stage == rehearsed
    tried = after(SHIP, DRAFT, REHEARSE, SHADOW)
    assert tried.version(2).stage == Shadow(effective_from=MONDAY)
    life = after(SHIP, DRAFT, REHEARSE, SHADOW, ACTIVATE)
    assert life.version(2).stage == Active(effective_from=TUESDAY)


def test_the_old_version_ends_the_day_the_new_one_begins() -> None:
    life = after(SHIP, DRAFT, REHEARSE, ACTIVATE)
    assert life.version(1).stage == Active(effective_from=date(2011, 9, 1), until=TUESDAY)


def test_drafting_leaves_the_active_version_alone() -> None:
    assert after(SHIP, DRAFT).version(1) == after(SHIP).version(1)


@pytest.mark.parametrize("command", [ACTIVATE, SHADOW])
def test_nothing_acts_that_was_not_rehearsed(command: Command) -> None:
    assert refusal(command, after(SHIP, DRAFT)) == ("rule-not-rehearsed", "version")


@pytest.mark.parametrize("command", [ACTIVATE, SHADOW])
def test_a_text_changed_after_the_rehearsal_was_not_rehearsed(command: Command) -> None:
    life = after(SHIP, DRAFT, REHEARSE, DraftRule(id="fees", version=2, document="other"))
    assert refusal(command, life) == ("rule-not-rehearsed", "version")


def test_the_rehearsal_of_another_text_does_not_count() -> None:
    life = after(SHIP, DRAFT, DraftRule(id="fees", version=2, document="other"))
    assert refusal(REHEARSE, life) == ("rehearsed-another", "digest")


def test_no_rule_begins_in_the_past() -> None:
    late = ActivateRule(id="fees", version=2, effective_from=MONDAY, today=TUESDAY)
    life = after(SHIP, DRAFT, REHEARSE)
    assert refusal(late, life) == ("effective-in-the-past", "effective_from")


def test_a_rule_may_begin_on_the_day_it_is_activated() -> None:
    today = ActivateRule(id="fees", version=2, effective_from=MONDAY, today=MONDAY)
    assert LIFE.decide(today, after(SHIP, DRAFT, REHEARSE)) != []


def test_a_version_begins_after_the_one_before() -> None:
    life = after(
        SHIP,
        DRAFT,
        REHEARSE,
        ACTIVATE,
        DraftRule(id="fees", version=3, document="third"),
        NoteRehearsal(id="fees", version=3, digest=digest_of("third"), rehearsal="r-2"),
    )
    same_day = ActivateRule(id="fees", version=3, effective_from=TUESDAY, today=MONDAY)
    assert refusal(same_day, life) == ("effective-not-after", "effective_from")


@pytest.mark.parametrize("stage", [(REHEARSE, SHADOW), (REHEARSE, ACTIVATE), (RETIRE,)])
def test_a_version_that_went_further_is_not_rewritten(stage: tuple[Command, ...]) -> None:
    other = DraftRule(id="fees", version=2, document="other")
    assert refusal(other, after(SHIP, DRAFT, *stage)) == ("version-settled", "version")


@pytest.mark.parametrize("number", [0, 4, -1])
def test_versions_are_numbered_without_a_gap(number: int) -> None:
    wish = DraftRule(id="fees", version=number, document="x")
    assert refusal(wish, after(SHIP, DRAFT)) == ("version-not-next", "version")


@pytest.mark.parametrize("command", [REHEARSE, SHADOW, ACTIVATE, RETIRE])
def test_nothing_happens_to_a_version_that_nobody_drafted(command: Command) -> None:
    assert refusal(command, after(SHIP)) == ("version-unknown", "version")


def test_a_version_ends_with_a_reason_and_not_in_the_past() -> None:
    life = after(SHIP, DRAFT, REHEARSE, ACTIVATE)
    silent = RetireRule(id="fees", version=2, day=TUESDAY, reason="  ", today=MONDAY)
    assert refusal(silent, life) == ("reason-missing", "reason")
    late = RetireRule(id="fees", version=2, day=MONDAY, reason="错", today=TUESDAY)
    assert refusal(late, life) == ("effective-in-the-past", "day")
    [retired] = LIFE.decide(RETIRE, life)
    assert retired == RuleRetired(id="fees", version=2, day=TUESDAY, reason="市里另有规定")


@pytest.mark.parametrize("command", [SHADOW, ACTIVATE])
def test_a_version_that_ended_does_not_come_back(command: Command) -> None:
    life = after(SHIP, DRAFT, REHEARSE, RETIRE)
    assert refusal(command, life) == ("rule-retired", "version")


def test_an_active_version_does_not_go_back() -> None:
    life = after(SHIP, DRAFT, REHEARSE, ACTIVATE)
    assert refusal(SHADOW, life) == ("rule-active", "version")
    other_day = ActivateRule(
        id="fees", version=2, effective_from=TUESDAY + timedelta(days=1), today=MONDAY
    )
    assert refusal(other_day, life) == ("rule-active", "version")
    again = NoteRehearsal(id="fees", version=2, digest=digest_of("stricter"), rehearsal="r-9")
    assert refusal(again, life) == ("version-settled", "version")


VERSIONS = st.integers(0, 4)
TEXTS = st.sampled_from(["shipped", "stricter", "other"])
DAYS = st.integers(0, 9).map(lambda n: MONDAY + timedelta(days=n))
COMMANDS = st.one_of(
    st.builds(ShipRule, id=st.just("fees"), document=TEXTS, effective_from=DAYS),
    st.builds(DraftRule, id=st.just("fees"), version=VERSIONS, document=TEXTS),
    st.builds(
        NoteRehearsal,
        id=st.just("fees"),
        version=VERSIONS,
        digest=TEXTS.map(digest_of),
        rehearsal=st.sampled_from(["r-1", "r-2"]),
        figures=st.just({"appear": 1}),
    ),
    st.builds(ShadowRule, id=st.just("fees"), version=VERSIONS, today=DAYS),
    st.builds(ActivateRule, id=st.just("fees"), version=VERSIONS, effective_from=DAYS, today=DAYS),
    st.builds(
        RetireRule,
        id=st.just("fees"),
        version=VERSIONS,
        day=DAYS,
        reason=st.sampled_from(["", "错"]),
        today=DAYS,
    ),
)


def lived(commands: list[Command]) -> tuple[list[Event], Life]:
    events: list[Event] = []
    life = LIFE.initial
    for command in commands:
        try:
            happened = LIFE.decide(command, life)
        except Refused:
            continue
        life = LIFE.fold([*events, *happened])
        events.extend(happened)
    return events, life


@given(st.lists(COMMANDS, max_size=25))
def test_whatever_is_wished_only_the_rehearsed_text_acts(commands: list[Command]) -> None:
    events, _ = lived(commands)
    texts: dict[int, str] = {}
    rehearsed: set[tuple[int, str]] = set()
    for event in events:
        match event:
            case RuleShipped() | RuleDrafted():
                texts[event.version] = event.digest
            case RuleRehearsed():
                assert event.digest == texts[event.version], "rehearsed what it no longer says"
                rehearsed.add((event.version, event.digest))
            case RuleShadowed() | RuleActivated():
                assert event.digest == texts[event.version], "another text acts"
                assert (event.version, event.digest) in rehearsed, "it was never rehearsed"
            case RuleRetired():
                pass


@given(st.lists(COMMANDS, max_size=25), COMMANDS)
def test_a_wish_that_comes_twice_is_granted_once(commands: list[Command], command: Command) -> None:
    _, life = lived(commands)
    try:
        happened = LIFE.decide(command, life)
    except Refused:
        return
    for event in happened:
        life = LIFE.evolve(life, event)
    assert LIFE.decide(command, life) == []


@given(st.lists(COMMANDS, max_size=25))
def test_no_two_versions_are_active_on_one_day(commands: list[Command]) -> None:
    _, life = lived(commands)
    stages = [
        each.stage.was if isinstance(each.stage, Retired) else each.stage for each in life.versions
    ]
    held = sorted(
        (each.effective_from, each.until or date.max) for each in stages if isinstance(each, Active)
    )
    assert all(end <= begin for (_, end), (begin, _) in pairwise(held))


@given(st.lists(COMMANDS, max_size=25))
def test_a_life_survives_being_stored(commands: list[Command]) -> None:
    codec: Codec[Event] = Codec(
        RuleShipped, RuleDrafted, RuleRehearsed, RuleShadowed, RuleActivated, RuleRetired
    )
    events, life = lived(commands)
    assert LIFE.fold(codec.decode(*codec.encode(event)) for event in events) == life

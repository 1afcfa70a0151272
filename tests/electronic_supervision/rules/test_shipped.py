"""The rules of a release: each with clause and examples, and all that the plan asks for."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.rules.book import Mode
from services.electronic_supervision.domain.rules.demands import HonestClock, Level, Tactic
from services.electronic_supervision.domain.rules.life import LIFE
from services.electronic_supervision.domain.rules.life_acts import (
    ActivateRule,
    Command,
    DraftRule,
    NoteRehearsal,
    RetireRule,
    RuleShipped,
    ShadowRule,
    ShipRule,
)
from services.electronic_supervision.domain.rules.life_stages import Life, digest_of
from services.electronic_supervision.domain.rules.rule import System
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.hearing import fact_of
from services.electronic_supervision.rules.shelf import book_of, shipped, shipped_book
from services.electronic_supervision.rules.try_out import try_out

OFFICE = Office(calendar=published_calendar(), zone=ZoneInfo("Asia/Shanghai"))
MARCH = date(2012, 3, 1)
APRIL = date(2012, 4, 1)
MAY = date(2012, 5, 1)


@pytest.mark.parametrize("id_", shipped())
def test_the_examples_of_a_rule_come_out_as_its_author_says(id_: str) -> None:
    results = list(try_out(shipped()[id_], OFFICE, fact_of))
    assert {each.expected.value == "nothing" for each in results} == {True, False}
    for each in results:
        assert each.is_as_expected, each


@pytest.mark.parametrize("id_", shipped())
def test_a_rule_that_fires_says_what_happened(id_: str) -> None:
    for each in try_out(shipped()[id_], OFFICE, fact_of):
        if each.found.value != "nothing":
            assert each.message
            assert "未填写" not in each.message, each.message


@pytest.mark.parametrize("id_", shipped())
def test_a_rule_that_fires_names_its_clause_and_what_it_rests_on(id_: str) -> None:
    document = shipped()[id_]
    fired = [each for each in try_out(document, OFFICE, fact_of) if each.found.value != "nothing"]
    assert fired
    for each in fired:
        assert document.rule.clause in each.clause
        assert each.rests_on, f"{each.name}: nobody could tell why"


def test_each_basic_system_has_a_rule() -> None:
    assert {each.rule.system for each in shipped().values()} == set(System)


def test_each_tactic_has_a_rule() -> None:
    demands = [each.rule.demand for each in shipped().values()]
    assert {each.tactic for each in demands if isinstance(each, HonestClock)} == set(Tactic)


def test_the_file_of_a_rule_is_named_after_it() -> None:
    for id_, document in shipped().items():
        assert f"id: {id_}\n" in document.text


def test_a_release_brings_rules_that_hold_together_on_every_day() -> None:
    held = shipped_book()
    assert len(held.in_force(MARCH)) == len(shipped())


CERTAIN = {
    "行政许可法第三十二条",
    "行政许可法第三十二条第一款第四项",
    "行政许可法第三十八条第二款",
    "行政许可法第四十四条",
    "行政许可法第五十九条",
    "行政处罚法第三十四条",
    "国务院办公厅《关于严格规范涉企行政检查的意见》（国办发〔2024〕54号）",
    "市事项目录规定的办理期限",
    "市事项目录规定的环节期限",
    "被监察系统自报的办理期限（受理时申报）",
}
"""Read in the texts themselves, or said by the catalogue or the supervised system."""


@pytest.mark.parametrize("id_", shipped())
def test_no_rule_makes_up_the_number_of_an_article(id_: str) -> None:
    clause = shipped()[id_].rule.clause
    assert clause in CERTAIN or "由市效能办填写" in clause


def text_of(level: str) -> str:
    return (
        shipped()["steps-in-order"]
        .text.replace("level: yellow", f"level: {level}")
        .replace("expect: yellow", f"expect: {level}")
    )


def lived(*commands: Command) -> Life:
    life = LIFE.initial
    for command in commands:
        for event in LIFE.decide(command, life):
            life = LIFE.evolve(life, event)
    return life


SHIP = ShipRule(id="steps-in-order", document=text_of("yellow"), effective_from=MARCH)
DRAFT = DraftRule(id="steps-in-order", version=2, document=text_of("red"))
REHEARSE = NoteRehearsal(
    id="steps-in-order", version=2, digest=digest_of(text_of("red")), rehearsal="r-1"
)
SHADOW = ShadowRule(id="steps-in-order", version=2, today=MARCH)
ACTIVATE = ActivateRule(id="steps-in-order", version=2, effective_from=APRIL, today=MARCH)
RETIRE = RetireRule(id="steps-in-order", version=2, day=MAY, reason="合并", today=MARCH)


def level_on(day: date, life: Life, mode: Mode = Mode.ACTIVE) -> Level | None:
    held = book_of([life])
    find = held.rule if mode is Mode.ACTIVE else held.shadow
    rule = find("steps-in-order", day)
    return None if rule is None else getattr(rule.demand, "level", None)


def test_a_draft_judges_nothing() -> None:
    life = lived(SHIP, DRAFT, REHEARSE)
    assert level_on(MAY, life) is Level.YELLOW
    assert level_on(MAY, life, Mode.SHADOW) is None


def test_a_shadow_stands_beside_what_judges() -> None:
    life = lived(SHIP, DRAFT, REHEARSE, SHADOW)
    assert level_on(MAY, life) is Level.YELLOW
    assert level_on(MAY, life, Mode.SHADOW) is Level.RED


def test_a_new_version_judges_from_its_day_and_never_before() -> None:
    life = lived(SHIP, DRAFT, REHEARSE, SHADOW, ACTIVATE)
    assert level_on(date(2012, 3, 31), life) is Level.YELLOW
    assert level_on(APRIL, life) is Level.RED
    assert level_on(APRIL, life, Mode.SHADOW) is None


def test_what_was_retired_went_on_judging_until_then() -> None:
    life = lived(SHIP, DRAFT, REHEARSE, ACTIVATE, RETIRE)
    assert level_on(date(2012, 4, 30), life) is Level.RED
    assert level_on(MAY, life) is None


def test_what_is_shipped_is_on_the_record_word_for_word() -> None:
    for id_, document in shipped().items():
        rule = document.rule
        wish = ShipRule(id=id_, document=document.text, effective_from=rule.effective_from)
        [event] = LIFE.decide(wish, LIFE.initial)
        assert isinstance(event, RuleShipped)
        assert event.digest == digest_of(document.text)
        [entry] = book_of([LIFE.fold([event])]).entries
        assert entry.rule == rule

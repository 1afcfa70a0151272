"""Formulas touch nothing but their names, end, and say in words why they can't be worked out."""

from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.rules.condition import LONGEST_LIST, expression
from services.electronic_supervision.rules.formula import LONGEST
from services.electronic_supervision.rules.mistake import BadFormulaError
from services.electronic_supervision.rules.names import QUOTA, of_act

FEE = "xiaoneng.approvals.fee-charged.v1"
SUPPLEMENT = "xiaoneng.approvals.supplement-requested.v1"
ACT = of_act([FEE])
MONDAY = datetime(2012, 3, 5, tzinfo=UTC)


def test_a_formula_asks_for_the_names_it_uses_and_no_others() -> None:
    made = expression("case.steps.exists(s, s.holder == fact.unit) && card", ACT, makes=bool)
    assert made.names == {"case", "fact", "card"}


def test_words_in_quotes_are_no_names() -> None:
    assert expression('fact.unit == "case.foo(bar)"', ACT, makes=bool).names == {"fact"}


def test_only_fields_that_all_named_events_have_can_be_asked_for() -> None:
    both = of_act([FEE, SUPPLEMENT])
    assert expression('fact.unit == "A"', both, makes=bool).names == {"fact"}
    with pytest.raises(BadFormulaError):
        expression("fact.amount_fen > 1", both, makes=bool)


def test_a_formula_sees_only_the_values_of_its_names() -> None:
    seen: list[str] = []

    class Watched(dict[str, object]):
        def __getitem__(self, name: str) -> object:
            seen.append(name)
            return super().__getitem__(name)

    made = expression("fact.amount_fen > 1", ACT, makes=bool)
    made.value(Watched(fact={"amount_fen": 2}, case=object(), secret=object()))
    assert seen == ["fact"]


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        ("fact.amount_fen > 1", {}),
        ("fact.amount_fen > 1", {"fact": {"amount_fen": None}}),
        ("fact.amount_fen > 1", {"fact": {}}),
        ("fact.amount_fen / 0 > 1", {"fact": {"amount_fen": 1}}),
        ("fact.amount_fen * 9000000000000000000 > 1", {"fact": {"amount_fen": 9}}),
        ("item.fee_stated", {"item": None}),
        ("item.name", {"item": {"name": "x"}}),
        ("fact.amount_fen", {"fact": {"amount_fen": 1}}),
        ("timestamp(fact.unit) > fact.time", {"fact": {"unit": "x", "time": MONDAY}}),
        ('fact.unit == "x"', {"fact": object()}),
    ],
)
def test_what_cannot_be_worked_out_is_said_in_words(
    formula: str, values: dict[str, object]
) -> None:
    made = expression(formula, ACT, makes=bool)
    with pytest.raises(ValueError, match=r"公式|没有提供"):
        made.value(values)


def test_a_threshold_makes_a_whole_number() -> None:
    assert expression("quota + 1", QUOTA, makes=int).value({"quota": 2}) == 3
    with pytest.raises(ValueError, match="整数"):
        expression("quota > 1", QUOTA, makes=int).value({"quota": 2})


@pytest.mark.parametrize(
    "formula",
    [
        "fact.__class__",
        "fact.unit.__class__.__mro__",
        '__import__("os")',
        "fact.unit.format(1)",
        "case.steps.exists(__class__, __class__.__dict__)",
        '"".__class__',
        '{"a": 1}.a',
        'b"x".size() > 0',
        'r"x" == "x"',
        "fact . __class__",
        "fact.\n__class__",
        "(fact).__class__",
        "[fact][0]",
        "[fact].exists(f, f.__class__)",
        "(case.steps + case.steps).exists(s, true)",
        "(true ? case.steps : case.steps).exists(s, true)",
        "has(fact.unit)",
        "type(fact)",
        "dyn(fact).x",
    ],
)
def test_a_hostile_formula_is_refused_before_it_is_worked_out(formula: str) -> None:
    with pytest.raises(BadFormulaError):
        expression(formula, ACT, makes=bool)


def test_the_dearest_formula_that_is_let_through_ends_in_time() -> None:
    steps = [{"step": f"环节{n}", "holder": "", "begin": None} for n in range(LONGEST_LIST)]
    inner = " && ".join(['a.step != "x" && !(b.step in case.finished)'] * 18)
    formula = f"case.steps.all(a, case.steps.all(b, {inner}))"
    assert len(formula) <= LONGEST
    case = {"steps": steps, "finished": [f"别的{n}" for n in range(LONGEST_LIST)]}
    begin = perf_counter()
    assert expression(formula, ACT, makes=bool).value({"case": case}) is True
    assert perf_counter() - begin < 20


def test_a_list_that_is_too_long_to_go_through_is_refused_in_words() -> None:
    made = expression('case.finished.exists(s, s == "x")', ACT, makes=bool)
    with pytest.raises(ValueError, match=str(LONGEST_LIST)):
        made.value({"case": {"finished": ["a"] * (LONGEST_LIST + 1)}})


def test_a_time_with_a_zone_by_name_can_be_compared() -> None:
    day = datetime(2012, 3, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    values = {"day": day, "fact": {"time": datetime(2012, 3, 5, tzinfo=UTC)}}
    assert expression("fact.time > day", ACT, makes=bool).value(values) is True


@given(st.text(max_size=80))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    with suppress(BadFormulaError):
        expression(text, ACT, makes=bool)


def test_a_formula_is_handed_only_the_fields_it_names() -> None:
    made = expression("fact.amount_fen > 1 && item != null", ACT, makes=bool)
    fact = {"amount_fen": 2, "purpose": object()}  # an object could not be handed over
    assert made.value({"fact": fact, "item": {}}) is True

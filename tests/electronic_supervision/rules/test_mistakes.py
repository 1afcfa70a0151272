"""Every kind of mistake in the document of a rule is told with its line, and what to do."""

import pytest

from services.electronic_supervision.rules.mistake import BadRuleError, Mistake
from services.electronic_supervision.rules.read import read_rule

GOOD = """\
id: fee-over-standard
version: 1
title: 收费超过标准
system: regularity
clause: 《规定》（条款由市效能办填写）
effective_from: 2012-01-01
forbidden:
  on: [approvals.fee-charged.v1]
  when: fact.amount_fen > 100
  level: yellow
message: '{fact.unit}收费{fact.amount_fen | yuan}。'
examples:
  - name: 超过
    facts:
      - {type: approvals.fee-charged.v1, time: 2012-03-05 09:30, amount_fen: 200, purpose: 工本费}
    expect: yellow
  - name: 不超过
    facts:
      - {type: approvals.fee-charged.v1, time: 2012-03-05 09:30, amount_fen: 100, purpose: 工本费}
    expect: nothing
"""
DEMAND = """\
forbidden:
  on: [approvals.fee-charged.v1]
  when: fact.amount_fen > 100
  level: yellow
"""
MESSAGE = "message: '{fact.unit}收费{fact.amount_fen | yuan}。'\n"
DEEP = "(" * 21 + "true" + ")" * 21
LOOPS = "case.steps.exists(a, case.steps.exists(b, case.steps.exists(c, a.step == c.step)))"


def instead(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def demanding(text: str, *, message: str = "'{subject}'") -> str:
    told = f"message: {message}\n" if message else ""
    return GOOD.replace(DEMAND, text).replace(MESSAGE, told)


def when(formula: str) -> str:
    return instead("fact.amount_fen > 100", f"'{formula}'")


def message(text: str) -> str:
    return instead("'{fact.unit}收费{fact.amount_fen | yuan}。'", f"'{text}'")


COUNT = """\
count:
  on: [approvals.fee-charged.v1]
  by: unit
  days: 30
  thresholds:
    - {at_least: 3, level: yellow}
"""
SPAN = """\
span:
  name: 受理
  begin: [approvals.case-received.v1]
  end: [approvals.case-accepted.v1]
  limit: 5 working days
"""
MISTAKES = {
    "a missing field": (instead("title: 收费超过标准\n", ""), "field-missing", 1),
    "an unknown field": (instead("version: 1", "version: 1\nvresion: 2"), "field-unknown", 3),
    "an unknown field in the demand": (
        instead("  level: yellow", "  level: yellow\n  colour: red"),
        "field-unknown",
        11,
    ),
    "an id with capitals": (instead("fee-over-standard", "FeeOver"), "value-malformed", 1),
    "a version that is no number": (instead("version: 1", "version: one"), "value-malformed", 2),
    "a version of nought": (instead("version: 1", "version: 0"), "value-out-of-range", 2),
    "an unknown system": (instead("regularity", "order"), "value-unknown", 4),
    "a blank clause": (instead("《规定》（条款由市效能办填写）", '""'), "value-malformed", 5),
    "a day that is none": (instead("2012-01-01", "2012-02-30"), "value-malformed", 6),
    "an end before the begin": (
        instead("2012-01-01", "2012-01-01\neffective_until: 2011-12-31"),
        "days-reversed",
        7,
    ),
    "an unknown nature": (
        instead("forbidden:", "scope: {natures: [tax]}\nforbidden:"),
        "value-unknown",
        7,
    ),
    "no demand": (GOOD.replace(DEMAND, ""), "kind-missing", 1),
    "two demands": (instead("message:", "step_limits: {}\nmessage:"), "kind-twice", 11),
    "an unknown event": (instead("fee-charged", "fee-paid"), "event-unknown", 8),
    "an event that we say ourselves": (
        instead("approvals.fee-charged.v1]", "supervision.case-closed.v1]"),
        "event-unknown",
        8,
    ),
    "no event": (instead("[approvals.fee-charged.v1]", "[]"), "value-missing", 8),
    "an unknown level": (instead("level: yellow", "level: orange"), "value-unknown", 10),
    "a formula that breaks off": (when("fact.amount_fen >"), "formula-malformed", 9),
    "a bracket that stays open": (when("(fact.amount_fen > 1"), "formula-malformed", 9),
    "an unknown name": (when("foo == 1"), "name-unknown", 9),
    "a field that no such event has": (when('fact.outcome == "refused"'), "field-not-there", 9),
    "a field of a field": (when('fact.unit.name == "x"'), "field-not-there", 9),
    "a field of the case": (when('case.handler == "x"'), "field-not-there", 9),
    "a field of a list's element": (
        when('case.steps.exists(s, s.name == "x")'),
        "field-not-there",
        9,
    ),
    "a variable outside its list": (
        when('case.steps.exists(s, true) && s.step == "x"'),
        "name-unknown",
        9,
    ),
    "a function that is none of ours": (when('matches(fact.unit, "x")'), "formula-function", 9),
    "a method that is none of ours": (when('fact.unit.matches("x")'), "formula-function", 9),
    "a list made of a list": (when("case.steps.map(s, s).size() > 1"), "formula-function", 9),
    "a field by brackets": (when('fact["secret"] == 1'), "formula-index", 9),
    "a sign of another language": (when("fact.amount_fen = 100"), "formula-sign", 9),
    "a list that is none": (when("fact.unit.exists(u, true)"), "formula-list", 9),
    "a variable with a meaning": (when("case.steps.exists(fact, true)"), "formula-list", 9),
    "a formula without end": (when("true && " * 200 + "true"), "formula-too-long", 9),
    "brackets without end": (when(DEEP), "formula-too-deep", 9),
    "lists in lists in lists": (when(LOOPS), "formula-too-deep", 9),
    "a missing message": (
        instead("message: '{fact.unit}收费{fact.amount_fen | yuan}。'\n", ""),
        "message-missing",
        1,
    ),
    "a message without facts": (message("违反规定"), "message-without-facts", 11),
    "a message with an open brace": (message("{fact.unit}收费{"), "message-braces", 11),
    "an unknown form": (message("{fact.time | century}"), "message-form", 11),
    "an unknown name in a message": (message("{fact.unit}{disorder.step}"), "name-unknown", 11),
    "a message of a limit": (demanding(SPAN), "message-not-wanted", 12),
    "a limit in weeks": (
        demanding(SPAN.replace("5 working days", "2 weeks"), message=""),
        "limit-malformed",
        11,
    ),
    "a limit of nothing": (
        demanding(SPAN.replace("5 working", "0 working"), message=""),
        "limit-malformed",
        11,
    ),
    "a span that ends itself": (
        demanding(SPAN.replace("case-accepted", "case-received"), message=""),
        "span-ends-itself",
        10,
    ),
    "a limit of the rule without one": (
        demanding("whole_case:\n  by: rule\n", message=""),
        "limit-by-rule",
        7,
    ),
    "a limit beside that of the catalogue": (
        demanding("whole_case:\n  by: catalogue\n  limit: 5 days\n", message=""),
        "limit-by-rule",
        9,
    ),
    "a step told twice": (
        demanding("order:\n  level: yellow\n  steps: [审核, 审核]\n", message="'{case.number}'"),
        "step-twice",
        9,
    ),
    "a threshold that asks for what is not there": (
        demanding(COUNT.replace("at_least: 3", "at_least: fact.amount_fen")),
        "name-unknown",
        12,
    ),
    "a threshold of nought": (
        demanding(COUNT.replace("at_least: 3", "at_least: 0")),
        "threshold-malformed",
        12,
    ),
    "a level told twice": (
        demanding(COUNT + "    - {at_least: 5, level: yellow}\n"),
        "level-twice",
        11,
    ),
    "a window of no day": (
        demanding(COUNT.replace("days: 30", "days: 0")),
        "value-out-of-range",
        10,
    ),
    "a cumulation that counts nothing": (
        demanding(
            "cumulation:\n  by: unit\n  days: 30\n  points: {yellow: 0}\n"
            "  thresholds: [{at_least: 2, level: red}]\n"
        ),
        "points-missing",
        10,
    ),
    "a share above one": (
        demanding("honest_clock:\n  tactic: late-recording\n  days: 90\n  expected: 1.5\n"),
        "value-out-of-range",
        10,
    ),
    "no example that fires": (instead("expect: yellow", "expect: nothing"), "examples-missing", 12),
    "an example of an unknown event": (
        instead("{type: approvals.fee-charged.v1", "{type: approvals.fee-paid.v1"),
        "example-malformed",
        15,
    ),
    "an example without the fields of its event": (
        instead("amount_fen: 200, ", ""),
        "example-malformed",
        15,
    ),
    "an example at no time": (
        instead("time: 2012-03-05 09:30", "time: 昨天"),
        "example-malformed",
        15,
    ),
    "an example that expects a colour": (
        instead("expect: yellow", "expect: orange"),
        "value-unknown",
        16,
    ),
    "a key told twice": (instead("version: 1", "version: 1\nversion: 2"), "document-malformed", 3),
    "an alias": (
        instead("version: 1", "version: &a 1").replace("收费超过标准", "*a", 1),
        "document-malformed",
        2,
    ),
    "broken YAML": (instead("on: [", "on: [["), "document-malformed", 9),
    "nothing": ("", "document-malformed", None),
    "a list": ("- id\n", "document-malformed", None),
    "a whole library": ("#" * 70_000, "document-too-large", None),
}


def mistakes_of(text: str) -> tuple[Mistake, ...]:
    with pytest.raises(BadRuleError) as refused:
        read_rule(text)
    return refused.value.mistakes


def test_the_document_that_the_mistakes_are_made_in_is_good() -> None:
    assert read_rule(GOOD).rule.id == "fee-over-standard"


@pytest.mark.parametrize(
    ("text", "code", "line"), MISTAKES.values(), ids=[key.replace(" ", "-") for key in MISTAKES]
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(
    text: str, code: str, line: int | None
) -> None:
    found = mistakes_of(text)
    assert (code, line) in [(each.code, each.line) for each in found], found
    for each in found:
        assert each.message
        assert each.code == "document-malformed" or each.fix, "nobody says what to do about it"


def test_all_mistakes_are_told_at_once_in_order_of_their_lines() -> None:
    text = GOOD.replace("version: 1", "version: x").replace("level: yellow", "level: orange")
    found = mistakes_of(text)
    assert [(each.line, each.field) for each in found] == [
        (2, "version"),
        (10, "forbidden.level"),
    ]


def test_a_refusal_names_what_can_be_used_instead() -> None:
    [mistake] = mistakes_of(instead("fee-charged", "fee-chargd"))
    assert "approvals.fee-charged.v1" in mistake.fix
    [mistake] = mistakes_of(when("fact.sum > 1"))
    assert "amount_fen" in mistake.fix

"""What officials read of a breach."""

from datetime import UTC, datetime

import pytest

from services.electronic_supervision.rules.message import message
from services.electronic_supervision.rules.names import of_act
from services.electronic_supervision.rules.shape import FLAG, NUMBER, TEXT, TIME, list_of, record

KNOWN = {
    "x": TEXT,
    "at": TIME,
    "n": NUMBER,
    "b": FLAG,
    "many": list_of(TEXT),
    "by": record(amount=NUMBER, unit=TEXT),
}


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ("{x}", "住建局", "住建局"),
        ("{x}", None, "（未填写）"),
        ("{x}", "", "（未填写）"),
        ("{at | date}", datetime(2012, 3, 19, 16, 30, tzinfo=UTC), "2012年3月20日"),
        ("{at | time}", datetime(2012, 3, 19, 16, 30, tzinfo=UTC), "2012年3月20日00:30"),
        ("{at}", datetime(2012, 3, 20, 1, 5, tzinfo=UTC), "2012年3月20日09:05"),
        ("{n | yuan}", 123456, "1,234.56元"),
        ("{n | yuan}", 20000, "200元"),
        ("{n | yuan}", 5, "0.05元"),
        ("{n | percent}", 0.256, "25.6%"),
        ("{n}", 3.0, "3"),
        ("{b}", True, "是"),
        ("{many}", ["甲", "乙"], "甲、乙"),
        ("{many}", [{"name": "营业执照", "code": None}], "营业执照"),
        ("{many}", [], "（未填写）"),
        ("{by | limit}", {"amount": 5, "unit": "working-days"}, "5个工作日"),
        ("{by | limit}", None, "（未填写）"),
    ],
)
def test_a_fact_is_told_as_officials_write_it(text: str, value: object, told: str) -> None:
    [name] = message(text, KNOWN).names
    assert message(text, KNOWN).fill({name: value}) == told


def test_a_formula_may_stand_in_a_message() -> None:
    made = message("超出{n - 100 | yuan}，{b || n > 1}", KNOWN)
    assert made.names == {"n", "b"}
    assert made.fill({"n": 300, "b": False}) == "超出2元，是"


def test_a_message_names_what_the_engine_has_to_supply() -> None:
    known = of_act(["xiaoneng.approvals.fee-charged.v1"])
    assert message("{fact.unit}{case.number}", known).names == {"fact", "case"}

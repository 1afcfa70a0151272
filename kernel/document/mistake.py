"""What is wrong with a value of a document, and what is expected instead, in words."""

from collections.abc import Mapping

from pydantic_core import ErrorDetails

from kernel.document.layout import Line, Sheet

MOST_QUOTED = 40
"""Characters of a value that are shown."""

EXPECTED: Mapping[str, str] = {
    "date_type": "应为日期，写作 2012-06-01 或者 2012/6/1",
    "date_from_datetime_parsing": "应为日历上有的日期，写作 2012-06-01",
    "date_parsing": "应为日历上有的日期，写作 2012-06-01",
    "string_pattern_mismatch": "首尾不能有空格，其中不能有换行等控制字符",
}
"""By what pydantic calls a mistake."""


def mistake(sheet: Sheet[Line], field: str, value: str, error: ErrorDetails) -> str:
    """Return a sentence; "" if all that is known is that the value is wrong."""
    expected = _expected(sheet, field, error)
    if not expected:
        return ""
    return f"所填的“{_shortened(value)}”不符合要求：{expected}。"


def _expected(sheet: Sheet[Line], field: str, error: ErrorDetails) -> str:
    if words := sheet.words.get(field):
        return f"应为{'、'.join(words.values())}之一"
    if error["type"] == "string_too_long":
        return f"不能超过 {error.get('ctx', {}).get('max_length')} 字"
    return EXPECTED.get(error["type"], "")


def _shortened(value: str) -> str:
    return value if len(value) <= MOST_QUOTED else f"{value[:MOST_QUOTED]}……"

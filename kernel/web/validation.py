"""What did not fit the shape of a route, in Chinese and without the value that was sent."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError

from kernel.web.problem import ProblemError

LONGEST_FIELD = 200

# of pydantic's own words some repeat the value; by these a caller sees what is wanted
WORDS = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项",
    "string_too_short": "长度不能少于 {min_length} 个字符",
    "string_too_long": "长度不能超过 {max_length} 个字符",
    "string_pattern_mismatch": "不符合规定的格式",
    "greater_than": "应当大于 {gt}",
    "greater_than_equal": "应当不小于 {ge}",
    "less_than": "应当小于 {lt}",
    "less_than_equal": "应当不大于 {le}",
    "literal_error": "应当是 {expected} 之一",
    "enum": "应当是 {expected} 之一",
    "too_short": "不能少于 {min_length} 项",
    "too_long": "不能超过 {max_length} 项",
    "timezone_aware": "时间应当带有时区",
}
KINDS = {
    "string": "应当是文本",
    "int": "应当是整数",
    "float": "应当是数字",
    "bool": "应当是 true 或 false",
    "datetime": "应当是 RFC 3339 格式的时间",
    "date": "应当是 YYYY-MM-DD 格式的日期",
    "uuid": "应当是 UUID",
    "list": "应当是列表",
    "dict": "应当是 JSON 对象",
    "model": "应当是 JSON 对象",
}


def invalid(error: Mapping[str, Any]) -> ProblemError:
    """Tell one of pydantic's errors."""
    field = _path(error["loc"][1:])
    place = error["loc"][0]
    return ProblemError(
        422,
        "invalid-request",
        title="请求内容不符合要求",
        detail=f"{field or place}：{_words(error)}。",
        fix="请对照接口说明改正该项后重新提交。",
        field=field or None,
    )


def malformed(error: Mapping[str, Any]) -> ProblemError:
    """Tell a body that is no JSON."""
    return ProblemError(
        400,
        "malformed-json",
        title="不是有效的 JSON",
        detail=f"请求内容从第 {error['loc'][-1] + 1} 个字符起不是有效的 JSON。",
        fix="请按 RFC 8259 以 UTF-8 编码 JSON 后重新提交。",
    )


def is_json_missing(error: RequestValidationError) -> bool:
    """Tell a body that was never read as JSON, since it did not say it is."""
    return isinstance(error.body, bytes) and error.errors()[0]["loc"][0] == "body"


def _words(error: Mapping[str, Any]) -> str:
    kind: str = error["type"]
    if (wanted := WORDS.get(kind)) is not None:
        return wanted.format_map(error.get("ctx", {}))
    return KINDS.get(kind.split("_")[0], "内容不符合要求")


def _path(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    path = "".join(steps).removeprefix(".")
    return "".join(each if each.isprintable() else "?" for each in path)[:LONGEST_FIELD]

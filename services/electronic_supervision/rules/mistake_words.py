"""What a wrong value in a document is called, in Chinese, and what to do about it."""

from collections.abc import Mapping
from typing import Any


def words_of(detail: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return a stable code, what is wrong and what to do, for an error of pydantic."""
    kind, context = detail["type"], detail.get("ctx", {})
    name = str(detail["loc"][-1]) if detail["loc"] else "这里"
    match kind:
        case "missing":
            return "field-missing", f"缺少 {name}。", "请补上这一项。"
        case "extra_forbidden":
            return "field-unknown", f"不认识 {name} 这一项。", "请核对拼写，或者删去。"
        case "event":
            near = f"是否为 {context['near']}？" if context["near"] else ""
            fix = near or "请对照《规则编写指南》的事件类型表。"
            return "event-unknown", f"没有“{detail['input']}”这种事件。", fix
        case "limit":
            fix = "应写作 5 working days、30 days、2 hours 或者 6 office hours。"
            return "limit-malformed", f"“{detail['input']}”不是时限。", fix
        case "enum":
            wrong = f"{name} 不能是“{detail['input']}”。"
            return (
                "value-unknown",
                wrong,
                f"可用的是：{context['expected'].replace(' or ', '、')}。",
            )
        case "too_short" | "string_too_short":
            return "value-missing", f"{name} 是空的。", "请填写。"
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than":
            return "value-out-of-range", f"{name} 的数值超出范围。", _range(context)
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return "value-malformed", f"{name} 不是日期。", "应写作 2012-03-01。"
        case "example":
            return "example-malformed", context["wrong"], context["fix"]
        case _:
            return "value-malformed", f"{name} 的写法不对。", _form(kind, context)


def _range(context: Mapping[str, Any]) -> str:
    words = {"ge": "不小于", "gt": "大于", "le": "不大于", "lt": "小于"}
    return "".join(f"应当{words[key]} {value}。" for key, value in context.items() if key in words)


def _form(kind: str, context: Mapping[str, Any]) -> str:
    if kind.startswith("int"):
        return "应为整数。"
    if kind.startswith("float"):
        return "应为数字，例如 0.05。"
    if kind.startswith("bool"):
        return "应为 true 或者 false。"
    if kind in {"tuple_type", "list_type", "frozen_set_type", "set_type"}:
        return "应为列表，例如 [a, b]。"
    if kind in {"model_type", "mapping_type", "dict_type", "model_attributes_type"}:
        return "应为“键: 值”的形式，缩进在它之下。"
    if kind == "string_pattern_mismatch":
        return f"应符合 {context.get('pattern', '')}。"
    if kind in {"too_long", "string_too_long"}:
        return f"最多 {context.get('max_length', '')}。"
    return "请对照《规则编写指南》改正。"

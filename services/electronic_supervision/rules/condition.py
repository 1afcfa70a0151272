"""Formulas of rules, in CEL: read, compiled once, and worked out on nothing but their names."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import cast

import cel

from services.electronic_supervision.domain.rules.demands import Expression
from services.electronic_supervision.rules.formula import asked_by
from services.electronic_supervision.rules.mistake import BadFormulaError
from services.electronic_supervision.rules.names import Names

LONGEST_LIST = 100
"""A formula may go through lists in lists: this bounds how long that takes."""

Values = Mapping[str, object]


def expression(text: str, known: Names, *, makes: type = object) -> Expression:
    """Compile a formula that may ask for `known` and makes a value of type `makes`.

    Raises BadFormulaError: what `asked_by` raises, and `formula-malformed`.
    """
    names = asked_by(text, known)
    try:
        program = cel.compile(text)
    except ValueError as error:
        raise BadFormulaError(
            "formula-malformed",
            "公式写得不完整，或者括号、引号不成对。",
            f"（{' '.join(str(error).split())[:120]}）",
        ) from error
    is_looping = any(f".{name}" in text for name in ("exists", "all", "filter")) or " in " in text

    def value(values: Values) -> object:
        return _worked_out(
            program, {name: _asked(values, name, fields) for name, fields in names.items()}
        )

    def _worked_out(compiled: cel.Program, asked: dict[str, object]) -> object:
        if is_looping:
            _make_sure_of_length(asked)
        try:
            result = cast("object", compiled.execute(asked))
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise ValueError(
                f"公式“{text}”不能计算：{' '.join(str(error).split())[:200]}"
            ) from error
        if not isinstance(result, makes) or (makes is int and isinstance(result, bool)):
            raise ValueError(f"公式“{text}”得到的不是{WANTED.get(makes, '')}，而是 {result!r}")
        return result

    return Expression(text=text, names=frozenset(names), value=value)


WANTED: Mapping[type, str] = {bool: "是或否", int: "整数"}


def _asked(values: Values, name: str, fields: Collection[str]) -> object:
    """Return a value by name, a record with the fields needed only: the rest costs most."""
    if name not in values:
        raise ValueError(f"没有提供 {name}")
    match values[name]:
        case datetime() as at:
            # a time with a zone by name is no timestamp to CEL, only one with an offset
            return at.astimezone(UTC)
        case Mapping() as record if fields:
            return {field: record[field] for field in fields if field in record}
        case other:
            return other


def _make_sure_of_length(values: object) -> None:
    for each in _lists(values):
        if len(each) > LONGEST_LIST:
            raise ValueError(f"列表有 {len(each)} 项，超过公式可以逐项判断的 {LONGEST_LIST} 项")


def _lists(value: object) -> Iterator[list[object]]:
    if isinstance(value, list):
        yield value
        for each in value[: LONGEST_LIST + 1]:
            yield from _lists(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _lists(each)

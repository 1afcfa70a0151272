"""Read a formula before it is ever worked out: its length, its nesting, and all it asks for.

The language itself has no bounds: seven comprehensions in each other run for minutes. What is let
through here costs at most so many times the square of the longest list, and touches nothing but the
names it is given.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from services.electronic_supervision.rules.mistake import BadFormulaError
from services.electronic_supervision.rules.names import Names
from services.electronic_supervision.rules.shape import Kind, Shape

LONGEST = 1000
DEEPEST = 20
NESTED = 2
MACROS = frozenset({"exists", "all", "exists_one", "filter"})
METHODS = frozenset({"size", "contains", "startsWith", "endsWith"})
FUNCTIONS = frozenset({"size", "double", "duration", "timestamp"})
WORDS = frozenset({"true", "false", "null", "in"})

_TOKEN = re.compile(
    r"""\s+
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
    |(?P<chain>\.[A-Za-z_]\w*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:,()\[\]])""",
    re.VERBOSE | re.ASCII,
)


class _Token(NamedTuple):
    kind: str
    text: str


@dataclass
class _Frame:
    """An open bracket: what it binds, and the list that comes out of it, if one does."""

    bound: dict[str, Shape | None] = field(default_factory=dict)
    is_macro: bool = False
    result: Shape | None = None


def asked_by(text: str, known: Names) -> Mapping[str, frozenset[str]]:
    """Return the names that a formula asks for, each with the fields of it that it needs.

    Raises BadFormulaError.

    Codes: `formula-too-long`, `formula-too-deep`, `formula-sign`, `formula-function`,
    `name-unknown`, `field-not-there`, `formula-index`, `formula-list`.
    """
    if len(text) > LONGEST:
        raise BadFormulaError(
            "formula-too-long", f"公式超过 {LONGEST} 个字符。", "请写得短些，或者分成几条规则。"
        )
    return _Reader(list(_tokens(text)), known).read()


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadFormulaError(
                "formula-sign",
                f"公式里不能用“{text[at]}”。",
                "只能用名称、数字、引号中的文字、比较和逻辑运算，以及括号。",
            )
        if match.lastgroup is not None:
            yield _Token(match.lastgroup, match.group())
        at = match.end()


class _Reader:
    def __init__(self, tokens: list[_Token], known: Names) -> None:
        self._tokens = tokens
        self._known = known
        self._frames: list[_Frame] = []
        self._closed: _Frame | None = None  # the bracket before the token in hand
        self._asked: dict[str, set[str]] = {}

    def read(self) -> Mapping[str, frozenset[str]]:
        at = 0
        while at < len(self._tokens):
            token, closed = self._tokens[at], self._closed
            self._closed = None
            match token.kind:
                case "path":
                    at += self._path(token.text, at)
                case "chain":
                    at += self._chain(token.text[1:], closed, at)
                case "sign":
                    self._sign(token.text, at)
                    at += 1
                case _:
                    at += 1
        return {name: frozenset(fields) for name, fields in self._asked.items()}

    def _follows(self, at: int, text: str) -> bool:
        return at < len(self._tokens) and self._tokens[at].text == text

    def _path(self, text: str, at: int) -> int:
        *root, last = text.split(".")
        if not self._follows(at + 1, "("):
            if text not in WORDS:
                self._shape([*root, last])
            return 1
        if root and last in MACROS:
            return 1 + self._macro(last, self._shape(root), at + 1)
        if root and last in METHODS:
            self._shape(root)
        elif root or last not in FUNCTIONS:
            raise _no_function(last)
        self._open(_Frame())
        return 2

    def _chain(self, name: str, closed: _Frame | None, at: int) -> int:
        if closed is None or not self._follows(at + 1, "("):
            raise _no_function(name)
        if name in MACROS:
            return 1 + self._macro(name, closed.result, at + 1)
        if name not in METHODS:
            raise _no_function(name)
        self._open(_Frame())
        return 2

    def _macro(self, name: str, over: Shape | None, at: int) -> int:
        """Open a comprehension `(x, `; only lists that were handed in are gone through."""
        if over is None or over.kind is not Kind.LIST:
            raise BadFormulaError(
                "formula-list", f"{name} 前面不是一个列表。", "请对照可用名称表，只对列表使用。"
            )
        variable = self._tokens[at + 1] if at + 1 < len(self._tokens) else _Token("", "")
        if variable.kind != "path" or "." in variable.text or not self._follows(at + 2, ","):
            raise BadFormulaError(
                "formula-list", f"{name} 的写法不对。", f"应写作 列表.{name}(x, 关于 x 的条件)。"
            )
        if variable.text in self._known or variable.text in WORDS:
            raise BadFormulaError(
                "formula-list", f"{variable.text} 已有含义。", "请给列表中的每一项另起一个名称。"
            )
        frame = _Frame({variable.text: over.element}, is_macro=True)
        frame.result = over if name == "filter" else None
        self._open(frame)
        if sum(each.is_macro for each in self._frames) > NESTED:
            raise BadFormulaError(
                "formula-too-deep", f"逐项判断最多套 {NESTED} 层。", "请分成几条规则。"
            )
        return 3

    def _open(self, frame: _Frame) -> None:
        self._frames.append(frame)
        if len(self._frames) > DEEPEST:
            raise BadFormulaError(
                "formula-too-deep", f"括号套得超过 {DEEPEST} 层。", "请写得简单些。"
            )

    def _sign(self, text: str, at: int) -> None:
        if text == "[" and at and self._is_operand(self._tokens[at - 1]):
            raise BadFormulaError(
                "formula-index", "不能用方括号取值。", "请用点号，例如 fact.unit；列表用 exists。"
            )
        if text in {"(", "["}:
            self._open(_Frame())
        elif text in {")", "]"} and self._frames:
            self._closed = self._frames.pop()

    @staticmethod
    def _is_operand(token: _Token) -> bool:
        return token.text in {")", "]"} or (token.kind != "sign" and token.text != "in")

    def _shape(self, path: list[str]) -> Shape | None:
        root, *fields = path
        shape = self._root(root, fields[:1])
        for place, name in enumerate(fields, 1):
            if shape is None or name not in shape.fields:
                raise _no_field(".".join(path[:place]), name, shape)
            shape = shape.fields[name]
        return shape

    def _root(self, name: str, fields: Iterable[str]) -> Shape | None:
        for frame in reversed(self._frames):
            if name in frame.bound:
                return frame.bound[name]
        if name not in self._known:
            can = "、".join(sorted(self._known))
            raise BadFormulaError("name-unknown", f"这里没有名称 {name}。", f"可用的是：{can}。")
        self._asked.setdefault(name, set()).update(fields)
        return self._known[name]


def _no_function(name: str) -> BadFormulaError:
    can = "、".join(sorted(FUNCTIONS | METHODS | MACROS))
    return BadFormulaError("formula-function", f"这里不能用 {name}。", f"可用的函数是：{can}。")


def _no_field(of: str, name: str, shape: Shape | None) -> BadFormulaError:
    fields = "、".join(sorted(shape.fields)) if shape is not None else ""
    fix = f"可用的是：{fields}。" if fields else "它下面没有别的项。"
    return BadFormulaError("field-not-there", f"{of} 没有 {name} 这一项。", fix)

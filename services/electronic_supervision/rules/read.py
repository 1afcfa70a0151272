"""A document in YAML to a rule; every mistake with its line, what is wrong, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.electronic_supervision.domain.rules.demands import Demand
from services.electronic_supervision.domain.rules.rule import Message, Rule, Scope
from services.electronic_supervision.log.refusal import BadMapError
from services.electronic_supervision.log.yaml_text import Plain, line_at, read_mapping
from services.electronic_supervision.rules.demanding import (
    MisplacedError,
    demand_of,
    names_for_message,
)
from services.electronic_supervision.rules.example import ExampleForm
from services.electronic_supervision.rules.forms import KINDS, Form, RuleForm
from services.electronic_supervision.rules.message import message
from services.electronic_supervision.rules.mistake import (
    BadFormulaError,
    BadRuleError,
    Mistake,
    Path,
)
from services.electronic_supervision.rules.mistake_words import words_of

LONGEST = 64_000
"""Bytes of UTF-8: more is no rule."""

_EXAMPLES = TypeAdapter(tuple[ExampleForm, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a document says: the rule, on what its defaults rest, and its examples."""

    text: str
    rule: Rule
    note: str
    examples: tuple[ExampleForm, ...]


def read_rule(text: str) -> Document:
    """Read the document of one rule. Raises BadRuleError, with all that can be told at once.

    Codes besides those of formulas and messages: `document-too-large`, `document-malformed`,
    `kind-missing`, `kind-twice`, `field-missing`, `field-unknown`, `value-malformed`,
    `value-unknown`, `event-unknown`, `limit-malformed`, `days-reversed`, `message-missing`,
    `message-not-wanted`, `examples-missing`.
    """
    if len(text.encode()) > LONGEST:
        raise BadRuleError(
            [_whole("document-too-large", "文件超过 64 KB。", "一个文件只写一条规则。")]
        )
    try:
        plain = read_mapping(text, "规则文件", "id、version 和规则的内容")
    except BadMapError as error:
        line = error.line
        found = Mistake(
            code="document-malformed",
            field=error.field or "",
            line=line,
            message=error.message.removeprefix(f"第 {error.line} 行："),
            fix="",
        )
        raise BadRuleError([found]) from error
    return _Reading(text, plain).document()


def _whole(code: str, wrong: str, fix: str) -> Mistake:
    return Mistake(code=code, field="", line=None, message=wrong, fix=fix)


class _Reading:
    """One document while it is read, with the mistakes found so far."""

    def __init__(self, text: str, plain: Mapping[str, Plain]) -> None:
        self._text = text
        self._plain = plain
        self._mistakes: list[Mistake] = []

    def document(self) -> Document:
        rest = {k: v for k, v in self._plain.items() if k not in KINDS and k != "examples"}
        form = self._form(RuleForm, rest, ())
        examples = self._examples()
        demand = self._demand()
        told = self._message(form, demand)
        until = None if form is None else form.effective_until
        if form is not None and until is not None and until <= form.effective_from:
            self._wrong(
                ("effective_until",),
                "days-reversed",
                "截止日期不晚于生效日期。",
                "截止日期是不再适用的第一天。",
            )
        if self._mistakes or form is None or demand is None:
            raise BadRuleError(sorted(self._mistakes, key=lambda each: each.line or 0))
        rule = Rule(
            id=form.id,
            version=form.version,
            title=form.title,
            system=form.system,
            clause=form.clause,
            effective_from=form.effective_from,
            effective_until=form.effective_until,
            scope=Scope(
                units=form.scope.units,
                items=form.scope.items,
                natures=frozenset(each.value for each in form.scope.natures),
            ),
            message=told,
            demand=demand,
        )
        return Document(text=self._text, rule=rule, note=form.note or "", examples=examples)

    def _form(self, model: type[RuleForm], plain: object, at: Path) -> RuleForm | None:
        try:
            return model.model_validate(plain)
        except ValidationError as error:
            self._mistakes += self._told(error, at)
            return None

    def _demand(self) -> Demand | None:
        kinds = [key for key in self._plain if key in KINDS]
        if len(kinds) != 1:
            can = "、".join(KINDS)
            code, wrong = (
                ("kind-twice", "写了不止一种要求。")
                if kinds
                else ("kind-missing", "没有写明要求。")
            )
            self._wrong((kinds[1],) if kinds else (), code, wrong, f"请写其中一种：{can}。")
            return None
        kind = kinds[0]
        try:
            form: Form = KINDS[kind].model_validate(self._plain[kind] or {})
            return demand_of(form)
        except ValidationError as error:
            self._mistakes += self._told(error, (kind,))
        except MisplacedError as error:
            self._formula((kind, *error.path), error.problem)
        return None

    def _message(self, form: RuleForm | None, demand: Demand | None) -> Message | None:
        if form is None or demand is None:
            return None
        known = names_for_message(demand)
        if known is None:
            if form.message is not None:
                self._wrong(
                    ("message",),
                    "message-not-wanted",
                    "时限规则的告知文字由系统拟写。",
                    "请删去 message。",
                )
            return None
        if form.message is None:
            self._wrong((), "message-missing", "缺少 message（告知文字）。", "请写明并填入事实。")
            return None
        try:
            return message(form.message.strip(), known)
        except BadFormulaError as problem:
            self._formula(("message",), problem)
            return None

    def _examples(self) -> tuple[ExampleForm, ...]:
        try:
            examples = _EXAMPLES.validate_python(self._plain.get("examples") or [])
        except ValidationError as error:
            self._mistakes += self._told(error, ("examples",))
            return ()
        if {each.expects_breach for each in examples} != {True, False}:
            self._wrong(
                ("examples",),
                "examples-missing",
                "至少要有一个违反的和一个不违反的例子。",
                "请补上 examples。",
            )
        return examples

    def _told(self, error: ValidationError, at: Path) -> Iterator[Mistake]:
        details: Sequence[Any] = error.errors(include_url=False)
        paths = [(*at, *detail["loc"]) for detail in details]
        for place, (path, detail) in enumerate(zip(paths, details, strict=True)):
            # a list whose elements are refused is called empty too
            if path in paths[:place] or any(path == each[: len(path)] != each for each in paths):
                continue
            yield self._mistake(path, *words_of(detail))

    def _formula(self, path: Path, problem: BadFormulaError) -> None:
        self._wrong(path, problem.code, problem.message, problem.fix)

    def _wrong(self, path: Path, code: str, wrong: str, fix: str) -> None:
        self._mistakes.append(self._mistake(path, code, wrong, fix))

    def _mistake(self, path: Path, code: str, wrong: str, fix: str) -> Mistake:
        line = line_at(self._text, path) if path else None
        field = ".".join(str(each) for each in path)
        return Mistake(code=code, field=field, line=line or 1, message=wrong, fix=fix)

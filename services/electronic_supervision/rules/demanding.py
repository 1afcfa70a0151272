"""From what a document says it demands to the demand itself, with its formulas read."""

from collections.abc import Sequence
from typing import assert_never

from services.electronic_supervision.domain.rules.demands import (
    Absence,
    By,
    Count,
    Cumulation,
    Demand,
    Expression,
    Forbidden,
    HonestClock,
    LimitBy,
    Order,
    Rate,
    Span,
    StepLimits,
    Threshold,
    WholeCase,
)
from services.electronic_supervision.rules.condition import expression
from services.electronic_supervision.rules.forms import (
    AbsenceForm,
    CountForm,
    CumulationForm,
    ForbiddenForm,
    Form,
    HonestClockForm,
    OrderForm,
    RateForm,
    SpanForm,
    StepLimitsForm,
    ThresholdForm,
    WholeCaseForm,
)
from services.electronic_supervision.rules.mistake import BadFormulaError, Path
from services.electronic_supervision.rules.names import (
    COMPARED,
    COUNTED,
    MISSED,
    QUOTA,
    Names,
    of_act,
    of_order,
)


class MisplacedError(ValueError):
    """Something in a demand does not add up, at a path below it."""

    def __init__(self, path: Path, problem: BadFormulaError) -> None:
        super().__init__(str(problem))
        self.path = path
        self.problem = problem


def demand_of(form: Form) -> Demand:
    """Make the demand of a document. Raises MisplacedError."""
    match form:
        case WholeCaseForm():
            return _whole(form)
        case SpanForm():
            return _span(form)
        case StepLimitsForm():
            return StepLimits(lead=form.lead, grace=form.grace)
        case OrderForm():
            if len(set(form.steps)) < len(form.steps):
                raise _misplaced(
                    ("steps",), "step-twice", "有环节写了两次。", "请每个环节只写一次。"
                )
            return Order(level=form.level, steps=form.steps)
        case ForbiddenForm():
            when = _formula(form.when, of_act(form.on), ("when",))
            return Forbidden(on=form.on, when=when, level=form.level)
        case _:
            return _over_time(form)


def names_for_message(demand: Demand) -> Names | None:
    """Return what the message of a rule may name; None if its kind has words of its own."""
    match demand:
        case WholeCase() | Span() | StepLimits():
            return None
        case Order():
            return of_order()
        case Forbidden(on=on):
            return of_act(on)
        case Count() | Cumulation():
            return COUNTED
        case Absence():
            return MISSED
        case Rate() | HonestClock():
            return COMPARED
        case _:
            assert_never(demand)


def _whole(form: WholeCaseForm) -> WholeCase:
    if (form.by is LimitBy.RULE) is (form.limit is None):
        raise _misplaced(
            ("limit",),
            "limit-by-rule",
            "by 为 rule 时要写 limit，其他情形不写。",
            "请补上或者删去 limit。",
        )
    return WholeCase(by=form.by, limit=form.limit, lead=form.lead, grace=form.grace)


def _span(form: SpanForm) -> Span:
    if shared := set(form.begin) & set(form.end):
        raise _misplaced(
            ("end",),
            "span-ends-itself",
            f"{min(shared)} 既是开始又是结束。",
            "请使开始和结束的事件各不相同。",
        )
    return Span(
        name=form.name,
        begin=form.begin,
        end=form.end,
        limit=form.limit,
        lead=form.lead,
        grace=form.grace,
        pauses=form.pauses,
    )


def _over_time(form: Form) -> Demand:
    match form:
        case CountForm():
            return Count(
                on=form.on,
                by=form.by,
                days=form.days,
                thresholds=_thresholds(form.thresholds, asks=form.by in {By.ENTERPRISE, By.UNIT}),
                when=None if form.when is None else _formula(form.when, of_act(form.on), ("when",)),
            )
        case CumulationForm():
            return _cumulation(form)
        case AbsenceForm():
            return Absence(of=form.of, after=form.after, level=form.level)
        case RateForm():
            return Rate(
                on=form.on,
                when=_formula(form.when, of_act(form.on), ("when",)),
                by=form.by,
                days=form.days,
                level=form.level,
                least=form.least,
                confidence=form.confidence,
                baseline=form.baseline,
            )
        case HonestClockForm():
            return HonestClock(
                tactic=form.tactic,
                days=form.days,
                expected=form.expected,
                least=form.least,
                confidence=form.confidence,
            )
        case _:
            raise TypeError(type(form).__name__)


def _cumulation(form: CumulationForm) -> Cumulation:
    if not any(form.points.values()):
        raise _misplaced(
            ("points",), "points-missing", "没有一级判定计分。", "请至少给一级判定计 1 分以上。"
        )
    return Cumulation(
        by=form.by,
        days=form.days,
        points=dict(form.points),
        thresholds=_thresholds(form.thresholds, asks=False),
        same_rule=form.same_rule,
        of=form.of,
    )


def _thresholds(forms: Sequence[ThresholdForm], *, asks: bool) -> tuple[Threshold, ...]:
    made: list[Threshold] = []
    for place, form in enumerate(forms):
        path: Path = ("thresholds", place, "at_least")
        if isinstance(form.at_least, int):
            made.append(Threshold(at_least=form.at_least, level=form.level))
        else:
            formula = _formula(form.at_least, QUOTA if asks else {}, path, makes=int)
            if not formula.names:
                raise _misplaced(
                    path,
                    "threshold-malformed",
                    f"起点“{form.at_least}”不是正整数。",
                    "应为不小于 1 的整数，或者像 quota + 1 这样用到 quota 的公式。",
                )
            made.append(Threshold(at_least=formula, level=form.level))
    if len({each.level for each in made}) < len(made):
        raise _misplaced(
            ("thresholds",), "level-twice", "同一级别写了两次。", "每一级别只写一个起点。"
        )
    return tuple(made)


def _formula(text: str, known: Names, path: Path, *, makes: type = bool) -> Expression:
    try:
        return expression(text, known, makes=makes)
    except BadFormulaError as problem:
        raise MisplacedError(path, problem) from problem


def _misplaced(path: Path, code: str, message: str, fix: str) -> MisplacedError:
    return MisplacedError(path, BadFormulaError(code, message, fix))

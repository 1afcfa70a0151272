"""What is wrong with the document of a rule, for its author."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.electronic_supervision.log.refusal import BadInputError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A stable code, where it is, what is wrong in Chinese, and what to do about it."""

    code: str
    field: str
    line: int | None
    message: str
    fix: str


class BadRuleError(BadInputError):
    """A document that is no rule, with all its mistakes in order of their lines."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        first = mistakes[0]
        super().__init__(
            first.code, first.message + first.fix, field=first.field or None, line=first.line
        )
        self.mistakes = tuple(mistakes)


class BadFormulaError(ValueError):
    """A formula or message that can't be used: a stable code, what is wrong, what to do."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(f"{message}{fix}")
        self.code = code
        self.message = message
        self.fix = fix

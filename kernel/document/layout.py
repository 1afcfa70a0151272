"""How documents of one kind are laid out: their sheets, the columns of each, the words in cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from pydantic import BaseModel

Line = TypeVar("Line", bound=BaseModel)

MOST_BYTES = 700_000
"""In base64 it still fits into the body of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[Line]):
    """A sheet of a workbook, or a list of YAML.

    `name` is what YAML calls it and `title` what the workbook does; `columns` gives the headings by
    field, in order; `words` by field the words that stand for a value; `key` the fields by which
    two lines are about the same thing, of which the last is shown where that comes up.
    """

    name: str
    title: str
    line: type[Line]
    columns: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    key: tuple[str, ...] = ("code",)

    def value_of(self, column: str, words: str) -> str:
        """Return the value for which words stand, the words themselves if they are none of ours."""
        known = {said: value for value, said in self.words.get(column, {}).items()}
        return known.get(words, words)

    def words_of(self, column: str, value: str) -> str:
        """Return the words for a value of a field."""
        return self.words.get(column, {}).get(value, value)

    @property
    def required(self) -> Sequence[str]:
        """Return the fields without which there is no line."""
        return [name for name, info in self.line.model_fields.items() if info.is_required()]


@dataclass(frozen=True, kw_only=True)
class Layout(Generic[Line]):
    """All sheets of a kind of documents, in order; how many rows and bytes they may have together.

    More bytes than MOST_BYTES need an allowance for the route that takes them.
    """

    sheets: tuple[Sheet[Line], ...]
    most_rows: int = 10_000
    most_bytes: int = MOST_BYTES

    @cached_property
    def named(self) -> Mapping[str, Sheet[Line]]:
        """Return the sheets by the names that YAML gives them."""
        return {each.name: each for each in self.sheets}

    @cached_property
    def titled(self) -> Mapping[str, Sheet[Line]]:
        """Return the sheets by their titles in a workbook."""
        return {each.title: each for each in self.sheets}

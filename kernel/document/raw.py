"""A document as it was read, before anything of it is believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """A row (from 1) of a sheet, or the line of YAML where an entry begins.

    `values` are texts by field, without those that are empty; `faults` are codes of refusals of
    single cells, by field.
    """

    sheet: str
    number: int
    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


class BadDocumentError(Exception):
    """A document that is refused as a whole: a code, and where (in words, "" if everywhere)."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"{code} {where}".strip())
        self.code = code
        self.where = where

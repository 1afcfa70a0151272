"""The rules that come with a release, and the book that the lives of rules lead to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from services.electronic_supervision.domain.rules.book import Entry, Mode, RuleBook, book
from services.electronic_supervision.domain.rules.demands import is_for_leads
from services.electronic_supervision.domain.rules.life_stages import (
    Active,
    Draft,
    Life,
    Rehearsed,
    Retired,
    Version,
)
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.rules.read import Document, read_rule

OPEN_CLAUSE = "条款由市效能办填写"
"""Stands in the documents of a release where only the city can say by which clause."""


@cache
def shipped() -> Mapping[str, Document]:
    """Return the documents of this release, by the id of the rule, in order."""
    folder = files("services.electronic_supervision.rules") / "shipped"
    texts = (each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".yaml"))
    documents = {document.rule.id: document for document in map(read_rule, texts)}
    return MappingProxyType(dict(sorted(documents.items())))


def shipped_book() -> RuleBook:
    """Bind the rules of this release as if all were active since the day they name."""
    return book(Entry(each.rule) for each in shipped().values())


FOUNDING = ("promised-limit", "stated-limit", "step-limit")
"""What judged before rules were documents, and has judged all cases ever since."""


def founding_book() -> RuleBook:
    """Bind what a city is judged by that has enacted nothing yet."""
    return book(Entry(shipped()[id_].rule) for id_ in FOUNDING)


def lacks_clause(rule: Rule) -> bool:
    """Tell whether a rule reminds or gives cards, but its clause is for the city to name.

    Nobody is to be held to what he can't look up; a lead is for people to look into.
    """
    return OPEN_CLAUSE in rule.clause and not is_for_leads(rule.demand)


def book_of(lives: Iterable[Life]) -> RuleBook:
    """Bind what lives have come to: versions that hold, held, or are tried out.

    What the record says of days and numbers goes before what a document says. Raises BadRuleError
    for a document that this code reads no longer.
    """
    return book(entry for life in lives for each in life.versions for entry in _entries(each))


def _entries(version: Version) -> Iterator[Entry]:
    stage = version.stage
    held = stage.was if isinstance(stage, Retired) else stage
    if isinstance(held, Draft | Rehearsed):
        return
    rule = read_rule(version.document).rule
    ends = [
        rule.effective_until,
        stage.day if isinstance(stage, Retired) else None,
        held.until,
    ]
    yield Entry(
        replace(
            rule,
            version=version.number,
            effective_from=held.effective_from,
            effective_until=min((day for day in ends if day is not None), default=None),
        ),
        Mode.ACTIVE if isinstance(held, Active) else Mode.SHADOW,
    )

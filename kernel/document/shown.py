"""What would become of a document, as callers are shown it."""

from collections.abc import Mapping

from pydantic import BaseModel

from kernel.document.layout import Layout, Line
from kernel.document.outcome import Fate, Outcome, Preview
from kernel.web.words import Words


class ChangedField(BaseModel):
    """A field that is to be otherwise; "" is nothing."""

    field: str
    before: str
    after: str


class LineView(BaseModel):
    """What becomes of a line; of a refused one `reason` is stable, and the rest is for people."""

    sheet: str
    row: int
    code: str
    outcome: Fate
    changes: list[ChangedField]
    reason: str | None = None
    field: str | None = None
    heading: str | None = None
    detail: str | None = None
    fix: str | None = None

    @classmethod
    def of(cls, told: Outcome, layout: Layout[Line], words: Mapping[str, Words]) -> "LineView":
        """Show what becomes of a line; `words` are those for refusals, by code."""
        why = words.get(told.reason)
        return cls(
            sheet=told.sheet,
            row=told.number,
            code=told.code,
            outcome=told.fate,
            changes=[
                ChangedField(field=each.field, before=each.before, after=each.after)
                for each in told.changes
            ],
            reason=told.reason or None,
            field=told.field or None,
            heading=layout.named[told.sheet].columns.get(told.field),
            detail=told.note or (why and why.detail),
            fix=why and why.fix,
        )


class PreviewView(BaseModel):
    """How many lines meet each fate, and all that are not as they were."""

    digest: str
    """To be given back when the document is imported; it holds until what it is about changes."""
    counts: dict[Fate, int]
    lines: list[LineView]

    @classmethod
    def of(cls, told: Preview, layout: Layout[Line], words: Mapping[str, Words]) -> "PreviewView":
        """Show what would become of a document."""
        telling = [each for each in told.outcomes if each.fate is not Fate.UNCHANGED]
        lines = [LineView.of(each, layout, words) for each in telling]
        return cls(digest=told.digest, counts=dict(told.counts), lines=lines)

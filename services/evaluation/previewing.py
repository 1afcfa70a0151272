"""What would become of a document, as callers are shown it."""

from pydantic import BaseModel

from kernel.document.outcome import Fate, Outcome, Preview
from services.evaluation.document.headings import LAYOUT
from services.evaluation.problems import WORDS


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
    def of(cls, told: Outcome) -> "LineView":
        """Show what becomes of a line."""
        words = WORDS.get(told.reason)
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
            heading=LAYOUT.named[told.sheet].columns.get(told.field),
            detail=words and words.detail,
            fix=words and words.fix,
        )


class PreviewView(BaseModel):
    """How many lines meet each fate, and all that are not as they were."""

    digest: str
    """To be given back when the document is imported; it holds until the register changes."""
    counts: dict[Fate, int]
    lines: list[LineView]

    @classmethod
    def of(cls, told: Preview) -> "PreviewView":
        """Show what would become of a document."""
        lines = [LineView.of(each) for each in told.outcomes if each.fate is not Fate.UNCHANGED]
        return cls(digest=told.digest, counts=dict(told.counts), lines=lines)

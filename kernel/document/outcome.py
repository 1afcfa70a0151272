"""What becomes, or would become, of each line of a document."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """New, changed, as it was, or refused."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field that is to be otherwise; texts as in a document, "" for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one line; `reason` is a refusal's code, `field` what is in the way.

    `note` says in words what is so of this very line, "" if the words for the code say it all.
    """

    sheet: str
    number: int
    code: str
    fate: Fate
    changes: Sequence[Change] = ()
    reason: str = ""
    field: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would become of a document, and the digest to import it with as long as that holds."""

    digest: str
    outcomes: Sequence[Outcome]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """Return how many lines meet each fate."""
        counted = Counter(each.fate for each in self.outcomes)
        return {fate: counted[fate] for fate in Fate}

    @property
    def is_refused(self) -> bool:
        """Tell whether any line is refused, and with it the document."""
        return self.counts[Fate.REFUSED] > 0

    @property
    def is_idle(self) -> bool:
        """Tell whether there is nothing to do."""
        return self.counts[Fate.UNCHANGED] == len(self.outcomes)

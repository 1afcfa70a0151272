"""How far the rows of a view are known, by the column that tells when each was changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

OVERLAP = timedelta(hours=1)
"""How much later than its time of change a row may become visible: it was not committed yet."""

READ_ALL_AFTER = timedelta(hours=24)
"""How long only what was changed is asked for: what came later still is found then."""


@dataclass(slots=True)
class Newest:
    """The latest time of change of the rows read; None if the column tells no times."""

    value: datetime | None = None

    def note(self, value: object) -> None:
        """Take note of a row's value."""
        if not isinstance(value, datetime):
            return
        if self.value is None or (_is_aware(value) == _is_aware(self.value) and value > self.value):
            self.value = value


def since(written: str) -> datetime | None:
    """Return from where to ask, by what was written down of the last time; "" for nothing."""
    return datetime.fromisoformat(written) - OVERLAP if written else None


def written(newest: datetime | None) -> str:
    """Write down how far the rows are known."""
    return "" if newest is None else newest.isoformat()


def _is_aware(at: datetime) -> bool:
    return at.tzinfo is not None

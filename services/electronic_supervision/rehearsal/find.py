"""What a rule over time finds in a whole history, by each of two laws."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.reach import EVER, Days
from services.electronic_supervision.patterns import holding
from services.electronic_supervision.patterns.occurrences import added_finding
from services.electronic_supervision.rehearsal.compare import Pair
from services.electronic_supervision.rehearsal.counting import Side
from services.electronic_supervision.rehearsal.spill import Groups, Line, lines_of, read

ONE_DAY = timedelta(days=1)


class Found(NamedTuple):
    """The findings by the law as it is, and by the other."""

    before: tuple[PatternFinding, ...] = ()
    after: tuple[PatternFinding, ...] = ()


def find(rule: str, laws: Pair, folder: Path, as_of: datetime, others: Sequence[Found]) -> Found:
    """Return what a rule finds in what all cases count, and `others` that were found before it.

    An instant (UTC) says what has happened, and which local days are over.
    """
    lines = chain(lines_of(folder, rule), _added(rule, laws, others))
    counts = read(lines, as_of)
    versions = [holding.versions(law, rule) for law in (laws.before, laws.after)]
    before = _by(laws.before, rule, counts.before, as_of)
    if laws.like and counts.is_same and versions[0] == versions[1]:
        return Found(before, before)
    return Found(before, _by(laws.after, rule, counts.after, as_of))


def _added(rule: str, laws: Pair, others: Sequence[Found]) -> Iterator[Line]:
    """Yield what findings count for a cumulation, by the law under which each was found."""
    for side, law in ((Side.BEFORE, laws.before), (Side.AFTER, laws.after)):
        for found in others:
            for finding in found.before if side is Side.BEFORE else found.after:
                for group, occurrence in added_finding(finding, law):
                    if group.rule == rule:
                        yield Line(side, group, occurrence)


def _by(law: Law, rule: str, groups: Groups, as_of: datetime) -> tuple[PatternFinding, ...]:
    versions = holding.versions(law, rule)
    if rule not in holding.share_rules(law):
        return tuple(
            finding
            for group, occurrences in groups.items()
            for finding in holding.of_group(law, versions, group, occurrences, EVER)
        )
    days = [
        law.office.local_date(each.at.earliest)
        for occurrences in groups.values()
        for each in occurrences
        if not each.doubt
    ]
    ended = law.office.local_date(as_of) - ONE_DAY
    first = min(days, default=ended)
    if first > ended:
        return ()
    return tuple(holding.of_shares(law, versions, groups, Days(first, ended)))

"""What two laws say of one case, where they may differ at all."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.electronic_supervision.domain.case import Case
from services.electronic_supervision.domain.clocks import Course
from services.electronic_supervision.domain.irregularity import Failed, irregularities
from services.electronic_supervision.domain.judgement import CaseKey, Finding, judge
from services.electronic_supervision.domain.law import Law, Matter, matter_of, terms_of
from services.electronic_supervision.domain.rules.book import Entry, Mode, book
from services.electronic_supervision.domain.rules.demands import (
    Count,
    Cumulation,
    Forbidden,
    HonestClock,
    OnCase,
    OverTime,
    Rate,
    Span,
)
from services.electronic_supervision.domain.surroundings import ASKED_OF_CASES
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.loop.court import case_of, key_of
from services.electronic_supervision.record import CaseRecord
from services.electronic_supervision.rehearsal.difference import Difference, differences
from services.electronic_supervision.rehearsal.watched import Watched, watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that one law says of a case; `total` is how the clock of the whole case runs."""

    findings: tuple[Finding, ...] = ()
    failed: tuple[Failed, ...] = ()
    total: Course | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What differs for a case, with all that both laws say where they may differ.

    `cases` and `matters` are what it is by each law; `is_alike`: these and its limits are the same.
    """

    key: CaseKey
    item: str
    cases: tuple[Case, Case]
    matters: tuple[Matter, Matter]
    is_alike: bool
    before: Said
    after: Said
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two laws, made by `pair`, with what is known of all cases beforehand.

    `like`: office time and registers are the same. `touched` are the types of events without one of
    which no case can differ; None if any may. `asked` is what the rules of only one law ask about,
    and `watched` what has to be counted over time. The same rules tell of acts (`same_acts`), of
    what acts count over time (`same_counts`), and of what judgements add up to (`same_sums`);
    `only_acts` are judged otherwise: over time nothing changes unless for single cases it does.
    """

    before: Law
    after: Law
    like: bool
    own_before: Law
    own_after: Law
    touched: frozenset[str] | None
    asked: frozenset[str]
    watched: Watched
    only_acts: bool
    same_acts: bool
    same_counts: bool
    same_sums: bool

    def concerns(self, types: frozenset[str]) -> bool:
        """Tell whether a case of which such events were told may differ."""
        return self.touched is None or not self.touched.isdisjoint(types)


def pair(before: Law, after: Law, *, over_time: bool = True) -> Pair:
    """Find out once in what two laws differ; nothing is watched unless `over_time`."""
    like = before.office is after.office and before.registers is after.registers
    own = _missing(before, after), _missing(after, before)
    demands = [each.rule.demand for entries in own for each in entries]
    sums = Watched()
    if over_time:
        sums = watched(before, after, (each for entries in own for each in entries))
    touched: frozenset[str] | None = None
    if (
        like
        and before.catalogue is after.catalogue
        and all(isinstance(each, Forbidden | Span | OverTime) for each in demands)
        and sums.types is not None
    ):
        touched = sums.types | frozenset(
            type_
            for each in demands
            if isinstance(each, Forbidden | Span)
            for type_ in (each.on if isinstance(each, Forbidden) else each.begin)
        )
    return Pair(
        before=before,
        after=after,
        like=like,
        own_before=replace(before, book=book(own[0])),
        own_after=replace(after, book=book(own[1])),
        touched=touched,
        asked=_asked(before) ^ _asked(after),
        watched=sums,
        only_acts=like and all(isinstance(each, Forbidden) for each in demands),
        same_acts=not any(isinstance(each, OnCase) for each in demands),
        same_counts=not any(isinstance(each, Count | Rate | HonestClock) for each in demands),
        same_sums=not any(isinstance(each, Cumulation) for each in demands),
    )


def _missing(of: Law, among: Law) -> list[Entry]:
    """Return what judges by one law and not by the other."""
    others = among.book.entries
    return [each for each in of.book.entries if each.mode is Mode.ACTIVE and each not in others]


def _asked(law: Law) -> frozenset[str]:
    return law.book.types | ASKED_OF_CASES if law.book.types else frozenset()


def compare(record: CaseRecord, laws: Pair, as_of: datetime) -> Compared | None:
    """Hold a case against both laws at an instant (UTC); None if nothing of a case is told.

    Where both are bound to say the same, neither is asked.
    """
    if not record.told:
        return None
    key = key_of(record)
    case = case_of(record, laws.before)
    types = {each.event.type for each in record.told}
    same_case = laws.like and laws.asked.isdisjoint(types)
    other_case = case if same_case else case_of(record, laws.after)
    matter = matter_of(key.source, case, laws.before)
    other_matter = matter_of(key.source, other_case, laws.after)
    terms = terms_of(case, matter, laws.before)
    other_terms = terms_of(other_case, other_matter, laws.after)
    is_timely, is_matter = laws.like and terms == other_terms, laws.like and matter == other_matter
    is_whole = laws.watched.judgements
    if is_matter and not is_whole:
        acts, other_acts = laws.own_before, laws.own_after
    else:
        acts, other_acts = laws.before, laws.after
    if is_timely and not is_whole:
        before, after = Said(), Said()
    else:
        before = _on_time(key, case, terms, laws.before, as_of)
        after = before
        if not is_timely:
            after = _on_time(key, other_case, other_terms, laws.after, as_of)
    on_time, before = before, _with_acts(before, key, case, matter, acts, as_of)
    if same_case and is_matter and laws.same_acts:
        found = before.findings[len(on_time.findings) :]
        after = replace(after, findings=(*after.findings, *found), failed=before.failed)
    else:
        after = _with_acts(after, key, other_case, other_matter, other_acts, as_of)
    return Compared(
        key=key,
        item=other_matter.code,
        cases=(case, other_case),
        matters=(matter, other_matter),
        is_alike=same_case and is_matter and is_timely,
        before=before,
        after=after,
        differences=tuple(differences(before.findings, after.findings)),
    )


def findings_of(key: CaseKey, case: Case, law: Law, now: datetime) -> Said:
    """Return all that a law says of a case at an instant (UTC)."""
    matter = matter_of(key.source, case, law)
    said = _on_time(key, case, terms_of(case, matter, law), law, now)
    return _with_acts(said, key, case, matter, law, now)


def _on_time(key: CaseKey, case: Case, terms: Terms, law: Law, now: datetime) -> Said:
    outlook = judge(key, case, terms, law.office, now)
    return Said(findings=outlook.findings, total=outlook.total)


def _with_acts(
    said: Said, key: CaseKey, case: Case, matter: Matter, law: Law, now: datetime
) -> Said:
    if not law.book.entries:
        return said
    found = tuple(irregularities(key, case, matter, law, now))
    return replace(
        said,
        findings=(*said.findings, *(each for each in found if isinstance(each, Finding))),
        failed=tuple(each for each in found if isinstance(each, Failed)),
    )

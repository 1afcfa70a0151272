"""Run the examples of a rule through the engine that judges cases."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, assert_never

from services.electronic_supervision.domain.case import Case, fold
from services.electronic_supervision.domain.facts import Fact
from services.electronic_supervision.domain.irregularity import Failed, irregularities
from services.electronic_supervision.domain.judgement import CaseKey, Finding, judge
from services.electronic_supervision.domain.law import Law, Matter, matter_of, terms_of
from services.electronic_supervision.domain.patterns.absence import Gap, absences
from services.electronic_supervision.domain.patterns.count import Step, StepsOn, count, steps
from services.electronic_supervision.domain.patterns.cumulation import (
    Judged,
    added_up,
    cumulate,
)
from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence, Source
from services.electronic_supervision.domain.patterns.rate import rates
from services.electronic_supervision.domain.patterns.reach import Days
from services.electronic_supervision.domain.patterns.tactics.honest_clock import honest_clocks
from services.electronic_supervision.domain.rules.book import heard_by
from services.electronic_supervision.domain.rules.demands import (
    Absence,
    By,
    Count,
    Cumulation,
    HonestClock,
    Rate,
)
from services.electronic_supervision.domain.surroundings import ASKED_OF_CASES, Surroundings
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.rules.example import (
    DEFAULTS,
    SOURCE,
    ExampleForm,
    Expected,
    Told,
)
from services.electronic_supervision.rules.read import Document
from services.electronic_supervision.rules.surrounds import law_of

Hear = Callable[[Told, datetime, Office, Container[str]], Fact | None]
"""From an event to what it means, as the doors of the service do it."""

KEY = CaseKey(SOURCE, DEFAULTS["case"])
ORDER = tuple(Expected)
TEST_DAY = datetime.fromisoformat("2012-03-20T12:00:00+08:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an example came to, and what it says; `failed` is why it could not be worked out.

    `clause` and `rests_on`, ids of events or judgements, are what it names as its grounds.
    """

    name: str
    expected: Expected
    found: Expected
    message: str
    clause: str = ""
    rests_on: tuple[str, ...] = ()
    failed: str = ""

    @property
    def is_as_expected(self) -> bool:
        """Tell whether it came to what its author says."""
        return self.found is self.expected and not self.failed


class Outcome(NamedTuple):
    """A level, what is told, by which clause, and what it rests on."""

    level: str
    words: str
    clause: str
    rests_on: tuple[str, ...]


def try_out(document: Document, office: Office, hear: Hear) -> Iterator[Result]:
    """Run each example of a document."""
    for example in document.examples:
        failed = ""
        outcomes: Sequence[Outcome] = ()
        try:
            outcomes = list(_outcomes(document, example, office, hear))
        except ValueError as error:
            failed = str(error)
        levels = {Expected(each.level.removesuffix("-lead")) for each in outcomes}
        found = max(levels, key=ORDER.index, default=Expected.NOTHING)
        told = next((e for e in outcomes if e.level.removesuffix("-lead") == found), None)
        yield Result(
            name=example.name,
            expected=example.expect,
            found=found,
            message=told.words if told else "",
            clause=told.clause if told else "",
            rests_on=told.rests_on if told else (),
            failed=failed,
        )


def _outcomes(
    document: Document, example: ExampleForm, office: Office, hear: Hear
) -> Iterator[Outcome]:
    rule = document.rule
    law = law_of(rule, example, office)
    asked = {*heard_by(rule.demand), *ASKED_OF_CASES}
    facts = [hear(each, each.time, office, asked) for each in example.facts]
    case = fold(each for each in facts if each is not None)
    matter = matter_of(SOURCE, case, law)
    demand = rule.demand
    match demand:
        case Count() | Cumulation() | Absence() | Rate() | HonestClock():
            for found in _patterns(document, example, _Held(case, matter, law)):
                grounds = (*(fact.id for fact in found.facts), *found.judgements)
                if isinstance(demand, Absence):  # of what never came, only its begin is known
                    grounds = (found.anchor,)
                yield Outcome(found.level.value, _told(document, found), found.clause, grounds)
        case _:
            yield from _judged(document, example, _Held(case, matter, law))


@dataclass(frozen=True, slots=True)
class _Held:
    case: Case
    matter: Matter
    law: Law


def _judged(document: Document, example: ExampleForm, held: _Held) -> Iterator[Outcome]:
    now = example.as_of or max((each.time for each in example.facts), default=TEST_DAY)
    terms = terms_of(held.case, held.matter, held.law)
    for finding in judge(KEY, held.case, terms, held.law.office, now).findings:
        if finding.judgement.rule == document.rule.id:
            evidence = finding.evidence
            level, clock = finding.judgement.level.value, finding.judgement.clock
            yield Outcome(level, clock, evidence.clause, evidence.facts)
    for act in irregularities(KEY, held.case, held.matter, held.law, now):
        match act:
            case Failed(words=words):
                raise ValueError(words)
            case Finding(evidence=evidence) if evidence.message == document.rule.title:
                raise ValueError("告知文字不能填写，请核对其中的每一项。")
            case Finding(judgement=judgement, evidence=evidence):
                level = judgement.level.value
                yield Outcome(level, evidence.message, evidence.clause, evidence.facts)
            case _:
                assert_never(act)


def _told(document: Document, found: PatternFinding) -> str:
    message = document.rule.message
    return "" if message is None else message.fill(found.values())


def _patterns(document: Document, example: ExampleForm, held: _Held) -> Iterator[PatternFinding]:
    rule, demand, office = document.rule, document.rule.demand, held.law.office
    match demand:
        case Count():
            group = Group(rule.id, demand.by, "样例", DEFAULTS["unit"])
            met = list(_occurrences(demand, held))
            yield from count(rule, demand, group, met, office, steps_on=_steps(demand, example))
        case Cumulation():
            yield from _cumulated(document, demand, example, office)
        case Absence():
            yield from _absent(document, demand, example, office)
        case Rate() | HonestClock():
            groups = _tallied(document, demand, example)
            day = office.local_date(example.as_of or TEST_DAY)
            told = Days(day, day)
            first = next(iter(groups), None)
            found = (
                rates(rule, demand, groups, office, told)
                if isinstance(demand, Rate)
                else honest_clocks(rule, demand, groups, office, told)
            )
            yield from (each for each in found if each.group == first)
        case _:
            return


def _steps(demand: Count, example: ExampleForm) -> StepsOn:
    values: Mapping[str, object] = {} if example.quota is None else {"quota": example.quota}
    fixed: Sequence[Step] = steps(demand.thresholds, values)
    return lambda _day: fixed


def _occurrences(demand: Count, held: _Held) -> Iterator[Occurrence]:
    for act in held.case.acts:
        if act.type not in demand.on:
            continue
        around = Surroundings(key=KEY, case=held.case, act=act, matter=held.matter, law=held.law)
        if demand.when is None or demand.when.value(around.values(demand.when.names)) is True:
            yield Occurrence(id=act.id, at=act.at, facts=(Source(SOURCE, act.id),), case=KEY)


def _cumulated(
    document: Document, demand: Cumulation, example: ExampleForm, office: Office
) -> Iterator[PatternFinding]:
    groups: dict[Group, list[Occurrence]] = {}
    for number, form in enumerate(example.judgements):
        judged = Judged(
            id=f"判定{number}",
            rule=form.rule,
            level=form.level,
            at=form.time,
            keys={demand.by: "样例"},
            case=KEY,
        )
        added = added_up(document.rule.id, demand, judged, frozenset())
        if added is not None:
            groups.setdefault(added[0], []).append(added[1])
    for group, occurrences in groups.items():
        yield from cumulate(document.rule, demand, group, occurrences, office)


def _absent(
    document: Document, demand: Absence, example: ExampleForm, office: Office
) -> Iterator[PatternFinding]:
    if example.gap is None:
        return
    group = Group(document.rule.id, By.SOURCE, "样例", DEFAULTS["unit"])
    gap = Gap(example.gap.since, example.gap.until)
    heard = example.as_of or TEST_DAY
    told = absences(document.rule, demand, group, [gap], office, heard)
    yield from (each.finding for each in told.missed)


def _tallied(
    document: Document, demand: Rate | HonestClock, example: ExampleForm
) -> Mapping[Group, Sequence[Occurrence]]:
    at = Moment.instant((example.as_of or TEST_DAY) - timedelta(hours=1))
    by = demand.by if isinstance(demand, Rate) else By.UNIT
    return {
        Group(document.rule.id, by, f"样例{place}", f"样例{place}"): [
            Occurrence(
                id=str(each), at=at, facts=(Source(SOURCE, str(each)),), case=KEY, hit=each < hits
            )
            for each in range(of)
        ]
        for place, (hits, of) in enumerate(example.tallies, 1)
    }

"""All that cases are judged by, as it was said so far, and the terms that follow for one case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.electronic_supervision.domain.case import Case
from services.electronic_supervision.domain.catalogue.catalogue import Catalogue, ItemVersion
from services.electronic_supervision.domain.registers.registers import Registers
from services.electronic_supervision.domain.registers.service_chain import ServiceChain
from services.electronic_supervision.domain.rules.book import Mode, RuleBook
from services.electronic_supervision.domain.rules.demands import (
    Demand,
    LimitBy,
    Span,
    StepLimits,
    WholeCase,
)
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.terms import SpanTerms, Standard, Terms
from services.electronic_supervision.domain.time.limits import Limit
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office

NO_RULE = Terms(whole=Standard(rule="none", version=1, clause=""), takes_stated=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """Office time, the rules, the catalogue of items and the registers."""

    office: Office
    book: RuleBook
    catalogue: Catalogue = field(default_factory=Catalogue)
    registers: Registers = field(default_factory=Registers)

    def day(self, at: Moment) -> date:
        """Return the local day of a moment."""
        return self.office.local_date(at.earliest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a case is about by the law: its item or chain in the version that it began under."""

    unit: str
    code: str
    item: ItemVersion | None = None
    chain: ServiceChain | None = None

    @property
    def nature(self) -> str:
        """Return what kind of business it is, "" if nobody knows."""
        if self.item is not None:
            return self.item.content.nature.value
        return "" if self.chain is None else "investment"

    @property
    def steps(self) -> Mapping[str, Limit | None]:
        """Return its steps in order, by code."""
        if self.item is not None:
            steps = self.item.content.steps
            return {step.code: None if step.limit is None else step.limit.limit for step in steps}
        stages = () if self.chain is None else self.chain.stages
        return {each.code: None if each.time is None else each.time.limit for each in stages}


def matter_of(source: str, case: Case, law: Law) -> Matter:
    """Find out what a case is about: it keeps the version that held when it was accepted."""
    begin = case.accepted.at if case.accepted else case.acts[0].at if case.acts else None
    if begin is None or not case.item:
        return Matter(unit=case.unit, code=case.item)
    day = law.day(begin)
    item = law.catalogue.item(case.item, day, source)
    chain = law.registers.chain(case.item, day) if item is None else None
    code = case.item if item is None else item.code
    return Matter(unit=case.unit, code=code, item=item, chain=chain)


def terms_of(case: Case, matter: Matter, law: Law) -> Terms:
    """Choose what limits a case: the rules of the day of its acceptance, and of its first span.

    Of the rules on the whole case one counts: one with a limit of its own before the catalogue's,
    and that before the limit that the supervised system states for itself.
    """
    spans = tuple(_spans(case, matter, law))
    if case.accepted is None or case.acceptance is None:
        return Terms(whole=NO_RULE.whole, spans=spans, takes_stated=False)
    day = law.day(case.accepted.at)
    limit, clause = _promise(case.acceptance.enterprise, matter, law, day)
    rule = max(
        (r for r in _in_force(law, WholeCase, day, matter) if _limits(r, limit)),
        key=_precedence,
        default=None,
    )
    step = next(_in_force(law, StepLimits, day, matter), None)
    if rule is None or not isinstance(rule.demand, WholeCase):
        whole, own, takes_stated = NO_RULE.whole, None, False
    else:
        takes_stated = rule.demand.by is LimitBy.STATED
        own = {LimitBy.CATALOGUE: limit, LimitBy.RULE: rule.demand.limit}.get(rule.demand.by)
        whole = _standard(rule, rule.demand, clause if rule.demand.by is LimitBy.CATALOGUE else "")
    return Terms(
        whole=whole,
        limit=own,
        steps={} if step is None else {k: v for k, v in matter.steps.items() if v is not None},
        step=None if step is None else _step_standard(step),
        spans=spans,
        grounds={} if matter.item is None else matter.item.content.grounds,
        takes_stated=takes_stated,
    )


def _promise(enterprise: str, matter: Matter, law: Law, day: date) -> tuple[Limit | None, str]:
    """Return the limit of the item, with its clause; a green card's where it has one."""
    if matter.item is None:
        return None, ""
    content = matter.item.content
    if content.green_card is not None and enterprise and law.registers.holds(enterprise, day):
        return content.green_card.limit, "绿卡服务时限"
    if content.promised is not None:
        return content.promised.limit, content.promised_clause
    if content.statutory is not None:
        return content.statutory.limit, content.statutory_clause
    return None, ""


def _in_force(law: Law, kind: type[Demand], day: date, matter: Matter) -> Iterator[Rule]:
    for entry in law.book.by_kind(kind, day):
        if entry.mode is Mode.ACTIVE and covers(entry.rule, matter):
            yield entry.rule


def covers(rule: Rule, matter: Matter) -> bool:
    """Tell whether a rule is meant for what a case is about."""
    return rule.scope.holds(matter.unit, matter.code, matter.nature)


def _limits(rule: Rule, limit: Limit | None) -> bool:
    demand = rule.demand
    return isinstance(demand, WholeCase) and (
        demand.by is not LimitBy.CATALOGUE or limit is not None
    )


def _precedence(rule: Rule) -> tuple[int, str]:
    order = (LimitBy.STATED, LimitBy.CATALOGUE, LimitBy.RULE)
    return (order.index(rule.demand.by) if isinstance(rule.demand, WholeCase) else -1), rule.id


def _spans(case: Case, matter: Matter, law: Law) -> Iterator[SpanTerms]:
    """A span is judged by the version of its rule on the day on which it first began."""
    if Span not in law.book.kinds:
        return
    chosen: set[str] = set()
    for act in case.acts:
        for entry in law.book.on(act.type, law.day(act.at)):
            rule, demand = entry.rule, entry.rule.demand
            if not isinstance(demand, Span) or act.type not in demand.begin:
                continue
            if rule.id in chosen or entry.mode is not Mode.ACTIVE or not covers(rule, matter):
                continue
            chosen.add(rule.id)
            yield SpanTerms(
                standard=_standard(rule, demand, ""),
                name=demand.name,
                begin=frozenset(demand.begin),
                end=frozenset(demand.end),
                limit=demand.limit,
                pauses=demand.pauses,
            )


def _standard(rule: Rule, demand: WholeCase | Span | StepLimits, more: str) -> Standard:
    return Standard(
        rule=rule.id,
        version=rule.version,
        clause="；".join(filter(None, (rule.clause, more))),
        lead=demand.lead,
        grace=demand.grace,
    )


def _step_standard(rule: Rule) -> Standard | None:
    return _standard(rule, rule.demand, "") if isinstance(rule.demand, StepLimits) else None

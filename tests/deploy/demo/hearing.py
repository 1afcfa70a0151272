"""The simulated city, heard by the real domain: what is true of its cases at an instant."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from deploy.demo.city import BY_NAME
from deploy.demo.said import Said
from deploy.demo.world import desks
from kernel.intake.heard import Heard
from services.electronic_supervision.domain.case import Case, fold
from services.electronic_supervision.domain.facts import Fact
from services.electronic_supervision.domain.judgement import CaseKey, judge
from services.electronic_supervision.domain.law import Matter, terms_of
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.doors.screen import screen
from services.electronic_supervision.hearing import fact_of
from services.electronic_supervision.loop.court import stated_law

GRAVEST = [Level.REMINDER, Level.YELLOW_LEAD, Level.RED_LEAD, Level.YELLOW, Level.RED]


@dataclass
class Told:
    """What is recorded of one case; `unread` are ids of events that nobody could read."""

    facts: list[Fact] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def case(self) -> Case:
        return fold(self.facts, unread=bool(self.unread))


def heard(said: Iterable[Said]) -> Mapping[CaseKey, Told]:
    """Take events in as the doors do: once each, by source and id."""
    told: dict[CaseKey, Told] = defaultdict(Told)
    known: dict[tuple[str, str], bytes] = {}
    for each in said:
        system = BY_NAME[each.system].system
        record = told[CaseKey(system.source, each.case)]
        event = screen(each.body, system)
        if (
            not isinstance(event, Heard)
            or known.setdefault(event.key, event.digest) != event.digest
        ):
            record.unread.add(each.id)
            continue
        record.unread.discard(each.id)
        fact = fact_of(event.event, each.told_at.astimezone(UTC), desks().office)
        if fact is not None:
            record.facts.append(fact)
    return told


def stands(key: CaseKey, told: Told, now: datetime) -> list[Level]:
    """Return the levels that stand against a case at an instant."""
    settle = BY_NAME[key.source.rpartition("/")[2]].system.settle
    case, law = told.case(), stated_law(desks().office)
    terms = terms_of(case, Matter(unit=case.unit, code=case.item), law)
    outlook = judge(key, case, terms, desks().office, now.astimezone(UTC) - settle)
    return [finding.judgement.level for finding in outlook.findings]


def wall(cases: Mapping[CaseKey, Told], now: datetime) -> Counter[Level]:
    """Count the open cases by the gravest that stands against each, as the wall shows them."""
    found: Counter[Level] = Counter()
    for key, told in cases.items():
        levels = stands(key, told, now)
        if levels and told.case().ended is None:
            found[max(levels, key=GRAVEST.index)] += 1
    return found

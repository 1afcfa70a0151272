"""What a rehearsal came to: figures, by unit, item and rule, by level, and examples."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.electronic_supervision.domain.irregularity import Failed
from services.electronic_supervision.domain.rules.demands import By
from services.electronic_supervision.rehearsal.compare import Compared
from services.electronic_supervision.rehearsal.difference import Difference, What
from services.electronic_supervision.rehearsal.shift import Shift
from services.electronic_supervision.rehearsal.words import explained

EXAMPLES, OF_A_UNIT = 100, 20
FAILURES = 20

Example = Mapping[str, str | None]


@dataclass(slots=True)
class Tally:
    """Counts over some cases; those of parts of the record add up with `take`."""

    cases: int = 0
    facts: int = 0
    stuck: int = 0
    whats: Counter[What] = field(default_factory=Counter)
    units: Counter[tuple[str, What]] = field(default_factory=Counter)
    items: Counter[tuple[str, What]] = field(default_factory=Counter)
    rules: Counter[tuple[str, What]] = field(default_factory=Counter)
    levels: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    shown: Counter[str] = field(default_factory=Counter)
    over_time: Counter[str] = field(default_factory=Counter)

    def add(self, stream: str, compared: Compared) -> None:
        """Count what differs for one case."""
        known = {(each.rule, each.fact) for each in compared.before.failed}
        self._fail(each for each in compared.after.failed if (each.rule, each.fact) not in known)
        for each in compared.differences:
            unit, (before, after) = each.either.evidence.unit, each.levels
            self.whats[each.what] += 1
            self.units[unit, each.what] += 1
            self.items[compared.item, each.what] += 1
            self.rules[each.either.judgement.rule, each.what] += 1
            self.levels[before and before.value, after and after.value] += 1
            if self.shown[unit] < OF_A_UNIT:
                self._show(_example(stream, compared, each))

    def shift(self, each: Shift) -> None:
        """Count what differs over time; of no item unless it is one that was looked at."""
        group = each.either.group
        self.whats[each.what] += 1
        self.units[group.unit, each.what] += 1
        if group.by is By.ITEM:
            self.items[group.key, each.what] += 1
        self.rules[group.rule, each.what] += 1
        self.levels[each.levels] += 1
        self.over_time[group.unit] += 1
        if self.over_time[group.unit] <= OF_A_UNIT:
            self.examples.append(_example_over_time(each))

    def take(self, other: "Tally") -> None:
        """Add what another part of the record came to, which follows this one."""
        self.cases += other.cases
        self.facts += other.facts
        self.stuck += other.stuck
        self.whats.update(other.whats)
        self.units.update(other.units)
        self.items.update(other.items)
        self.rules.update(other.rules)
        self.levels.update(other.levels)
        self.failures.update(other.failures)
        for example in other.examples:
            if self.shown[example["unit"] or ""] < OF_A_UNIT:
                self._show(example)

    def figures(self) -> dict[str, int]:
        """Return how much was held against both laws, and how much of it differs."""
        figures = {"cases": self.cases, "facts": self.facts}
        figures |= {what.value: self.whats[what] for what in What}
        return figures | ({"stuck": self.stuck} if self.stuck else {})

    def result(self, notes: Iterable[str] = ()) -> dict[str, Any]:
        """Return all of it, as it is kept and shown."""
        return {
            "figures": self.figures(),
            "units": list(_rows("unit", self.units)),
            "items": list(_rows("item", self.items)),
            "rules": list(_rows("rule", self.rules)),
            "levels": [
                {"before": before, "after": after, "count": count}
                for (before, after), count in self.levels.most_common()
            ],
            "examples": self._chosen(),
            "failures": [
                {"rule": rule, "words": words, "count": count}
                for (rule, words), count in self.failures.most_common(FAILURES)
            ],
            "notes": list(notes),
        }

    def _fail(self, failed: Iterable[Failed]) -> None:
        self.failures.update((each.rule, each.words) for each in failed)

    def _show(self, example: Example) -> None:
        self.shown[example["unit"] or ""] += 1
        self.examples.append(example)

    def _chosen(self) -> list[Example]:
        """Take turns among the units and what happens there, so that each is seen."""
        turns: Counter[tuple[str | None, ...]] = Counter()
        ranked = []
        for place, each in enumerate(self.examples):
            of = each["unit"], each["kind"], each["rule"]
            turns[of] += 1
            ranked.append((turns[of], place, each))
        chosen = sorted(ranked, key=lambda each: each[:2])[:EXAMPLES]
        return [each for _, _, each in chosen]


def _rows(name: str, counts: Counter[tuple[str, What]]) -> Iterator[Mapping[str, str | int]]:
    """Yield what differs for each of these, those with the most first."""
    of_each: dict[str, Counter[What]] = {}
    for (who, what), count in counts.items():
        of_each.setdefault(who, Counter())[what] = count
    for who, told in sorted(of_each.items(), key=lambda each: (-each[1].total(), each[0])):
        yield {name: who} | {what.value: told[what] for what in What}


def _example(stream: str, compared: Compared, difference: Difference) -> Example:
    found = difference.either
    before, after = difference.levels
    return {
        "kind": difference.what.value,
        "source": compared.key.source,
        "case": compared.key.number,
        "subject": "",
        "stream": stream,
        "unit": found.evidence.unit,
        "item": compared.item,
        "clock": found.judgement.clock,
        "before": before and before.value,
        "after": after and after.value,
        "rule": found.judgement.rule,
        "clause": found.evidence.clause,
        "words": explained(compared, difference),
    }


def _example_over_time(shift: Shift) -> Example:
    found = shift.either
    before, after = shift.levels
    return {
        "kind": shift.what.value,
        "source": "",
        "case": "",
        "subject": shift.subject,
        "stream": "",
        "unit": found.unit,
        "item": "",
        "clock": "",
        "before": before,
        "after": after,
        "rule": found.rule,
        "clause": found.clause,
        "words": shift.words,
    }

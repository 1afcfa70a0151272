"""Count judged cases: verdicts, anomalies, units, and the state of the desk at given instants."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.electronic_supervision.audit.judge import JudgedCase
from services.electronic_supervision.domain.verdict import Verdict

SOON = timedelta(days=7)


@dataclass(slots=True)
class UnitTally:
    """The cases of one unit."""

    cases: int = 0
    late: int = 0
    open_overdue: int = 0


@dataclass(slots=True)
class AsOfTally:
    """The desk at one instant (UTC): what it had begun, had open, was late with, or soon due."""

    at: datetime
    started: int = 0
    open: int = 0
    open_overdue: int = 0
    due_within_7_days: int = 0

    def add(self, case: JudgedCase) -> None:
        """Count a case in."""
        finished = case.logged.finished
        if case.logged.accepted.earliest > self.at:
            return
        self.started += 1
        if finished is not None and finished.earliest <= self.at:
            return
        self.open += 1
        if case.due is None:
            return
        self.open_overdue += case.due.at < self.at
        self.due_within_7_days += self.at <= case.due.at < self.at + SOON


@dataclass(slots=True)
class Tally:
    """The figures of an audit, as cases come in one by one."""

    as_of: list[AsOfTally]
    cases: int = 0
    events: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    anomalies: Counter[str] = field(default_factory=Counter)
    units: dict[str, UnitTally] = field(default_factory=dict)

    def add(self, case: JudgedCase) -> None:
        """Count a case in."""
        self.cases += 1
        self.verdicts[case.verdict] += 1
        self.anomalies.update(case.anomalies)
        unit = self.units.setdefault(case.logged.unit, UnitTally())
        unit.cases += 1
        unit.late += case.verdict is Verdict.LATE
        unit.open_overdue += case.verdict is Verdict.OPEN_OVERDUE
        for tally in self.as_of:
            tally.add(case)

    def as_data(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the figures as what JSON can hold; times in the zone, most cases first."""
        by_unit = sorted(self.units.items(), key=lambda item: (-item[1].cases, item[0]))
        return {
            "cases": self.cases,
            "events": self.events,
            "anomalies": dict(sorted(self.anomalies.items())),
            "verdicts": {verdict.value: self.verdicts[verdict] for verdict in Verdict},
            "by_unit": [
                {
                    "unit": name,
                    "cases": unit.cases,
                    "late": unit.late,
                    "open_overdue": unit.open_overdue,
                }
                for name, unit in by_unit
            ],
            "as_of": [_as_of(tally, zone) for tally in self.as_of],
        }


def _as_of(tally: AsOfTally, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "at": tally.at.astimezone(zone).isoformat(),
        "started": tally.started,
        "open": tally.open,
        "open_overdue": tally.open_overdue,
        "due_within_7_days": tally.due_within_7_days,
    }

"""A finding as JSON can hold it, for programs that check it."""

from services.electronic_supervision.domain.patterns.finding import Counted, PatternFinding


def as_data(finding: PatternFinding) -> dict[str, object]:
    """Return all of a finding; instants in UTC, shares in 0…1."""
    group = finding.group
    return {
        "id": finding.id,
        "kind": finding.kind.value,
        "detail": finding.detail,
        "rule": finding.rule,
        "version": finding.version,
        "clause": finding.clause,
        "level": finding.level.value,
        "withheld": finding.withheld,
        "subject_kind": group.by.value,
        "subject": group.key,
        "unit": group.unit,
        "problem": group.problem,
        "day": finding.day.isoformat(),
        "at": finding.at.isoformat(),
        "window_from": finding.window_from.isoformat(),
        "window_until": finding.window_until.isoformat(),
        "figures": dict(finding.figures),
        "facts": [{"source": fact.source, "id": fact.id} for fact in finding.facts],
        "judgements": list(finding.judgements),
        "counted": [_counted_data(each) for each in finding.counted],
    }


def _counted_data(each: Counted) -> dict[str, object]:
    return {
        "id": each.id,
        "earliest": each.at.earliest.isoformat(),
        "latest": each.at.latest.isoformat(),
        "case_source": each.case.source if each.case else None,
        "case": each.case.number if each.case else None,
        "weight": each.weight,
        "numbers": dict(each.numbers),
    }

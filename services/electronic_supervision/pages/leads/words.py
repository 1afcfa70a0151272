"""Findings over time in the words of officials."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.patterns.finding import Counted, Kind
from services.electronic_supervision.domain.patterns.telling import (
    SUBJECTS,
    comparison,
    numbers_words,
    summary,
)
from services.electronic_supervision.domain.rules.demands import By
from services.electronic_supervision.pages.rules import paths
from services.electronic_supervision.pages.words import (
    KINDS,
    WITHHELD,
    instant_words,
    moment_words,
    stretch_words,
)
from services.electronic_supervision.reading.findings import Found

ONLY_A_LEAD = "线索只供人工核查，不据此发牌，也不计入考核。"


def line(found: Found, zone: ZoneInfo, now: datetime) -> Mapping[str, object]:
    """Return what the list tells of a finding."""
    told, (kind, level) = found.finding, KINDS[found.kind]
    return {
        "id": told.id,
        "kind": kind,
        "level": level,
        "title": found.title,
        "summary": summary(told, zone, _name(found)),
        "subject_kind": SUBJECTS[told.group.by],
        "subject": _name(found),
        "unit": found.unit_name or told.unit,
        "is_registered": found.unit_name is not None or not told.unit,
        "window": stretch_words(told.window_from, told.window_until, zone, now),
        "at": instant_words(told.at, zone, now),
        "stands": found.stands,
    }


def whole(
    found: Found, ids: Mapping[CaseKey, str], zone: ZoneInfo, now: datetime
) -> Mapping[str, object]:
    """Return what the page of a finding tells."""
    told = found.finding
    doubt = WITHHELD.get(told.withheld, told.withheld)
    return {
        **line(found, zone, now),
        # one from before the register knew the name says the code: the summary says it better
        "message": found.message if _name(found) in found.message else "",
        "clause": told.clause,
        "rule": told.rule,
        "version": told.version,
        "rule_url": paths.rule(told.rule, version=told.version),
        "problem": told.group.problem,
        "doubt": doubt,
        "only_a_lead": ONLY_A_LEAD if found.kind.endswith("lead") else "",
        "comparison": list(comparison(told)),
        "counted": [_counted(each, told.kind, ids, zone, now) for each in reversed(told.counted)],
        "raised_at": instant_words(found.raised_at, zone, now),
    }


def _counted(
    each: Counted,
    kind: Kind,
    ids: Mapping[CaseKey, str],
    zone: ZoneInfo,
    now: datetime,
) -> Mapping[str, str]:
    return {
        "at": moment_words(each.at, zone, now),
        "case": "" if each.case is None else ids.get(each.case, ""),
        "number": each.id if each.case is None else each.case.number,
        "numbers": "，".join(numbers_words(each, kind)),
    }


def _name(found: Found) -> str:
    group = found.finding.group
    return (group.by is By.UNIT and found.unit_name) or group.key

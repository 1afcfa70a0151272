"""What would become of an event that was only tried, in the words of officials."""

from collections.abc import Mapping
from datetime import datetime

from services.electronic_supervision.domain.chinese import FLAGS
from services.electronic_supervision.domain.clocks import Clock, course
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.words import name_of_limit
from services.electronic_supervision.pages.case.clocks import NAMES
from services.electronic_supervision.pages.words import KINDS, clock_words, end_words, moment_words
from services.electronic_supervision.reading.quarantine_words import FIX, WHY, why_words
from services.electronic_supervision.reading.trying import Fate, Outlook


def fate_words(number: int, fate: Fate, office: Office, now: datetime) -> Mapping[str, object]:
    """Word the fate of one event."""
    if fate.why is not None:
        why = fate.why
        return {
            "number": number,
            "kind": "red",
            "outcome": "不予接收",
            "lines": [
                why_words(why.code, why.field, why.message) if why.code in WHY else why.code,
                *([f"字段 {why.field}"] if why.field else []),
                FIX.get(why.code, ""),
            ],
            "code": why.code,
            "case": None,
        }
    flags = [FLAGS_BY_CODE.get(each, each) for each in fate.flags]
    outcome = "重复，已报送过" if fate.is_duplicate else "可以接收"
    return {
        "number": number,
        "kind": "plain" if fate.is_duplicate or flags else "good",
        "outcome": outcome,
        "lines": [f"存疑：{each}，不据此发牌" for each in flags],
        "code": "",
        "case": None if fate.outlook is None else _case(fate.outlook, office, now),
    }


FLAGS_BY_CODE = {flag.value: words for flag, words in FLAGS.items()}


def _case(outlook: Outlook, office: Office, now: datetime) -> Mapping[str, object]:
    case = outlook.case
    return {
        "number": outlook.number,
        "unit": case.unit or "尚未受理",
        "item": case.item or "—",
        "flags": [FLAGS[each] for each in sorted(case.flags) if each in FLAGS],
        "clocks": [_clock(each, office, now) for each in outlook.clocks],
        "levels": [KINDS[each.level.value] for each in outlook.judgements],
    }


def _clock(clock: Clock, office: Office, now: datetime) -> Mapping[str, str]:
    name = NAMES.get(clock.name, clock_words(clock.name))
    try:
        run = course(clock, office)
    except OverflowError:
        return {"name": name, "limit": "超出日历范围", "due": "—", "start": "—"}
    return {
        "name": name,
        "start": moment_words(clock.start.at, office.zone, now),
        "limit": "，其后".join(map(name_of_limit, run.limits)) or "未设",
        "due": "—" if run.due is None else end_words(run.due, office, now),
    }

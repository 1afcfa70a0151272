"""How connectors and their runs are worded for officials."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.electronic_supervision.connect.runs import INTERRUPTED
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.connectors.found import Bad, Run, State
from services.electronic_supervision.pages.words import instant_words

PATIENCE = timedelta(minutes=1)
"""How much later than it said a connector may look before nobody is believed to run it."""

UNITS = (("天", timedelta(days=1)), ("小时", timedelta(hours=1)), ("分钟", timedelta(minutes=1)))


def line(state: State, office: Office, now: datetime) -> Mapping[str, object]:
    """Word how a connector stands."""
    return {
        "name": state.name,
        "system": state.title or state.source,
        "source": state.source,
        "place": state.place,
        "kind": "目录" if state.is_folder else "数据库视图",
        "every": every_words(state.every),
        "looked": _at(state.looked_at, office, now),
        "through": _at(state.looked_through, office, now),
        "next": _at(state.next_at, office, now),
        "read": _at(state.read_at, office, now),
        "held": state.held,
        "is_well": not state.code and not _is_left(state, now),
        "trouble": _trouble(state, now),
        "message": state.message,
        "is_reading": state.is_reading,
    }


def run_line(run: Run, office: Office, now: datetime) -> Mapping[str, object]:
    """Word what a run did."""
    return {
        "number": run.number,
        "connector": run.connector,
        "place": run.place,
        "began": instant_words(run.began_at, office.zone, now),
        "took": "" if run.ended_at is None else _took(run.ended_at - run.began_at),
        "entries": run.entries,
        "new": run.new,
        "changed": run.changed,
        "unchanged": run.unchanged,
        "events": run.events,
        "bad": run.bad,
        "is_well": run.ended_at is not None and not run.code,
        "result": _result(run),
        "message": run.message,
    }


def bad_line(bad: Bad) -> Mapping[str, object]:
    """Word a row that could not be told."""
    became = {None: "待改正", "released": "已改正", "discarded": "已作废"}
    return {
        "id": bad.id,
        "words": bad.message,
        "case": bad.noted_in if bad.has_case else "",
        "is_open": bad.settled is None,
        "became": became[bad.settled],
    }


def every_words(every: timedelta) -> str:
    """Name how often a connector looks."""
    for word, unit in UNITS:
        if every % unit == timedelta():
            return f"每 {every // unit} {word}"
    return f"每 {every // timedelta(seconds=1)} 秒"


def _at(at: datetime | None, office: Office, now: datetime) -> str:
    return "" if at is None else instant_words(at, office.zone, now)


def _is_left(state: State, now: datetime) -> bool:
    if state.is_reading:
        return False
    return state.next_at is None or now > state.next_at + PATIENCE


def _trouble(state: State, now: datetime) -> str:
    if state.code:
        return f"连续 {state.failures} 次未成" if state.failures > 1 else "未成"
    return "没有进程在运行" if _is_left(state, now) else ""


def _result(run: Run) -> str:
    if run.code == INTERRUPTED:
        return "中断，已由后来的运行接着读"
    if run.code:
        return "未读成"
    return "正在读取" if run.ended_at is None else "已读完"


def _took(took: timedelta) -> str:
    seconds = took / timedelta(seconds=1)
    return f"{seconds:.1f} 秒" if seconds < 60 else f"{seconds / 60:.1f} 分钟"

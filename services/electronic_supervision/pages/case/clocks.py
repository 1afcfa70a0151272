"""The clocks of a case side by side: what each allows, when it runs, and how it stands."""

from collections.abc import Mapping

from services.electronic_supervision.domain.chinese import VERDICTS as USUAL
from services.electronic_supervision.domain.clocks import CITIZEN, TOTAL, Clock
from services.electronic_supervision.domain.explanation import Explanation
from services.electronic_supervision.domain.time.limits import measure_of
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.verdict import Verdict
from services.electronic_supervision.domain.words import conclusion, name_of_limit
from services.electronic_supervision.pages.words import (
    clock_words,
    distance_words,
    end_words,
    moment_words,
)

NAMES = {TOTAL: "机关钟", CITIZEN: "群众钟"}
ABOUT = {
    TOTAL: "从受理到办结，依法中止的时间不计入；据此预警、发牌。",
    CITIZEN: "从受理到送达，不因中止而停；只供对照，不据以发牌。",
}
VERDICTS = {
    CITIZEN: {
        Verdict.ON_TIME: "按期结束",
        Verdict.LATE: "超期结束",
        Verdict.OPEN: "尚未送达，未到期",
        Verdict.OPEN_OVERDUE: "尚未送达，已超期",
    },
    "step": {
        Verdict.ON_TIME: "环节按期结束",
        Verdict.LATE: "环节超期结束",
        Verdict.OPEN: "环节进行中，未到期",
        Verdict.OPEN_OVERDUE: "环节进行中，已超期",
    },
}
"""What a verdict is called of another clock than that of the whole case."""

STEP = "从环节开始到结束，依法中止的时间不计入；据此预警、发牌。"


def clock_panel(
    clock: Clock, told: Explanation | None, office: Office, url: str, *, is_shown: bool
) -> Mapping[str, object]:
    """Word how a clock stands; `told` is None where its times are out of reach."""
    about = {
        "name": NAMES.get(clock.name, clock_words(clock.name)),
        "about": ABOUT.get(clock.name, STEP),
        "url": url,
        "is_shown": is_shown,
    }
    if told is None:
        return about | {"is_untold": True}
    now, zone = told.as_of, office.zone
    end = "" if told.end is None else moment_words(told.end.at, zone, now)
    return about | {
        "is_untold": False,
        "verdict": verdict_words(told),
        "kind": kind_of(told),
        "limit": "，其后".join(map(name_of_limit, told.limits)) or "未设",
        "start": moment_words(told.start.at, zone, now),
        "due": due_of(told, office),
        "left": _left(told, office),
        "end": end,
        "pauses": _pauses(clock),
    }


def verdict_words(told: Explanation) -> str:
    """Tell the verdict of a clock and by how much its limit was missed."""
    words = conclusion(told)
    usual, more = words[: len(USUAL[told.verdict])], words[len(USUAL[told.verdict]) :]
    own = VERDICTS.get(told.clock.partition(":")[0], {})
    return f"{own.get(told.verdict, usual)}{more}"


def kind_of(told: Explanation) -> str:
    """Return how a verdict looks beside its words: `good`, `late` or `plain`."""
    if told.verdict is Verdict.ON_TIME:
        return "good"
    return "late" if told.verdict in {Verdict.LATE, Verdict.OPEN_OVERDUE} else "plain"


def due_of(told: Explanation, office: Office) -> str:
    """Name the end of a limit, or say why there is none."""
    if told.due is not None:
        return end_words(told.due, office, told.as_of)
    return "中止期间停止计算，恢复后顺延" if told.limits else "—"


def _left(told: Explanation, office: Office) -> str:
    if told.verdict is not Verdict.OPEN or told.due is None:
        return ""
    return distance_words(told.due.at, measure_of(told.limits[-1]), office, told.as_of)


def _pauses(clock: Clock) -> str:
    if clock.name == CITIZEN:
        return ""
    parts = []
    if clock.pauses:
        lasts = "，现仍中止" if clock.pauses[-1].end is None and clock.end is None else ""
        parts.append(f"依法中止{len(clock.pauses)}次{lasts}")
    if clock.idle:
        parts.append(f"无法定依据的中止{len(clock.idle)}次，不停钟")
    return "；".join(parts)

"""Why a judgement would appear, vanish or change, in Chinese, for whom it concerns."""

from datetime import date

from services.electronic_supervision.domain.clocks import TOTAL
from services.electronic_supervision.domain.judgement import Finding
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.rehearsal.compare import Compared, Said
from services.electronic_supervision.rehearsal.difference import Difference

LEVELS = {
    Level.LEAD: "线索",
    Level.REMINDER: "预警",
    Level.YELLOW: "黄牌",
    Level.RED: "红牌",
    Level.YELLOW_LEAD: "黄牌线索",
    Level.RED_LEAD: "红牌线索",
}


def explained(compared: Compared, difference: Difference) -> str:
    """Tell what holds by the law as it is, and what would hold instead."""
    now = _side(difference.before, compared.before, difference.either)
    then = _side(difference.after, compared.after, difference.either)
    return f"现行：{now}。变更后：{then}。"


def _side(found: Finding | None, said: Said, other: Finding) -> str:
    if found is None:
        due = None if said.total is None else said.total.due
        if other.judgement.clock == TOTAL and due is not None:
            return f"期限{_date(due.on)}届满，不产生{LEVELS[other.judgement.level]}"
        return f"不产生{LEVELS[other.judgement.level]}"
    evidence, judged = found.evidence, found.judgement
    if evidence.message:
        what = f"{_date(judged.due_on)}，{evidence.message.removesuffix('。')}"
    elif evidence.limit is not None:
        name = judged.clock.removeprefix("step:")
        step = "" if judged.clock == TOTAL else f"“{name}”"
        what = f"{step}期限{_date(evidence.limit.on)}届满"
    else:
        what = _date(judged.due_on)
    ground = f"{evidence.clause}，规则 {judged.rule} 第{evidence.rule_version}版"
    return f"{LEVELS[judged.level]}，{what}（{ground}）"


def _date(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"

"""The officials' word for every code that a person may read."""

from services.electronic_supervision.domain.case import Flag
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.domain.time.intervals import Reason
from services.electronic_supervision.domain.verdict import Verdict

VERDICTS = {
    Verdict.ON_TIME: "按期办结",
    Verdict.LATE: "超期办结",
    Verdict.OPEN: "在办，未到期",
    Verdict.OPEN_OVERDUE: "在办，已超期",
    Verdict.NO_LIMIT: "未设时限",
}
CLOCKS = {"total": "总时限（机关钟）", "citizen": "群众钟（不因中止而停）"}
REASONS = {
    Reason.START_DAY: "开始的当日，不计入",
    Reason.WORKING_DAY: "工作日",
    Reason.SWAPPED: "调休上班",
    Reason.CALENDAR_DAY: "自然日",
    Reason.OFFICE_HOURS: "办公时间",
    Reason.ELAPSED: "连续计时",
    Reason.WEEKEND: "休息日，不计入",
    Reason.FESTIVAL: "节假日，不计入",
    Reason.OUTSIDE_HOURS: "办公时间以外，不计入",
    Reason.PAUSED: "中止，不计入",
    Reason.MOVED: "末日为休假日，顺延至次一工作日",
    Reason.STATED: "系统自报的期限，照录",
}
GROUNDS = {
    "hearing": "听证",
    "tender": "招标",
    "auction": "拍卖",
    "inspection": "检验",
    "testing": "检测",
    "quarantine": "检疫",
    "appraisal": "鉴定",
    "expert-review": "专家评审",
    "supplement": "补正",
    "publicity": "公示",
    "other": "其他",
}
LEVELS = {Level.REMINDER: "预警", Level.YELLOW: "黄牌", Level.RED: "红牌"}
FLAGS = {
    Flag.ACCEPTED_TWICE: "重复受理",
    Flag.DUE_BEFORE_ACCEPTED: "自报期限早于受理",
    Flag.FINISHED_BEFORE_ACCEPTED: "办结早于受理",
    Flag.FUTURE_TIME: "时间在未来",
    Flag.PAUSED_BEFORE_ACCEPTED: "中止早于受理",
    Flag.PAUSED_TWICE: "重复中止",
    Flag.RESUMED_WITHOUT_PAUSE: "未中止而恢复",
    Flag.STEP_OUTSIDE_CASE: "环节在办件起止之外",
    Flag.STEP_STARTED_TWICE: "环节未结束又开始",
    Flag.TIME_OUT_OF_RANGE: "时间超出可信范围",
    Flag.MESSAGE_IN_QUARANTINE: "有消息无法读取",
}
WEEKDAYS = "一二三四五六日"

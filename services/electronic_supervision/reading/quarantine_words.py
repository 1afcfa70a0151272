"""Why a message waits in quarantine, and what it told of, in the words of officials."""

import re

from contracts.subjects import Subject, SubjectError, parse
from services.electronic_supervision.reading.refusals import FIXES, TITLES

EVENTS = {
    "case-accepted": "受理",
    "case-decided": "办结",
    "case-transferred": "转办",
    "case-withdrawn": "撤回",
    "clock-paused": "中止",
    "clock-resumed": "恢复",
    "fact-voided": "误录作废",
    "fee-charged": "收费",
    "limit-extended": "延期",
    "result-delivered": "送达",
    "step-started": "环节开始",
    "step-finished": "环节结束",
    "supplement-requested": "一次性告知补正",
}
"""What city systems tell of cases, by the third part of its type."""

ROW = "row-unreadable"
WHY = TITLES | {
    "bad-subject": "主题不符合约定的形式",
    "unknown-system": "该系统尚未接入",
    "subject-mismatch": "事件内容与主题不一致",
    "not-processable": "暂时无法处理",
    ROW: "表格或视图中的一行无法报送",
}
FIX = FIXES | {
    "bad-subject": "请来源系统的维护人员对照接口说明改正消息主题，再重新报送。",
    "unknown-system": "请先办理接入，再重新读取。",
    "subject-mismatch": "请来源系统核对主题中的事件类型、单位和办件编号后重新报送。",
    "not-processable": "请运行维护人员查看当时的运行日志，排除原因后重新读取。",
    ROW: "请来源单位改正文件或视图中的这一行后重新导出，连接器读到后自动放行。",
}
SCHEMA = (
    ("Field required", "缺少该字段"),
    ("an event is a JSON object", "应是一个 JSON 对象"),
    ("an event names its type", "没有写明事件类型"),
    ("Input should have timezone info", "时间应带时区"),
    ("Input should be a valid datetime", "不是有效的时间"),
    ("Input should be a valid date", "不是有效的日期"),
    ("Input should be a valid string", "应是文本"),
    ("Input should be a valid integer", "应是整数"),
    ("Input should be a valid number", "应是数值"),
    ("Input should be a valid list", "应是一个列表"),
    ("Input should be a valid", "类型不对"),
    ("Input should be greater than", "数值过小"),
    ("Input should be less than", "数值过大"),
    ("Input should be", "不在约定的取值之内"),
    ("String should have at least", "文本过短，或者为空"),
    ("String should have at most", "文本过长"),
    ("String should match", "不符合约定的写法"),
    ("List should have at least", "列表为空，或者项目过少"),
    ("List should have at most", "列表项目过多"),
    ("the character U+0000", "含有空字符"),
)
"""How what a schema says of a field begins, and the same in Chinese; the longer ones first."""

PLACE = re.compile(r"line (\d+) column (\d+)")


def why_words(code: str, field: str, message: str) -> str:
    """Tell why a message cannot be read; nothing of what it says is repeated but a field's name."""
    if code == ROW:  # our own words, of where the row stands
        return f"{WHY[ROW]}：{message}"
    found = next((words for begin, words in SCHEMA if message.startswith(begin)), "")
    if place := PLACE.search(message):
        found = f"第{place[1]}行第{place[2]}列"
    about = f"字段 {field}" if field else ""
    detail = " ".join(part for part in (about, found) if part)
    title = WHY.get(code, "无法读取")
    return f"{title}：{detail}" if detail else title


def fix_words(code: str) -> str:
    """Tell what can be done about it."""
    return FIX.get(code, "请来源系统核对后重新报送。")


def subject_of(subject: str) -> Subject | None:
    """Return what a subject says, None for one that is out of shape."""
    try:
        return parse(subject)
    except SubjectError:
        return None


def event_words(event_type: str) -> str:
    """Name an event by its type."""
    name = event_type.split(".")[2]
    return EVENTS.get(name, name)

"""What electronic supervision's routes refuse, in words for officials and codes for programs."""

from datetime import timedelta
from math import ceil

from kernel.web.problem import ProblemError
from services.electronic_supervision.domain.refused import Refused

STATUS = {
    "malformed-json": 400,
    "foreign-source": 403,
    "foreign-type": 403,
    "id-reused": 409,
    "too-large": 413,
}
TITLES = {
    "malformed-json": "不是有效的 JSON",
    "unknown-type": "没有这种事件类型",
    "schema-mismatch": "事件不符合约定的格式",
    "foreign-source": "不能以其他系统的名义报送",
    "foreign-type": "不能报送这类事件",
    "sequence-out-of-range": "事件序号超出范围",
    "limit-out-of-range": "时限过长",
    "id-reused": "事件编号已用于内容不同的事件",
    "too-large": "事件过大",
}
FIXES = {
    "malformed-json": "请检查报文是否为 UTF-8 编码的完整 JSON。",
    "unknown-type": "请核对事件类型（type）；可以报送的类型见接口说明。",
    "schema-mismatch": "请来源系统的维护人员对照接口说明改正所指字段，再重新报送。",
    "foreign-source": "请将来源（source）改为接入时为该系统登记的名称。",
    "foreign-type": "请核对事件类型（type）；城市系统只报送审批办件的事件。",
    "sequence-out-of-range": "请来源系统核对编号办法：事件序号（sequence）从 1 起连续编号。",
    "limit-out-of-range": "请核对时限的数量和单位；以日计的时限不得超过3650日。",
    "id-reused": "新的事件请用新的编号；更正已报送的事件，请写明所更正的是哪一件（corrects）。",
    "too-large": "请去掉与办件无关的内容；确需报送更大的事件，请与效能办商定。",
}


def refusal(code: str, field: str, detail: str) -> ProblemError:
    """Refuse an event; `detail` says why, and repeats nothing that was sent."""
    return ProblemError(
        STATUS.get(code, 422),
        code,
        title=TITLES[code],
        detail=detail,
        fix=FIXES[code],
        field=field or None,
    )


def unsupported_media() -> ProblemError:
    """Refuse a body that is no CloudEvent by its media type."""
    return ProblemError(
        415,
        "unsupported-media-type",
        title="不支持的报文类型",
        detail="Content-Type 既不是单个 CloudEvent，也不是一批 CloudEvent。",
        fix="单个事件用 application/cloudevents+json，一批用 application/cloudevents-batch+json。",
        field="Content-Type",
    )


def malformed_batch() -> ProblemError:
    """Refuse a batch that is no JSON array."""
    return ProblemError(
        400,
        "malformed-json",
        title=TITLES["malformed-json"],
        detail="一批事件应是一个 JSON 数组。",
        fix=FIXES["malformed-json"],
    )


def too_many_events(most: int) -> ProblemError:
    """Refuse a batch of more events than one transaction should hold."""
    return ProblemError(
        413,
        "too-many-events",
        title="一批事件过多",
        detail=f"一批最多 {most} 个事件。",
        fix="请分成较小的批次报送；重复报送不会重复计入。",
    )


def rate_exceeded(rate: int, wait: timedelta) -> ProblemError:
    """Refuse what comes faster than agreed (events a minute), and say when to come again."""
    seconds = ceil(wait.total_seconds())
    return ProblemError(
        429,
        "rate-exceeded",
        title="报送过于频繁",
        detail=f"商定的速率为每分钟 {rate} 个事件，本次未收。",
        fix=f"请在 {seconds} 秒后重新报送；重复报送不会重复计入。",
        headers={"Retry-After": str(seconds)},
    )


def system_needed() -> ProblemError:
    """Refuse to try events for nobody in particular."""
    return ProblemError(
        422,
        "system-needed",
        title="需要指明来源系统",
        detail="没有写明以哪个已接入的系统试报，或者该系统尚未接入。",
        fix="请选择一个已接入的系统；接口调用请用参数 system 写明系统名。",
        field="system",
    )


def unknown_case() -> ProblemError:
    """Refuse an id that names no case."""
    return ProblemError(
        404,
        "case-unknown",
        title="没有这个办件",
        detail="没有收到过该办件的任何事件。",
        fix="请核对链接或者编号；在办件列表中可按来源和编号查找。",
    )


def unknown_then() -> ProblemError:
    """Refuse to show a case as of an instant by which nothing had been heard of it."""
    return ProblemError(
        404,
        "case-unknown-then",
        title="当时还没有这个办件",
        detail="到所选的时间为止，还没有收到该办件的任何事件。",
        fix="请选择较晚的日期，或者查看现在的情况。",
        field="known_at",
    )


def unknown_clock() -> ProblemError:
    """Refuse the name of a clock that the case does not have."""
    return ProblemError(
        404,
        "clock-unknown",
        title="该办件没有这个计时",
        detail="该办件尚未受理，或者没有这个环节的时限。",
        fix="请从该办件的全部计时中选择。",
        field="clock",
    )


def beyond_calendar() -> ProblemError:
    """Refuse an account that would leave the calendar."""
    return ProblemError(
        422,
        "beyond-calendar",
        title="期限超出日历范围",
        detail="该计时的期限在公元9999年之后，无法逐日说明。",
        fix="请核对受理时间和期限。",
    )


def as_of_out_of_reach() -> ProblemError:
    """Refuse to explain a clock as of an instant that lies too far off."""
    return ProblemError(
        422,
        "as-of-out-of-reach",
        title="截至时间超出范围",
        detail="截至时间应当在公元1900年以后，并且不晚于十年之后。",
        fix="请改填需要说明的时间；不填则说明截至现在的情况。",
        field="as_of",
    )


def unknown_judgement() -> ProblemError:
    """Refuse an id that names no judgement."""
    return ProblemError(
        404,
        "judgement-unknown",
        title="没有这个判定",
        detail="没有作出过该判定。",
        fix="请核对链接或者编号；现行判定见判定列表，以往判定见所属办件。",
    )


def unknown_finding() -> ProblemError:
    """Refuse an id that names no finding, or one that is not for the caller."""
    return ProblemError(
        404,
        "finding-unknown",
        title="没有这条线索",
        detail="没有作出过这一判定，或者不在查看范围内。",
        fix="请核对链接或者编号；现行的见监察线索列表。",
    )


SETTLING = {
    "message-unknown": (
        404,
        "没有这条消息",
        "隔离区中没有这条消息。",
        "请核对链接或者编号，也可在隔离区的列表中查找。",
    ),
    "message-settled": (409, "该消息已经处理", "该消息已经放行或者作废。", "无需再次处理。"),
    "message-expired": (
        410,
        "该消息的原文已过保存期",
        "原文已按规定清除，不能重新读取。",
        "请来源系统重新报送；确认无用的，可以作废并说明理由。",
    ),
    "reason-required": (422, "需要说明理由", "作废消息须说明理由。", "请填写理由。"),
}


def refused(why: Refused) -> ProblemError:
    """Refuse a decision about a message in quarantine."""
    status, title, detail, fix = SETTLING[why.code]
    return ProblemError(
        status, why.code, title=title, detail=detail, fix=fix, field=why.field or None
    )

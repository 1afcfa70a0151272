"""What an auditor reads of an act: when, who in which role, what was done to what."""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kernel.access.policy import ROLE_WORDS, Role
from kernel.reception.audit.merged import Entry

ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = ("时间", "操作人", "角色", "单位", "记录", "操作", "对象", "内容", "位置")


FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "address": "地址",
        "aliases": "对应代码",
        "alias": "对应代码",
        "code": "代码",
        "durable": "离线期间保留",
        "duty": "职务",
        "effective_from": "生效日期",
        "everywhere": "全部退出",
        "expires_at": "有效期至",
        "grant": "角色",
        "grants": "角色",
        "group": "类别",
        "how": "方式",
        "id": "编号",
        "is_generated": "系统生成",
        "issuer": "认证系统",
        "largest": "单个事件的字节数上限",
        "message": "报文",
        "name": "名称",
        "nkey": "总线公钥",
        "person": "人员",
        "post": "岗位",
        "rate": "每分钟事件数上限",
        "reason": "理由",
        "section": "科室",
        "settle": "最迟上传",
        "source": "来源",
        "subject": "认证系统中的标识",
        "subscribes": "订阅",
        "successor": "承接单位",
        "terms": "约定",
        "title": "姓名或者名称",
        "unit": "单位",
        "units": "限于单位",
        "what": "内容",
    }
)
LEFT_OUT = {"digest"}
"""What tells a reader nothing."""

DURATION = re.compile(
    r"P(?=.)(?:(?P<天>\d+)D)?(?:T(?:(?P<小时>\d+)H)?(?:(?P<分钟>\d+)M)?(?:(?P<秒>[\d.]+)S)?)?"
)
WORDS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("how", "password"): "口令",
        ("how", "oidc"): "统一身份认证",
        ("how", "released"): "重新读取",
        ("how", "discarded"): "作废",
    }
)


def row(entry: Entry) -> Mapping[str, str]:
    """Return what the columns tell of an act."""
    act = entry.act
    told = (
        f"{act.recorded_at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}",
        act.by or "（未登录）",
        role_words(act.role),
        act.unit.replace(",", "、") or ("全市" if act.role else ""),
        entry.ledger.title,
        entry.ledger.words.get(act.type, act.type),
        act.stream,
        "；".join(each for each in (content(act.data), _because(act.reason)) if each),
        f"{entry.ledger.name}:{act.position}",
    )
    return dict(zip(COLUMNS, told, strict=True))


def role_words(role: str) -> str:
    """Name a role, as it was recorded if it is none of today's."""
    return ROLE_WORDS[Role(role)] if role in set(Role) else role


def content(data: str) -> str:
    """Return the fields of an event in one line; what is empty is left out."""
    return _fields(json.loads(data), "；")


def _fields(values: Mapping[str, object], between: str) -> str:
    told = {name: _value(name, each) for name, each in values.items() if name not in LEFT_OUT}
    return between.join(
        f"{FIELDS.get(name, name)} {words}" for name, words in told.items() if words
    )


def _because(reason: str) -> str:
    return f"{FIELDS['reason']} {reason}" if reason else ""


def _value(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case str() if name == "settle" and (found := DURATION.fullmatch(value)):
            parts = (f"{each}{unit}" for unit, each in found.groupdict().items() if each)
            return "".join(each for each in parts if each != "0秒") or "即时"
        case str():
            return WORDS.get((name, value), value)
        case list():
            return "、".join(_value(name, each) for each in value)
        case dict() if "role" in value:
            unit = value.get("unit")
            return role_words(str(value["role"])) + (f"（{unit}）" if unit else "")
        case dict():
            return _fields(value, "，")
        case _:
            return str(value)

"""Documents to rehearse."""

import json

RULE = """
id: promised-limit
version: 1
title: 全部办件一个期限
system: promise
clause: 《芜湖市机关效能建设规定》第九条
effective_from: 2011-09-01
whole_case:
  by: rule
  limit: {days} working days
examples:
  - name: 逾期
    facts:
      - {{type: approvals.case-accepted.v1, time: 2012-03-05 09:30}}
    as_of: 2012-06-30 10:00
    expect: red
  - name: 按时
    facts:
      - {{type: approvals.case-accepted.v1, time: 2012-03-05 09:30}}
      - {{type: approvals.case-decided.v1, time: 2012-03-06 09:30, outcome: granted, reasons: []}}
    as_of: 2012-06-30 10:00
    expect: nothing
"""
THREE_REMINDERS = """id: three-reminders
version: 1
title: 三次预警
system: time-limit
clause: 《芜湖市机关效能建设规定》第九条
effective_from: 2011-09-01
cumulation:
  by: unit
  days: 365
  same_rule: true
  points: {reminder: 1}
  thresholds:
    - {at_least: 3, level: yellow}
message: '{subject}在{days}日内因同一问题受到{occurrences}次预警。'
examples:
  - name: 三次
    judgements:
      - {rule: promised-limit, level: reminder, time: 2026-11-05 09:30}
      - {rule: promised-limit, level: reminder, time: 2026-11-06 09:30}
      - {rule: promised-limit, level: reminder, time: 2026-11-09 09:30}
    expect: yellow
  - name: 一次
    judgements:
      - {rule: promised-limit, level: reminder, time: 2026-11-05 09:30}
    expect: nothing
"""
TYPHOON = """
version: CN-2026/台风
rest:
  2026-03-05: 台风停工
  2026-03-06: 台风停工
"""


def rule(days: int, id_: str = "promised-limit") -> str:
    return RULE.replace("promised-limit", id_).format(days=days)


def item(days: int) -> str:
    limit = {"amount": days, "unit": "working-days"}
    content = {"name": "许可", "unit": "housing", "nature": "approval", "promised_limit": limit}
    return json.dumps({"code": "许可", "content": content}, ensure_ascii=False)

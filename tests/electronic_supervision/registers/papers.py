"""Documents about the registers of a small city."""

from datetime import UTC, datetime

NOW = datetime(2012, 7, 2, 1, tzinfo=UTC)
"""A Monday morning in Wuhu."""
ACTING = {"by": "王效能", "role": "office"}

CITY = """\
green_cards:
- {enterprise: 91340200711040652N, name: 芜湖纺织厂, since: 2012-01-01, last_day: 2012-12-31}
- enterprise: "913402001494435763"
  name: 芜湖造船厂
  since: 2012-02-01
  last_day: 2013-01-31
  standing: suspended
  effective_from: 2012-06-01
  reason: 欠缴税款
approvals:
- number: 芜优检〔2012〕7号
  unit: WHAJJ
  enterprises: 91340200711040652N、913402001494435763
  year: 2012
  purpose: 安全生产检查
  first_day: 2012-03-01
  last_day: 2012-06-30
  times: 1
quotas:
- {unit: WHAJJ, year: 2012, times: 1}
- {unit: WHAJJ, year: 2012, enterprise: "913402001494435763", times: 4, reason: 重大危险源}
chains:
- {chain: ZS, chain_name: 工业项目, place: 1, stage: "1", stage_name: 签约, unit: WHZSJ,
   effective_from: 2012-01-01}
- {chain: ZS, chain_name: 工业项目, place: 2, stage: "2", stage_name: 注册登记, unit: WHSGJ,
   limit: 3个工作日, effective_from: 2012-01-01}
bands:
- {offence: AY01, offence_name: 无证经营, clause: 《食品安全法》第八十四条, grade: 轻微,
   circumstances: 初次且及时改正, least: "0", most: "10000", effective_from: 2012-01-01}
- {offence: AY01, offence_name: 无证经营, clause: 《食品安全法》第八十四条, grade: 严重,
   circumstances: 拒不改正, least: "10000", most: "50000.50", effective_from: 2012-01-01}
"""


def city(*changes: tuple[str, str]) -> bytes:
    """Return the document of the city with some of its words replaced."""
    text = CITY
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text.encode()

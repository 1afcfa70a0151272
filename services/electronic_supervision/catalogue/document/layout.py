"""What the sheets and columns of a catalogue document are called, and the words in their cells."""

from kernel.document.layout import Layout, Sheet
from services.electronic_supervision.catalogue.document.lines import (
    AliasLine,
    AnyLine,
    ItemLine,
    MaterialLine,
    PauseLine,
    StepLine,
)
from services.electronic_supervision.catalogue.words import (
    ARRANGEMENTS,
    FEES,
    GUIDES,
    NATURES,
    PAUSE_GROUNDS,
)

ITEMS: Sheet[AnyLine] = Sheet(
    name="items",
    title="事项",
    line=ItemLine,
    columns={
        "code": "事项代码",
        "name": "事项名称",
        "unit": "单位代码",
        "nature": "性质",
        "effective_from": "生效日期",
        "statutory": "法定时限",
        "statutory_clause": "法定依据",
        "promised": "承诺时限",
        "promised_clause": "承诺依据",
        "green_card": "绿卡时限",
        "post_a": "A岗代码",
        "post_b": "B岗代码",
        "fee": "收费",
        "fee_clause": "收费依据",
        "fee_most": "收费上限（元）",
        "guide": "办事指南",
        "arrangement": "办理方式",
        "handed_to": "下放单位代码",
        "withdrawn_from": "取消日期",
        "reason": "变更原因",
    },
    words={"nature": NATURES, "fee": FEES, "guide": GUIDES, "arrangement": ARRANGEMENTS},
)
STEPS: Sheet[AnyLine] = Sheet(
    name="steps",
    title="环节",
    line=StepLine,
    columns={"item": "事项代码", "code": "环节代码", "name": "环节名称", "limit": "环节时限"},
    key=("item", "code"),
)
MATERIALS: Sheet[AnyLine] = Sheet(
    name="materials",
    title="材料",
    line=MaterialLine,
    columns={"item": "事项代码", "code": "材料代码", "name": "材料名称"},
    key=("item", "code"),
)
PAUSES: Sheet[AnyLine] = Sheet(
    name="pauses",
    title="暂停情形",
    line=PauseLine,
    columns={"item": "事项代码", "ground": "暂停情形", "clause": "依据"},
    words={"ground": PAUSE_GROUNDS},
    key=("item", "ground"),
)
ALIASES: Sheet[AnyLine] = Sheet(
    name="aliases",
    title="对应代码",
    line=AliasLine,
    columns={"item": "事项代码", "source": "来源系统", "code": "系统中的代码"},
    key=("source", "code"),
)
LAYOUT: Layout[AnyLine] = Layout(
    sheets=(ITEMS, STEPS, MATERIALS, PAUSES, ALIASES), most_rows=50_000
)
PARTS = {"steps": STEPS.title, "materials": MATERIALS.title, "pauses": PAUSES.title}
"""Sheets whose lines belong to an item as a whole, with their titles."""

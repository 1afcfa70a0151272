"""What the sheets and columns of a workbook about the registers are called."""

from kernel.document.layout import Layout, Sheet
from services.electronic_supervision.domain.registers.green_card import Standing
from services.electronic_supervision.registers.document.lines import (
    AnyLine,
    ApprovalLine,
    CardLine,
    GradeLine,
    QuotaLine,
    StageLine,
)
from services.electronic_supervision.registers.store import (
    APPROVALS,
    BANDS,
    CHAINS,
    GREEN_CARDS,
    QUOTAS,
    Kind,
)

STANDING_WORDS = {
    Standing.VALID.value: "有效",
    Standing.SUSPENDED.value: "暂停",
    Standing.WITHDRAWN.value: "收回",
}
CARDS: Sheet[AnyLine] = Sheet(
    name="green_cards",
    title="绿卡",
    line=CardLine,
    columns={
        "enterprise": "统一社会信用代码",
        "name": "企业名称",
        "since": "发卡日期",
        "last_day": "有效期至",
        "standing": "状态",
        "effective_from": "变更生效日期",
        "reason": "原因",
    },
    words={"standing": STANDING_WORDS},
    key=("enterprise",),
)
APPROVED: Sheet[AnyLine] = Sheet(
    name="approvals",
    title="检查审批",
    line=ApprovalLine,
    columns={
        "number": "审批编号",
        "unit": "检查单位代码",
        "enterprises": "企业统一社会信用代码",
        "year": "计划年度",
        "purpose": "检查事由",
        "first_day": "开始日期",
        "last_day": "截止日期",
        "times": "批准次数",
        "revoked_from": "撤销日期",
        "reason": "更正或者撤销原因",
    },
    key=("number",),
)
PLANNED: Sheet[AnyLine] = Sheet(
    name="quotas",
    title="年度检查次数",
    line=QuotaLine,
    columns={
        "unit": "检查单位代码",
        "year": "年度",
        "enterprise": "单列企业统一社会信用代码",
        "times": "每个企业次数",
        "reason": "单列原因",
    },
    key=("year", "enterprise", "unit"),
)
STAGES: Sheet[AnyLine] = Sheet(
    name="chains",
    title="全程服务链",
    line=StageLine,
    columns={
        "chain": "服务链代码",
        "chain_name": "服务链名称",
        "place": "序号",
        "stage": "环节代码",
        "stage_name": "环节名称",
        "unit": "责任单位代码",
        "limit": "时限",
        "effective_from": "生效日期",
    },
    key=("stage", "chain"),
)
GRADES: Sheet[AnyLine] = Sheet(
    name="bands",
    title="裁量档次",
    line=GradeLine,
    columns={
        "offence": "案由代码",
        "offence_name": "案由",
        "clause": "法律依据",
        "grade": "档次代码",
        "circumstances": "适用情形",
        "least": "最低罚款（元）",
        "most": "最高罚款（元）",
        "effective_from": "生效日期",
    },
    key=("grade", "offence"),
)
LAYOUT: Layout[AnyLine] = Layout(sheets=(CARDS, APPROVED, PLANNED, STAGES, GRADES))
"""What a document about the registers consists of."""

KIND_OF: dict[str, Kind] = {
    CARDS.name: GREEN_CARDS,
    APPROVED.name: APPROVALS,
    PLANNED.name: QUOTAS,
    STAGES.name: CHAINS,
    GRADES.name: BANDS,
}
"""Of which kind the entries of a sheet are, by its name."""

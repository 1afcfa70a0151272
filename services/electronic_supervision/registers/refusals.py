"""Why a change of the registers is not made, in words for officials."""

from collections.abc import Mapping
from types import MappingProxyType

from kernel.document import refusals as of_documents
from kernel.web.words import Words

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        **of_documents.WORDS,
        "credit-code-wrong": Words(
            422,
            "统一社会信用代码有误",
            "统一社会信用代码应为 18 位，且校验位（最后一位）与前 17 位相符。",
            "请对照营业执照逐位核对；代码中没有字母 I、O、S、V、Z。",
        ),
        "days-reversed": Words(
            422, "起止日期颠倒", "截止日期早于开始日期。", "请改正开始日期或者截止日期。"
        ),
        "effective-date-too-early": Words(
            422,
            "生效日期过早",
            "生效日期早于上一次变更的生效日期。",
            "请填写不早于上一次变更的日期；要更正上一次变更，请填写它的生效日期。",
        ),
        "effective-date-too-late": Words(
            422, "生效日期过晚", "生效日期晚于有效期的最后一天。", "请填写有效期以内的日期。"
        ),
        "green-card-unknown": Words(
            404, "没有这张绿卡", "这个企业没有登记过绿卡。", "请核对统一社会信用代码。"
        ),
        "green-card-exists": Words(
            409,
            "绿卡已经登记",
            "这个企业在这一天已有绿卡，内容与所填的不同。",
            "有效期有变动的请办理“变更有效期”；登记有误的请先按发卡日期收回，再重新发卡。",
        ),
        "green-card-withdrawn": Words(
            409, "绿卡已经收回", "这张绿卡已经收回，不能再变更。", "需要时请重新发卡。"
        ),
        "green-card-expired": Words(
            409, "绿卡已经到期", "在所填的日期，这张绿卡已经到期。", "需要时请重新发卡。"
        ),
        "approval-unknown": Words(
            404, "没有这项检查审批", "没有登记过这个编号的检查审批。", "请核对审批编号。"
        ),
        "approval-exists": Words(
            409,
            "检查审批已经登记",
            "这个编号已经登记，内容与所填的不同。",
            "请核对编号；登记有误的请办理“更正”，并写明原因。",
        ),
        "approval-revoked": Words(
            409, "检查审批已经撤销", "这项检查审批已经撤销，不能再变更。", "需要时请重新审批。"
        ),
        "enterprises-missing": Words(
            422, "没有写明企业", "检查审批至少要写明一个企业。", "请填写企业的统一社会信用代码。"
        ),
        "days-beyond-year": Words(
            422,
            "日期不在计划年度",
            "检查的起止日期应当都在所属计划年度以内。",
            "跨年度的检查请按年度分别审批。",
        ),
        "times-wrong": Words(
            422, "次数有误", "检查次数应为不小于规定下限的整数。", "请核对检查次数。"
        ),
        "quota-unknown": Words(
            404,
            "没有年度检查次数",
            "这个单位在这一年度还没有设定检查次数。",
            "请先设定该单位本年度对每个企业的检查次数。",
        ),
        "quota-code-wrong": Words(
            422,
            "编号有误",
            "年度检查次数的编号由年度和单位代码组成。",
            "请写作“年度-单位代码”，例如 2026-340200-housing。",
        ),
        "reason-missing": Words(
            422, "没有写明原因", "这项变更要写明原因。", "请填写原因后重新提交。"
        ),
        "chain-unknown": Words(
            404, "没有这条服务链", "没有设立过这个代码的全程服务链。", "请核对代码。"
        ),
        "chain-exists": Words(
            409, "服务链已经设立", "这个代码已经设立，内容与所填的不同。", "请改为“修订”。"
        ),
        "chain-withdrawn": Words(
            409, "服务链已经停用", "这条服务链已经停用，代码不再启用。", "请用新的代码设立。"
        ),
        "stages-missing": Words(422, "没有环节", "服务链至少要有一个环节。", "请填写各个环节。"),
        "stage-twice": Words(
            422, "环节重复", "同一服务链中有两个环节的代码相同。", "请改正环节代码。"
        ),
        "limit-wrong": Words(
            422,
            "时限有误",
            "时限的写法不符合要求。",
            "请写作“5个工作日”、“10日”、“8个工作小时”或者“24小时”；没有时限的留空。",
        ),
        "bands-unknown": Words(
            404, "没有这个案由", "没有设定过这个案由的裁量档次。", "请核对案由代码。"
        ),
        "bands-exist": Words(
            409, "裁量档次已经设定", "这个案由已经设定，内容与所填的不同。", "请改为“修订”。"
        ),
        "bands-repealed": Words(
            409,
            "裁量档次已经废止",
            "这个案由的裁量档次已经废止，代码不再启用。",
            "请用新的代码设定。",
        ),
        "grades-missing": Words(422, "没有档次", "案由至少要有一个档次。", "请填写各个档次。"),
        "grade-twice": Words(
            422, "档次重复", "同一案由中有两个档次的代码相同。", "请改正档次代码。"
        ),
        "bounds-inverted": Words(
            422, "罚款上下限颠倒", "最高罚款低于最低罚款。", "请改正罚款的上下限。"
        ),
        "registers-changed": Words(
            409,
            "监察依据已有变动",
            "预览之后监察依据又有变动，预览的结果已经不作数，本次没有导入。",
            "请重新预览，确认后再导入。",
        ),
        "value-wrong": Words(
            422,
            "填写不符合要求",
            "这一项的写法不符合要求。",
            "日期写作 2012-06-01；代码不超过 100 字，名称不超过 200 字，首尾没有空格；"
            "罚款以元为单位，最多两位小数；时限写作“5个工作日”。",
        ),
        "date-missing": Words(
            422, "缺少日期", "有变更而没有填写生效日期。", "请填写变更的生效日期。"
        ),
        "field-fixed": Words(
            422,
            "这一项不能变更",
            "这一项登记后不能变更。",
            "请改回原来的内容；登记有误的，请按原来的生效日期撤回后重新登记。",
        ),
        "lines-differ": Words(
            422,
            "各行不一致",
            "同一条服务链、同一案由的各行，这一项应当相同。",
            "请改正这一项，使各行一致。",
        ),
    }
)

"""What auditors call the events of electronic supervision that are people's deeds."""

from collections.abc import Mapping
from types import MappingProxyType

DEEDS: Mapping[str, str] = MappingProxyType(
    {
        "MessageSettled": "处理隔离报文",
        "RestrictedLooked": "查看受限内容",
        "DocumentExported": "导出事项目录或者监察依据",
        "ItemPublished": "发布事项",
        "ItemRevised": "变更事项",
        "ItemWithdrawn": "取消事项",
        "ItemAliasAdded": "增加事项对应代码",
        "ItemAliasRemoved": "去掉事项对应代码",
        "RuleShipped": "随软件记入规则",
        "RuleDrafted": "起草规则",
        "RuleRehearsed": "预演规则",
        "RuleShadowed": "试运行规则",
        "RuleActivated": "规则生效",
        "RuleRetired": "停用规则",
        "GreenCardGranted": "发给绿卡",
        "GreenCardRenewed": "变更绿卡有效期",
        "EnterpriseRenamed": "绿卡企业更名",
        "GreenCardSuspended": "暂停绿卡",
        "GreenCardResumed": "恢复绿卡",
        "GreenCardWithdrawn": "收回绿卡",
        "InspectionApproved": "登记检查审批",
        "InspectionApprovalCorrected": "更正检查审批",
        "InspectionApprovalRevoked": "撤销检查审批",
        "InspectionQuotaSet": "设定年度检查次数",
        "EnterpriseExcepted": "单列企业检查次数",
        "ExceptionLifted": "取消单列企业",
        "InspectionQuotaWithdrawn": "撤销年度检查次数",
        "ServiceChainPublished": "设立全程服务链",
        "ServiceChainRevised": "修订全程服务链",
        "ServiceChainWithdrawn": "停用全程服务链",
        "DiscretionBandsSet": "设定裁量档次",
        "DiscretionBandsRevised": "修订裁量档次",
        "DiscretionBandsRepealed": "废止裁量档次",
    }
)

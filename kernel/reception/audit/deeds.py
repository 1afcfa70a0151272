"""What the events of the record of access are called by an auditor."""

from collections.abc import Mapping
from types import MappingProxyType

DEEDS: Mapping[str, str] = MappingProxyType(
    {
        "AccountOpened": "开立账号",
        "RoleGranted": "授予角色",
        "RoleWithdrawn": "收回角色",
        "PasswordSet": "设置口令",
        "IdentityLinked": "对应统一身份",
        "IdentityUnlinked": "解除统一身份",
        "Suspended": "停用账号",
        "Resumed": "恢复账号",
        "TokenIssued": "发放访问令牌",
        "TokenRevoked": "停用访问令牌",
        "PartnerAdded": "接入伙伴系统",
        "PartnerChanged": "变更伙伴系统",
        "KeysRotated": "更换伙伴凭据",
        "PartnerRevoked": "停用伙伴系统",
        "SignedIn": "登录",
        "SignInFailed": "登录失败",
        "SignedOut": "退出",
        "AuditExported": "导出操作审计",
    }
)

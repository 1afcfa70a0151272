"""What auditors call the events of electronic supervision that are people's deeds."""

from collections.abc import Mapping
from types import MappingProxyType

DEEDS: Mapping[str, str] = MappingProxyType(
    {
        "MessageSettled": "处理隔离报文",
        "RestrictedLooked": "查看受限内容",
        "ItemPublished": "发布事项",
        "ItemRevised": "变更事项",
        "ItemWithdrawn": "取消事项",
        "ItemAliasAdded": "增加事项对应代码",
        "ItemAliasRemoved": "去掉事项对应代码",
    }
)

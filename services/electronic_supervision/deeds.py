"""What auditors call the events of electronic supervision that are people's deeds."""

from collections.abc import Mapping
from types import MappingProxyType

DEEDS: Mapping[str, str] = MappingProxyType(
    {
        "MessageSettled": "处理隔离报文",
        "RestrictedLooked": "查看受限内容",
    }
)

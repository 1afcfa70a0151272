"""What auditors call the events of the register."""

from collections.abc import Mapping
from types import MappingProxyType

DEEDS: Mapping[str, str] = MappingProxyType(
    {
        "Registered": "登记单位",
        "Renamed": "单位更名",
        "Regrouped": "调整单位类别",
        "AliasAdded": "增加对应代码",
        "AliasRemoved": "去掉对应代码",
        "Closed": "撤销单位",
        "SectionOpened": "设立科室",
        "SectionRenamed": "科室更名",
        "SectionClosed": "撤销科室",
        "PostEstablished": "设立岗位",
        "PostRenamed": "岗位更名",
        "HolderAppointed": "任命岗位人员",
        "HolderRelieved": "免去岗位人员",
        "HolderWentAway": "登记离岗",
        "HolderReturned": "登记返岗",
        "PostAbolished": "撤销岗位",
        "PersonJoined": "登记人员",
        "PersonRenamed": "人员更名",
        "PersonMoved": "人员调动",
        "PersonLeft": "人员离任",
        "RegisterExported": "导出名册",
    }
)

"""What officials read of items, besides their values."""

from collections.abc import Mapping
from types import MappingProxyType

from services.electronic_supervision.catalogue.reading import Standing
from services.electronic_supervision.domain.time.limits import Measure

STANDINGS: Mapping[str, str] = MappingProxyType(
    {Standing.CURRENT: "现行", Standing.COMING: "尚未生效", Standing.WITHDRAWN: "已取消"}
)
BADGES: Mapping[str, str] = MappingProxyType(
    {Standing.CURRENT: "good", Standing.COMING: "reminder", Standing.WITHDRAWN: "plain"}
)
CHANGES: Mapping[str, str] = MappingProxyType(
    {
        "published": "发布",
        "revised": "变更",
        "withdrawn": "取消",
        "alias-added": "增加对应代码",
        "alias-removed": "去掉对应代码",
    }
)
DONE: Mapping[str, str] = MappingProxyType(
    {
        "published": "事项已发布。",
        "revised": "事项已变更。",
        "withdrawn": "事项已取消。",
        "alias": "对应代码已变更。",
        "same": "内容没有变化，未作变更。",
    }
)
MEASURES: Mapping[Measure, str] = MappingProxyType(
    {
        Measure.WORKING_DAYS: "工作日",
        Measure.CALENDAR_DAYS: "自然日",
        Measure.OFFICE_HOURS: "办公分钟",
        Measure.HOURS: "分钟",
    }
)

"""What officials call the values of an item."""

from collections.abc import Mapping
from types import MappingProxyType

from services.electronic_supervision.domain.catalogue.item_content import Arrangement, Nature
from services.electronic_supervision.domain.chinese import GROUNDS

NATURES: Mapping[str, str] = MappingProxyType(
    {
        Nature.APPROVAL: "行政许可",
        Nature.SERVICE: "公共服务",
        Nature.COMPLAINT: "投诉办理",
        Nature.ACCOUNTABILITY: "责任追究",
        Nature.ASSESSMENT: "绩效考核",
        Nature.INVESTMENT: "招商引资",
        Nature.INSPECTION: "行政检查",
        Nature.PENALTY: "行政处罚",
        Nature.OTHER: "其他",
    }
)
ARRANGEMENTS: Mapping[str, str] = MappingProxyType(
    {
        Arrangement.NORMAL: "单位自办",
        Arrangement.CENTRALISED: "两个集中",
        Arrangement.HANDED_DOWN: "下放",
    }
)
FEES: Mapping[str, str] = MappingProxyType(
    {"none": "不收费", "standard": "按标准收费", "not-stated": "未载明"}
)
GUIDES: Mapping[str, str] = MappingProxyType({"yes": "已公布", "no": "未公布"})
PAUSE_GROUNDS: Mapping[str, str] = MappingProxyType(GROUNDS)

"""Why a wish about a person is not granted."""

from collections.abc import Mapping
from types import MappingProxyType

from kernel.web.words import Words

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "person-unknown": Words(
            404,
            "没有这个人员",
            "名册中没有这个代码的人员。",
            "请核对人员代码；新到人员请先登记。",
        ),
        "person-exists": Words(
            409,
            "人员已登记",
            "这个代码已经登记，且登记内容与本次提交的不同。",
            "请核对人员代码，人员代码全市不重复；如有调动，请办理调动。",
        ),
        "person-left": Words(
            409,
            "人员已离任",
            "这个人员已经离任，不能再办理变更，其代码也不再启用。",
            "请核对人员代码；重新到任的请用新代码登记。",
        ),
        "person-not-there": Words(
            422,
            "人员不在册",
            "名册中没有所填的人员，或者其在生效日期当天不在册。",
            "请核对人员代码和生效日期；新到人员请先登记。",
        ),
    }
)

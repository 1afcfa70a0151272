"""Why a wish about a section is not granted."""

from collections.abc import Mapping
from types import MappingProxyType

from kernel.web.words import Words

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "section-unknown": Words(
            404,
            "没有这个科室",
            "名册中没有这个代码的科室。",
            "请核对科室代码；新设科室请先登记。",
        ),
        "section-exists": Words(
            409,
            "科室已登记",
            "这个代码已经登记，且登记内容与本次提交的不同。",
            "请核对科室代码，科室代码全市不重复；如要更名，请办理更名。",
        ),
        "section-closed": Words(
            409,
            "科室已撤销",
            "这个科室已经撤销，不能再办理变更，其代码也不再启用。",
            "请核对科室代码；重新设立的科室请用新代码登记。",
        ),
        "section-not-there": Words(
            422,
            "科室不在册",
            "所填的单位没有这个科室，或者它在生效日期当天不在册。",
            "请核对科室代码、所在单位和生效日期；新设科室请先登记。",
        ),
    }
)

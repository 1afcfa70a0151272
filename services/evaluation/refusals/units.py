"""Why a wish about a unit is not granted."""

from collections.abc import Mapping
from types import MappingProxyType

from kernel.web.words import Words

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "unit-unknown": Words(
            404,
            "没有这个单位",
            "名册中没有这个代码的单位。",
            "请核对单位代码；新设单位请先登记。",
        ),
        "unit-exists": Words(
            409,
            "单位已登记",
            "这个代码已经登记，且登记内容与本次提交的不同。",
            "请核对单位代码；如要更名，请办理更名。",
        ),
        "unit-closed": Words(
            409,
            "单位已撤销",
            "这个单位已经撤销，不能再办理变更，其代码也不再启用。",
            "请核对单位代码；重新设立的单位请用新代码登记。",
        ),
        "unit-not-there": Words(
            422,
            "单位不在册",
            "名册中没有所填的单位，或者它在生效日期当天不在册。",
            "请核对单位代码和生效日期；新设单位请先登记。",
        ),
        "alias-taken": Words(
            409,
            "对应代码已被占用",
            "所列的业务系统代码中，有的已经对应另一个单位。",
            "请核对各业务系统中的单位代码；原单位撤销后，其代码可以另行对应。",
        ),
        "effective-date-too-early": Words(
            422,
            "生效日期过早",
            "生效日期不得早于设立、登记的日期，也不得早于最近一次变更的生效日期。",
            "请核对生效日期后重新提交。",
        ),
        "successor-unknown": Words(
            422,
            "承接单位未登记",
            "名册中没有所填的承接单位。",
            "请先登记承接单位，或者核对其代码。",
        ),
        "successor-cycle": Words(
            422,
            "承接关系成环",
            "所填的承接单位已经撤销，其职责辗转又由本单位承接。",
            "请改填现在实际承接其职责的单位；没有的请留空。",
        ),
        "successor-itself": Words(
            422,
            "承接单位有误",
            "承接单位不能是被撤销的单位本身。",
            "请改填承接其职责的单位；没有的请留空。",
        ),
    }
)

"""Why a wish about a post is not granted."""

from collections.abc import Mapping
from types import MappingProxyType

from kernel.web.words import Words

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "post-unknown": Words(
            404,
            "没有这个岗位",
            "名册中没有这个代码的岗位。",
            "请核对岗位代码；新设岗位请先登记。",
        ),
        "post-exists": Words(
            409,
            "岗位已登记",
            "这个代码已经登记，且登记内容与本次提交的不同。",
            "请核对岗位代码，岗位代码全市不重复；如要更名，请办理更名。",
        ),
        "post-abolished": Words(
            409,
            "岗位已撤销",
            "这个岗位已经撤销，不能再办理变更，其代码也不再启用。",
            "请核对岗位代码；重新设立的岗位请用新代码登记。",
        ),
        "place-vacant": Words(
            409,
            "岗位空缺",
            "这个岗位的 A 岗或者 B 岗当前空缺，不能办理免去、离岗或者返岗。",
            "请先任用人员，或者核对所选的是 A 岗还是 B 岗。",
        ),
        "person-in-other-place": Words(
            422,
            "A 岗、B 岗不能是同一人",
            "所填人员已是这个岗位的另一岗，互为备岗的应当是两个人。",
            "请改填其他人员，或者先免去其另一岗。",
        ),
        "absence-backwards": Words(
            422,
            "离岗日期颠倒",
            "离岗的最后一天早于第一天。",
            "请核对离岗的起止日期。",
        ),
        "absence-outside": Words(
            422,
            "离岗日期不在任用期内",
            "离岗的第一天不在该人员担任此岗的期间。",
            "请核对离岗日期和任用日期。",
        ),
        "absence-overlaps": Words(
            409,
            "离岗日期重叠",
            "所填的离岗日期与已登记的离岗日期重叠。",
            "请核对离岗日期；提前返岗的请先登记返岗。",
        ),
        "not-away": Words(
            409,
            "没有离岗登记",
            "所填日期当天没有离岗登记，无须登记返岗。",
            "请核对返岗日期。",
        ),
    }
)

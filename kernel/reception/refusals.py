"""Why the keeper of accounts and tokens said no, in words that say what to do."""

from collections.abc import Mapping

from kernel.access.refused import Refused

WORDS: Mapping[str, tuple[str, str, str]] = {
    "account-unknown": ("没有此账号", "没有这个账号。", "请核对账号名。"),
    "account-exists": (
        "账号名已被使用",
        "这个账号名已用于另一账号或者访问令牌。",
        "请换一个账号名。",
    ),
    "name-unusable": (
        "名称不能使用",
        "账号名应为 2 至 50 个小写字母、数字或者 . _ -，以字母开头；令牌的名称不能为空或者过长。",
        "请改正名称。",
    ),
    "title-unusable": ("姓名不能使用", "姓名应为 1 至 50 个字符。", "请填写姓名。"),
    "role-of-machines": ("角色不能使用", "发布、订阅两种角色只用于访问令牌。", "请选择其他角色。"),
    "unit-needed": ("缺少单位", "承办人只能查看本单位的办件。", "请填写承办单位的代码。"),
    "unit-useless": (
        "角色不分单位",
        "这个角色的职责不分单位，不能只限于某些单位。",
        "请去掉单位代码，或者改选其他角色。",
    ),
    "no-role": ("缺少角色", "没有选择角色。", "请选择一个角色。"),
    "source-needed": (
        "缺少报送来源",
        "发布令牌只能以一个来源的名义报送。",
        "请填写来源，如 /wuhu/oa。",
    ),
    "expires-in-the-past": ("有效期已过", "有效期早于现在。", "请填写以后的日期。"),
    "token-exists": (
        "名称已被使用",
        "这个名称已有一个有效的令牌，或者是一个账号的名称。",
        "请换一个名称，或者先停用原令牌。",
    ),
    "name-of-partner": (
        "名称属于伙伴系统",
        "这个名称是一个伙伴系统的（停用的也算）；它的令牌由接入时发放。",
        "请换一个名称；更换伙伴系统的令牌请用 xiaoneng partner rotate。",
    ),
    "source-of-partner": (
        "来源属于伙伴系统",
        "这个来源是一个伙伴系统的（停用的也算），不能另发令牌，以免绕过约定的限额和停用。",
        "请填写其他来源；更换伙伴系统的令牌请用 xiaoneng partner rotate。",
    ),
    "token-unknown": ("没有此令牌", "没有这个令牌。", "请刷新页面后重试。"),
    "identity-taken": ("身份已被使用", "这个外部身份已用于另一账号。", "请核对后重新填写。"),
    "identity-missing": (
        "没有对应的身份",
        "这个账号没有对应的统一身份，或者已经解除。",
        "请刷新页面核对。",
    ),
    "identity-unusable": (
        "外部身份不完整",
        "认证系统和用户标识都要填写，各不超过 500 个字符。",
        "请按统一身份认证系统所示填写。",
    ),
    "password-too-short": (
        "口令过短",
        "口令不足 12 个字符。",
        "请用 12 个以上的字符，例如几个词。",
    ),
    "password-too-long": ("口令过长", "口令超过 200 个字符。", "请用短一些的口令。"),
    "password-like-name": (
        "口令含有账号名",
        "口令主要由账号名构成，容易被猜到。",
        "请换一个口令。",
    ),
    "password-common": (
        "口令过于常见",
        "口令由常见的词、重复或者连续的字符构成，容易被猜到。",
        "请换一个口令，例如几个不相干的词。",
    ),
    "password-same": ("口令没有变化", "新口令与原口令相同。", "请换一个口令。"),
    "password-differs": ("两次输入不一致", "两次输入的新口令不一样。", "请重新输入。"),
    "password-wrong": ("原口令不对", "输入的原口令不对。", "请核对后重新输入。"),
    "too-many-attempts": ("尝试次数过多", "口令连续输错次数过多。", "请稍后再试。"),
    "own-account": (
        "不能变更本人的账号",
        "管理员不能停用本人的账号，也不能去掉本人的管理员角色。",
        "请由另一位管理员办理。",
    ),
    "days-unusable": ("有效期不能使用", "有效期应为 1 至 3650 天。", "请填写天数。"),
}


def told(refused: Refused) -> Mapping[str, str]:
    """Return what a form shows of a refusal."""
    title, detail, fix = WORDS[refused.code]
    return {"title": title, "detail": detail, "fix": fix, "code": refused.code}

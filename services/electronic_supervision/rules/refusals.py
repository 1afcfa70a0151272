"""Why a wish about a rule is not granted, in words for officials."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from kernel.store.store import EpochClosedError, StreamDisputedError, VersionConflictError
from kernel.web.answers import unavailable
from kernel.web.problem import ProblemError
from kernel.web.words import Words
from services.electronic_supervision.domain.refused import Refused

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "rule-unknown": Words(404, "没有这条规则", "没有这个代码的规则。", "请在监察规则中查找。"),
        "rehearsal-unknown": Words(
            404, "没有这次预演", "没有这个编号的预演。", "请在预演记录中查找。"
        ),
        "version-unknown": Words(404, "没有这一版", "这条规则没有这一版。", "请核对版本号。"),
        "version-not-next": Words(
            409, "版本号不衔接", "新版本的版本号须紧接最近一版。", "请刷新页面后重新起草。"
        ),
        "version-settled": Words(
            409,
            "这一版不能再改",
            "这一版已经试运行、生效或者停用。",
            "需要改动的，请起草下一版。",
        ),
        "rehearsed-another": Words(
            409, "预演的不是这个文本", "草案在预演以后改过。", "请按现在的文本重新预演。"
        ),
        "rule-not-rehearsed": Words(
            409,
            "尚未预演",
            "没有预演过的版本不能试运行，也不能生效。",
            "请先交预演，看过会新增、消失哪些判定以后再办理。",
        ),
        "rule-active": Words(
            409,
            "这一版已经生效",
            "已经生效的版本不能再试运行或者另定生效日期。",
            "需要改动的，请起草下一版。",
        ),
        "rule-retired": Words(
            409, "这一版已经停用", "停用的版本不能恢复。", "需要恢复的，请以同样的文本起草下一版。"
        ),
        "effective-in-the-past": Words(
            422, "日期已经过去", "规则不得溯及既往。", "请填写今天或者以后的日期。"
        ),
        "effective-not-after": Words(
            422,
            "生效日期不晚于前一版",
            "生效日期须晚于前一版的生效日期。",
            "请填写更晚的日期。",
        ),
        "reason-missing": Words(422, "没有写明原因", "停用规则须写明原因。", "请填写原因。"),
        "rule-other-id": Words(
            422, "规则代码不符", "文本中的代码（id）是另一条规则的。", "请核对文本第一行的 id。"
        ),
        "clause-missing": Words(
            422,
            "没有写明依据",
            "依据（clause）仍是“条款由市效能办填写”。没有依据的规则不能用来预警和发牌。",
            "请起草下一版，写明依据的条款，预演后再定生效日期。",
        ),
        "rules-circular": Words(
            422,
            "累计规则互相引用",
            "这条累计规则与另一条互相计数，没有尽头。",
            "请修改 of，使累计规则只引用不引用它的规则。",
        ),
        "version-conflict": Words(
            409, "他人正在变更", "这条规则刚刚被他人变更。", "请刷新页面，核对后重新办理。"
        ),
    }
)


@contextmanager
def answered() -> Iterator[None]:
    """Turn what a change may raise into a problem for its caller. Raises ProblemError."""
    try:
        yield
    except Refused as refused:
        raise problem(refused.code, refused.field) from refused
    except VersionConflictError as error:
        raise problem("version-conflict") from error
    except (EpochClosedError, StreamDisputedError) as error:
        raise unavailable() from error


def problem(code: str, field: str = "") -> ProblemError:
    """Give the problem that a refusal is."""
    words = WORDS[code]
    return ProblemError(
        words.status,
        code,
        title=words.title,
        detail=words.detail,
        fix=words.fix,
        field=field or None,
    )

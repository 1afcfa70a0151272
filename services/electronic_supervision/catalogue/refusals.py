"""Why a wish about the catalogue is not granted, in words for officials."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from kernel.document.raw import BadDocumentError
from kernel.document.refusals import WORDS as OF_DOCUMENTS
from kernel.store.store import (
    EpochClosedError,
    KeyReusedError,
    StreamDisputedError,
    VersionConflictError,
)
from kernel.web.answers import unavailable
from kernel.web.problem import ProblemError
from kernel.web.words import Words
from services.electronic_supervision.domain.refused import Refused

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        **OF_DOCUMENTS,
        "item-unknown": Words(
            404, "没有这个事项", "事项目录中没有这个代码。", "请核对代码，或者在事项目录中查找。"
        ),
        "item-exists": Words(
            409,
            "事项代码已经使用",
            "这个代码已有内容不同的事项。",
            "新的事项请用新的代码；要变更这个事项，请办理变更。",
        ),
        "item-withdrawn": Words(
            409,
            "事项已经取消",
            "这个事项已经取消，不能再变更，代码也不再使用。",
            "需要恢复办理的，请用新的代码发布。",
        ),
        "effective-date-too-early": Words(
            422,
            "生效日期过早",
            "生效日期早于这个事项最近一次变更的日期。",
            "请改填最近一次变更当日或者以后的日期；更正录入错误，填最近一次变更的当日。",
        ),
        "reason-required": Words(
            422,
            "需要说明原因",
            "生效日期已经过去，可能使已受理的办件重新判定，须说明原因。",
            "请填写变更原因，或者改填今天或者以后的生效日期。",
        ),
        "promise-over-statute": Words(
            422,
            "承诺时限长于法定时限",
            "承诺时限不得长于法定时限。",
            "请缩短承诺时限，或者核对法定时限及其依据。",
        ),
        "green-card-over-promise": Words(
            422,
            "绿卡时限过长",
            "绿卡时限不得长于承诺时限（没有承诺的，不得长于法定时限）。",
            "请缩短绿卡时限。",
        ),
        "limits-not-comparable": Words(
            422,
            "时限无法比较",
            "两个时限的计时方式不同，遇节假日时谁长谁短并不确定。",
            "请换用同一计时方式填写，如都以工作日计。",
        ),
        "limit-out-of-range": Words(
            422,
            "时限超出范围",
            "时限至少为 1，以日计的不得超过 3650 日，以小时、分钟计的不得超过相应的长度。",
            "请核对时限的数量和单位。",
        ),
        "clause-missing": Words(
            422, "缺少依据", "填写了时限而没有填写它的依据。", "请填写文件名称和条款。"
        ),
        "step-twice": Words(
            422, "环节代码重复", "同一事项有两个环节用了相同的代码。", "请改正重复的代码。"
        ),
        "material-twice": Words(
            422, "材料代码重复", "同一事项有两项材料用了相同的代码。", "请改正重复的代码。"
        ),
        "ground-twice": Words(
            422, "暂停情形重复", "同一暂停情形填写了两次。", "请合并依据，或者删去重复的一项。"
        ),
        "post-a-is-b": Words(
            422, "A岗与B岗相同", "A岗和B岗不能是同一个岗位。", "请改正其中一个岗位代码。"
        ),
        "handed-to-missing": Words(
            422,
            "缺少下放单位",
            "办理方式为下放，而没有填写下放到哪个单位。",
            "请填写下放单位代码。",
        ),
        "handed-to-needless": Words(
            422,
            "多填了下放单位",
            "办理方式不是下放，而填写了下放单位。",
            "请删去下放单位代码，或者把办理方式改为下放。",
        ),
        "fee-clause-missing": Words(
            422, "缺少收费依据", "按标准收费而没有填写收费依据。", "请填写收费文件的名称和文号。"
        ),
        "fee-needless": Words(
            422,
            "多填了收费内容",
            "不收费或者未载明收费，而填写了收费依据或者上限。",
            "请删去这一项，或者把收费改为按标准收费。",
        ),
        "alias-taken": Words(
            409,
            "对应代码已被使用",
            "该系统的这个代码已经对应另一个事项。",
            "请先从另一个事项去掉这个对应代码。",
        ),
        "catalogue-changed": Words(
            409,
            "事项目录已有变动",
            "预览之后事项目录又有变动，预览的结果已经不作数，本次没有导入。",
            "请重新预览，确认后再导入。",
        ),
        "item-not-in-document": Words(
            422,
            "文件中没有这个事项",
            "这一行所属的事项不在文件的事项部分中。",
            "请在“事项”中补上该事项，或者删去这一行。",
        ),
        "date-alone": Words(
            422,
            "只改了日期",
            "内容没有变化，而生效日期比事项目录中的更早。",
            "请改回原来的日期，或者填写要变更的内容。",
        ),
        "value-wrong": Words(
            422,
            "填写不符合要求",
            "这一项的写法不符合要求。",
            "日期写作 2012-06-01；时限写作 7个工作日、30个自然日、2小时、4个办公小时；"
            "金额以元计；代码不超过 100 字，名称不超过 200 字，首尾没有空格。",
        ),
        "key-reused": Words(
            422,
            "请求编号重复",
            "这个 Idempotency-Key 已经用于另一项内容不同的请求，本次未作处理。",
            "重试同一请求时请保持内容不变；新的请求请换用新的编号。",
        ),
        "version-conflict": Words(
            409,
            "有人同时在办理",
            "同时有多项请求在变更同一内容，本次未作处理。",
            "请查看最新情况后重新提交。",
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
    except BadDocumentError as bad:
        raise problem(bad.code, "", bad.where) from bad
    except KeyReusedError as error:
        raise problem("key-reused", "Idempotency-Key") from error
    except VersionConflictError as error:
        raise problem("version-conflict") from error
    except (EpochClosedError, StreamDisputedError) as error:
        raise unavailable() from error


def problem(code: str, field: str = "", where: str = "") -> ProblemError:
    """Give the problem that a refusal is; `where` is a place in a document, in words."""
    words = WORDS[code]
    return ProblemError(
        words.status,
        code,
        title=words.title,
        detail=words.detail.format(where=where or "其中"),
        fix=words.fix,
        field=field or None,
    )

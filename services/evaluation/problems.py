"""Why a wish about a unit is not granted, in words for officials."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from kernel.store.store import (
    EpochClosedError,
    KeyReusedError,
    StreamDisputedError,
    VersionConflictError,
)
from kernel.web.answers import unavailable
from kernel.web.problem import ProblemError
from services.evaluation.domain.refused import Refused

# status, title, detail, what to do about it
WORDS: Mapping[str, tuple[int, str, str, str]] = MappingProxyType(
    {
        "unit-unknown": (
            404,
            "没有这个单位",
            "名册中没有这个代码的单位。",
            "请核对单位代码；新设单位请先登记。",
        ),
        "unit-exists": (
            409,
            "单位已登记",
            "这个代码已经登记，且登记内容与本次提交的不同。",
            "请核对单位代码；如要更名，请办理更名。",
        ),
        "unit-closed": (
            409,
            "单位已撤销",
            "这个单位已经撤销，不能再办理变更，其代码也不再启用。",
            "请核对单位代码；重新设立的单位请用新代码登记。",
        ),
        "alias-taken": (
            409,
            "对应代码已被占用",
            "所列的业务系统代码中，有的已经对应另一个单位。",
            "请核对各业务系统中的单位代码；原单位撤销后，其代码可以另行对应。",
        ),
        "effective-date-too-early": (
            422,
            "生效日期过早",
            "生效日期不得早于该单位登记或者最近一次更名的生效日期。",
            "请核对生效日期后重新提交。",
        ),
        "successor-unknown": (
            422,
            "承接单位未登记",
            "名册中没有所填的承接单位。",
            "请先登记承接单位，或者核对其代码。",
        ),
        "successor-itself": (
            422,
            "承接单位有误",
            "承接单位不能是被撤销的单位本身。",
            "请改填承接其职责的单位；没有的请留空。",
        ),
    }
)


@contextmanager
def answered() -> Iterator[None]:
    """Turn what a command may raise into a problem for its caller. Raises ProblemError."""
    try:
        yield
    except Refused as refused:
        raise of(refused.code, refused.field) from refused
    except KeyReusedError as error:
        raise _key_reused() from error
    except VersionConflictError as error:
        raise _overtaken() from error
    except (EpochClosedError, StreamDisputedError) as error:
        raise unavailable() from error


def of(code: str, field: str) -> ProblemError:
    """Give the problem that a refusal is."""
    status, title, detail, fix = WORDS[code]
    return ProblemError(status, code, title=title, detail=detail, fix=fix, field=field)


def _key_reused() -> ProblemError:
    return ProblemError(
        422,
        "key-reused",
        title="请求编号重复",
        detail="这个 Idempotency-Key 已经用于另一项内容不同的请求，本次未作处理。",
        fix="重试同一请求时请保持内容不变；新的请求请换用新的编号。",
        field="Idempotency-Key",
    )


def _overtaken() -> ProblemError:
    return ProblemError(
        409,
        "version-conflict",
        title="有人同时在办理",
        detail="同时有多项请求在变更这个单位，本次未作处理。",
        fix="请查看该单位的最新情况后重新提交。",
    )

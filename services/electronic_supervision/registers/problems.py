"""Why a change of the registers is not made, as a problem for its caller."""

from collections.abc import Iterator
from contextlib import contextmanager

from kernel.document.raw import BadDocumentError
from kernel.store.store import (
    EpochClosedError,
    KeyReusedError,
    StreamDisputedError,
    VersionConflictError,
)
from kernel.web.answers import unavailable
from kernel.web.problem import ProblemError
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.registers.refusals import WORDS
from services.electronic_supervision.registers.store import Kind

UNKNOWN = {
    "green-card": "green-card-unknown",
    "inspection-approval": "approval-unknown",
    "inspection-quota": "quota-unknown",
    "service-chain": "chain-unknown",
    "discretion-band": "bands-unknown",
}


@contextmanager
def answered() -> Iterator[None]:
    """Turn what a change may raise into a problem for its caller. Raises ProblemError."""
    try:
        yield
    except Refused as refused:
        raise of(refused.code, refused.field) from refused
    except BadDocumentError as bad:
        raise of(bad.code, "", bad.where) from bad
    except KeyReusedError as error:
        raise _key_reused() from error
    except VersionConflictError as error:
        raise _overtaken() from error
    except (EpochClosedError, StreamDisputedError) as error:
        raise unavailable() from error


def of(code: str, field: str, where: str = "") -> ProblemError:
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


def unknown(kind: Kind) -> ProblemError:
    """Give the problem that there is no such entry."""
    return of(UNKNOWN[kind.name], "code")


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
        detail="同时有多项请求在变更同一内容，本次未作处理。",
        fix="请查看最新情况后重新提交。",
    )

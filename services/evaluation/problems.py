"""Why a wish is not granted, as a problem for its caller."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from kernel.document.raw import BadDocumentError
from kernel.store.store import (
    EpochClosedError,
    KeyReusedError,
    StreamDisputedError,
    VersionConflictError,
)
from kernel.web.answers import unavailable
from kernel.web.problem import ProblemError
from kernel.web.words import Words
from services.evaluation.domain.refused import Refused
from services.evaluation.refusals import documents as of_documents
from services.evaluation.refusals import people as of_people
from services.evaluation.refusals import posts as of_posts
from services.evaluation.refusals import sections as of_sections
from services.evaluation.refusals import units as of_units

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        **of_units.WORDS,
        **of_sections.WORDS,
        **of_posts.WORDS,
        **of_people.WORDS,
        **of_documents.WORDS,
    }
)


@contextmanager
def answered() -> Iterator[None]:
    """Turn what a command may raise into a problem for its caller. Raises ProblemError."""
    try:
        yield
    except Refused as refused:
        raise of(refused.code, refused.field, note=refused.note) from refused
    except BadDocumentError as bad:
        raise of(bad.code, "", bad.where) from bad
    except KeyReusedError as error:
        raise _key_reused() from error
    except VersionConflictError as error:
        raise _overtaken() from error
    except (EpochClosedError, StreamDisputedError) as error:
        raise unavailable() from error


def of(code: str, field: str, where: str = "", *, note: str = "") -> ProblemError:
    """Give the problem that a refusal is.

    `where` is a place in a document, in words; `note` is what is so in this case.
    """
    words = WORDS[code]
    return ProblemError(
        words.status,
        code,
        title=words.title,
        detail=note or words.detail.format(where=where or "其中"),
        fix=words.fix,
        field=field or None,
    )


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

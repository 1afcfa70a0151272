"""Who may come in: bearer tokens, known by their digests only, and what each may do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from kernel.access.policy import RIGHT_WORDS, Right
from kernel.access.principal import Caller, Principal
from kernel.web.browser import make_sure_of_origin, secret_of
from kernel.web.problem import ProblemError

SCHEME = HTTPBearer(auto_error=False, description="访问令牌")
REALM = 'Bearer realm="xiaoneng"'
OWED = "password-change-required"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


Lookup = Callable[[bytes], Awaitable[Principal | None]]
"""From the SHA-256 of a token (32 bytes) to its holder."""


def digest_of(token: str) -> bytes:
    """Return all that is ever kept of a token. Tokens are random, so that no salt is needed."""
    return sha256(token.encode()).digest()


class Keyring:
    """Knows the holders of tokens. Comparing digests tells a thief nothing of the token."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    @classmethod
    def of(cls, holders: Mapping[bytes, Principal]) -> "Keyring":
        """Return a ring of tokens that never change, by their digests."""

        async def lookup(digest: bytes) -> Principal | None:
            return holders.get(digest)

        return cls(lookup)

    async def holder(self, token: str) -> Principal | None:
        """Return who holds a token, None for one that nobody holds."""
        return await self.lookup(digest_of(token))


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who stays, as those do who follow a stream; what he may can end meanwhile."""

    keyring: Keyring
    digest: bytes
    right: Right

    async def caller(self) -> Caller | None:
        """Return who it is by now, None once he may not any more. Raises what the lookup raises."""
        principal = await self.keyring.lookup(self.digest)
        return None if principal is None else principal.calling(self.right)


@dataclass(frozen=True, slots=True)
class Needs:
    """A dependency of a route: lets in who may do `right`, and says who it is."""

    right: Right

    async def __call__(
        self,
        request: Request,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(SCHEME)],
    ) -> Caller:
        """Return who makes use of the right, in which role and for which units.

        Raises 401 `unauthenticated`, 403 `forbidden` and `foreign-origin`.
        """
        token = _of_browser(request) if credentials is None else credentials.credentials
        if token is None:
            raise _unauthenticated("请求没有带访问令牌。", REALM)
        keyring: Keyring = request.app.state.keyring
        principal = await keyring.holder(token)
        if principal is None:
            raise _unauthenticated("访问令牌无效或者已经停用。", f'{REALM}, error="invalid_token"')
        request.state.principal = principal
        request.state.visit = Visit(keyring, digest_of(token), self.right)
        caller = principal.calling(self.right)
        if caller is None:
            # somebody without any role could not change it either
            is_owing = principal.owes_password and self.right is not Right.KEEP_OWN_ACCOUNT
            raise _owing() if is_owing else _forbidden(self.right)
        return caller


def principal_of(request: Request) -> Principal:
    """Return who asks, for routes that need a right."""
    principal: Principal = request.state.principal
    return principal


def visit_of(request: Request) -> Visit:
    """Return what tells again and again who asks, for routes that need a right."""
    visit: Visit = request.state.visit
    return visit


async def visitor(request: Request) -> Principal | None:
    """Return who asks with a browser, None for somebody who has not signed in."""
    token, keyring = secret_of(request), request.app.state.keyring
    found: Principal | None = await keyring.holder(token) if token else None
    return found


def needs(right: Right) -> Needs:
    """Make a route need a right, as in `Annotated[Caller, Depends(needs(Right.SEE_CASES))]`."""
    return Needs(right)


def _of_browser(request: Request) -> str | None:
    token = secret_of(request)
    if token is not None and request.method not in SAFE:
        make_sure_of_origin(request)
    return token


def _unauthenticated(detail: str, challenge: str) -> ProblemError:
    return ProblemError(
        401,
        "unauthenticated",
        title="未通过身份验证",
        detail=detail,
        fix="请在请求头 Authorization 中以 Bearer 方式带上有效的访问令牌；没有的请向管理员申领。",
        headers={"WWW-Authenticate": challenge},
    )


def _owing() -> ProblemError:
    return ProblemError(
        403,
        OWED,
        title="请先修改口令",
        detail="当前口令由管理员或者系统生成，只能用来登录一次。",
        fix="请先修改口令，再继续操作。",
    )


def _forbidden(right: Right) -> ProblemError:
    return ProblemError(
        403,
        "forbidden",
        title="没有权限",
        detail=f"所持角色没有“{RIGHT_WORDS[right]}”的权限。",
        fix="请换用有此权限的账号或者令牌，或者向管理员申请。",
    )

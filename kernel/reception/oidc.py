"""Sign in as a provider of OpenID Connect knows somebody: any provider, told by its settings."""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from kernel.process import SettingError, needed
from kernel.reception import oidc_problems
from kernel.web.shell.ways import COME_BACK

COOKIE = "xiaoneng-oidc"
LARGEST_COOKIE = 4000
SECONDS = 600
"""How long somebody may take at the provider's."""

PATIENCE_SECONDS = 10.0
TITLE = "统一身份认证"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
UNREACHABLE = (httpx2.HTTPError, httpx2.InvalidURL)
UNTRUE = (OAuthError, JoseError, ValueError, KeyError, TypeError, RuntimeError)
"""What an answer can be that is not to be believed."""

Enter = Callable[[Request, str, str, str], Awaitable[Response]]
"""Lets in whom an issuer knows by a subject, and shows what he wanted: (issuer, subject, next)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who knows the officials of the city; `title` is on the button of the sign-in page."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    title: str = TITLE


def provider_from(environment: Mapping[str, str], public_url: str) -> Provider | None:
    """Read the settings, None if there is no provider. Raises SettingError."""
    issuer = environment.get("XIAONENG_OIDC_ISSUER", "")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_safe or not parts.netloc or parts.query or parts.fragment:
        raise SettingError("XIAONENG_OIDC_ISSUER is like https://sso.city.cn/realms/officials")
    if not public_url:  # else the Host header would say where a code is sent
        raise SettingError("XIAONENG_OIDC_ISSUER needs XIAONENG_PUBLIC_URL")
    return Provider(
        issuer=issuer,
        client_id=needed(environment, "XIAONENG_OIDC_CLIENT_ID"),
        client_secret=needed(environment, "XIAONENG_OIDC_CLIENT_SECRET"),
        public_url=public_url,
        title=environment.get("XIAONENG_OIDC_TITLE", "") or TITLE,
    )


class Oidc:
    """The way to a provider and back: authorization code with PKCE, state and nonce."""

    def __init__(self, provider: Provider, enter: Enter) -> None:
        self._provider = provider
        self._enter = enter
        self._client: Any = OAuth().register(
            "xiaoneng",
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid",
                "code_challenge_method": "S256",
                "timeout": PATIENCE_SECONDS,
            },
        )

    async def leave(self, request: Request) -> Response:
        """Send a browser to the provider. Raises 503 `oidc-unreachable`."""
        session = {"next": request.query_params.get("next", "")}
        request.scope["session"] = session
        try:
            await self._known()
            answer: Response = await self._client.authorize_redirect(
                request, f"{self._provider.public_url}{COME_BACK}"
            )
        except UNREACHABLE as error:
            raise oidc_problems.unreachable() from error
        except UNTRUE as error:
            raise oidc_problems.untrue() from error
        self._keep(answer, session)
        return answer

    async def come_back(self, request: Request) -> Response:
        """Let in whom the provider names.

        Raises 403 `oidc-refused` and `oidc-untrue`, 503 `oidc-unreachable`.
        """
        session = _session(request.cookies.get(self._cookie, ""))
        request.scope["session"] = dict(session)
        if "error" in request.query_params:
            raise oidc_problems.refused()
        try:
            await self._known()
            told = await self._client.authorize_access_token(
                request,
                claims_options={
                    "iss": {"essential": True, "values": [self._provider.issuer]},
                    "sub": {"essential": True},
                },
            )
            subject = str(told["userinfo"]["sub"])
        except UNREACHABLE as error:
            raise oidc_problems.unreachable() from error
        except UNTRUE as error:
            raise oidc_problems.untrue() from error
        answer = await self._enter(
            request, self._provider.issuer, subject, str(session.get("next", ""))
        )
        answer.delete_cookie(self._cookie, path="/", secure=self._is_secure, httponly=True)
        return answer

    async def _known(self) -> None:
        """Ask the provider who it is, once. Raises ValueError if it is another."""
        metadata = await self._client.load_server_metadata()
        if metadata.get("issuer") != self._provider.issuer:
            self._client.server_metadata.clear()
            raise ValueError(metadata.get("issuer"))

    @property
    def _is_secure(self) -> bool:
        return self._provider.public_url.startswith("https:")

    @property
    def _cookie(self) -> str:
        return f"__Host-{COOKIE}" if self._is_secure else COOKIE

    def _keep(self, answer: Response, session: Mapping[str, object]) -> None:
        """Let the browser bring back what it must have begun itself, and nobody else for it."""
        text = base64.urlsafe_b64encode(json.dumps(session).encode()).decode()
        answer.set_cookie(
            self._cookie,
            text,
            max_age=SECONDS,
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )


def _session(text: str) -> Mapping[str, Any]:
    """Return what the browser brings back of its way, nothing if it is not whole."""
    try:
        told = json.loads(base64.urlsafe_b64decode(text[:LARGEST_COOKIE]))
    except (binascii.Error, ValueError):
        return {}
    return told if isinstance(told, dict) else {}

"""What a browser shows of itself: the cookie of its session, and which site made it ask."""

from urllib.parse import urlsplit

from starlette.requests import Request

from kernel.web.problem import ProblemError

COOKIE = "xiaoneng"
"""Holds the id of a session, where browsers reach us without TLS: on the machine itself."""

HOST_COOKIE = "__Host-xiaoneng"
"""The same where they use TLS: a browser takes it from this very host only, and only by TLS."""


def public_url(request: Request) -> str:
    """Return under what address browsers reach us, "" if it is the one we listen on."""
    public: str = request.app.state.public_url
    return public


def is_secure(request: Request) -> bool:
    """Tell whether browsers reach us by TLS, which is said by our settings and by no request."""
    return public_url(request).startswith("https:")


def cookie_name(request: Request) -> str:
    """Return the name of the only cookie that counts."""
    return HOST_COOKIE if is_secure(request) else COOKIE


def secret_of(request: Request) -> str | None:
    """Return what the cookie holds, None without one."""
    return request.cookies.get(cookie_name(request))


def make_sure_of_origin(request: Request) -> None:
    """Refuse what another site makes a browser send. Raises 403 `foreign-origin`.

    A browser names the origin of every form and script that sends, or says at least that it is
    ours. Ours is that of the public URL, if one is set. Who says neither may be any site's page in
    an old browser; programs show a token instead of a cookie, and are not asked.
    """
    origin = request.headers.get("origin")
    if origin is None:
        is_ours = request.headers.get("sec-fetch-site") == "same-origin"
    else:
        is_ours = origin == _own_origin(request)
    if not is_ours:
        raise ProblemError(
            403,
            "foreign-origin",
            title="来自其他网站的请求",
            detail="该请求由其他网站的页面发出，或者没有说明由哪个网站发出，未作处理。",
            fix="请在本系统的页面上操作。",
        )


def _own_origin(request: Request) -> str:
    if public := public_url(request):
        parts = urlsplit(public)
        return f"{parts.scheme}://{parts.netloc}"
    return f"http://{request.headers.get('host', '')}"

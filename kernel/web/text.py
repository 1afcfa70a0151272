"""Refuse addresses that no database could store: what is not UTF-8, or holds U+0000."""

from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from kernel.web.problem import ProblemError


class Text:
    """ASGI middleware: lets pass only paths and queries that are text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises 400 `malformed-address`."""
        if scope["type"] == "http" and not (
            _is_text(scope["raw_path"]) and _is_text(scope["query_string"])
        ):
            raise ProblemError(
                400,
                "malformed-address",
                title="地址不能读取",
                detail="地址或者参数不是有效的 UTF-8 文本，或者含有空字符。",
                fix="请以 UTF-8 编码地址和参数，并去掉空字符。",
            )
        await self._app(scope, receive, send)


def _is_text(quoted: bytes) -> bool:
    try:
        return "\0" not in unquote_to_bytes(quoted).decode()
    except UnicodeDecodeError:
        return False

"""A browser whose user has signed in already."""

from playwright.async_api import BrowserContext

from kernel.web.browser import COOKIE


async def carry(context: BrowserContext, port: int, secret: str) -> None:
    """Let a browser show this at a door: the secret of a session, or a token."""
    await context.add_cookies(
        [{"name": COOKIE, "value": secret, "url": f"http://127.0.0.1:{port}"}]
    )

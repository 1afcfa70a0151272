"""What another site makes an official's browser send changes nothing, whatever it is made of."""

import http.server
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from playwright.async_api import Browser, BrowserContext

from kernel.access.policy import Role
from kernel.access.principal import Grant
from tests.console.conftest import browser as chromium
from tests.console.cookie import carry
from tests.system.hostile.town import OWN, Town, browser, filled, routes

__all__ = ["chromium"]

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
ALL_ROLES = (
    Grant(role=Role.OFFICE),
    Grant(role=Role.ADMINISTRATOR),
    Grant(role=Role.AUDITOR),
)
LOOKS = frozenset(
    {"/console/audit.csv", "/register/export", "/catalogue/export", "/registers/export"}
)
"""What is noted for looking at it; nothing else may change by a GET."""

FORM = "application/x-www-form-urlencoded"
UNTOLD: dict[str, dict[str, str]] = {
    "another site": {"Origin": "https://evil.example"},
    "a sandboxed frame": {"Origin": "null"},
    "an old browser": {},
    "a sister site by its fetch metadata": {"Sec-Fetch-Site": "same-site"},
    "a link by its fetch metadata": {"Sec-Fetch-Site": "none"},
    "a lie in metadata beside a foreign origin": {
        "Origin": "https://evil.example",
        "Sec-Fetch-Site": "same-origin",
    },
    "an empty origin": {"Origin": ""},
}


def near_misses(origin: str) -> dict[str, dict[str, str]]:
    """Return origins that look like ours."""
    port = origin.rpartition(":")[2]
    return {
        each: {"Origin": each}
        for each in (
            f"{origin}.evil.example",
            f"https://127.0.0.1:{port}",
            "http://127.0.0.1",
            f"http://127.0.0.1:{port}0",
            f"http://localhost:{port}",
            f"http://evil@127.0.0.1:{port}",
            f"{origin}/",
            f"{origin} https://evil.example",
        )
    }


async def test_no_route_changes_anything_for_a_page_of_another_site(town: Town) -> None:
    secret = await town.secret("everything", *ALL_ROLES)
    changing = await routes(town.city, *CHANGING)
    assert len(changing) > 30
    before = await town.recorded()
    async with browser(town.doors, {"xiaoneng": secret}) as visitor:
        visitor.headers.pop("Origin")
        visitor.headers["Accept"] = "application/json"
        for headers in (UNTOLD | near_misses(town.doors.origin)).values():
            for method, path in changing:
                for kind, body in ((FORM, "reason=x"), ("text/plain", '{"reason": "x"}')):
                    told = {**headers, "Content-Type": kind}
                    url = filled(path, code=OWN)
                    answer = await visitor.request(method, url, content=body, headers=told)
                    assert answer.status_code in (403, 415), (method, path, headers)
                    assert answer.json()["code"] != "internal-error"
                    if answer.status_code == 403:
                        code = answer.json()["code"]
                        assert code in ("foreign-origin", "forbidden"), (method, path, code)
        assert (await visitor.get("/console/account")).status_code == 200, "he was not signed out"
    assert await town.recorded() == before


async def test_no_get_changes_anything_but_the_note_of_a_look(town: Town) -> None:
    secret = await town.secret("everything", *ALL_ROLES)
    asked = [path for _, path in await routes(town.city, "GET") if not path.endswith("stream")]
    async with browser(town.doors, {"xiaoneng": secret}) as visitor:
        visitor.headers.pop("Origin")
        for path in asked:
            before = await town.recorded()
            await visitor.get(filled(path, code=OWN))
            if path not in LOOKS:
                assert await town.recorded() == before, f"GET {path} changed a record"
        for method, path in await routes(town.city, *CHANGING):
            for told in ({"X-HTTP-Method-Override": method}, {"X-Method-Override": method}):
                before = await town.recorded()
                await visitor.get(filled(path, code=OWN), headers=told, params={"_method": method})
                assert await town.recorded() == before, f"GET {path} was taken for a {method}"
        assert (await visitor.get("/console/account")).status_code == 200


EVIL = """<!doctype html><meta charset="utf-8"><title>evil</title>
<form id="out" method="post" enctype="{kind}" action="{target}">
<input name="reason" value="x"></form>
<img src="{target}">
<script>
const told = {{method: "POST", credentials: "include", mode: "no-cors", body: "reason=x"}};
fetch("{target}", told).finally(() => document.querySelector("#out").submit());
</script>"""


@contextmanager
def elsewhere(page: str) -> Iterator[str]:
    """Serve a page of somebody else, on another port of this machine: for cookies the same site."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    made = await chromium.new_context()
    yield made
    await made.close()


@pytest.mark.browser
@pytest.mark.parametrize("kind", [FORM, "text/plain", "multipart/form-data"])
async def test_a_real_browser_can_not_be_made_to_sign_its_user_out(
    context: BrowserContext, town: Town, kind: str
) -> None:
    secret = await town.secret("everything", *ALL_ROLES)
    await carry(context, town.doors.port, secret)
    for path in ("/sign-out", "/console/account/sign-out-everywhere"):
        target = f"{town.doors.origin}{path}"
        with elsewhere(EVIL.format(kind=kind, target=target)) as evil:
            page = await context.new_page()
            await page.goto(evil)
            await page.wait_for_url(f"{target}*")
            assert "来自其他网站的请求" in await page.content(), "the form went through"
            await page.close()
    async with browser(town.doors, {"xiaoneng": secret}) as visitor:
        assert (await visitor.get("/console/account")).status_code == 200

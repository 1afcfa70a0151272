"""The wall of alerts: how soon it shows a card, and what a page of it costs among ten thousand."""

import asyncio
import json
import shutil
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median, quantiles

import httpx
from playwright.async_api import Page, async_playwright

from bench.city import OPERATOR, REPORTER, city
from bench.said import message
from bench.table import Figure, report
from bench.until import until
from kernel.web.browser import COOKIE

MANY, BATCH = 10_000, 1000
SHOWN, PAUSE_SECONDS = 40, 2.3
"""A page asks at most once a second: each card comes to one that rests."""
ASKED = 40
WALL = "/console/alerts"
ALL = ("api", "intake", "loop", "relay")
PAGES = {
    "wall, first page": WALL,
    "wall, one unit": f"{WALL}?unit=unit-7",
    "wall, looking for a text": f"{WALL}?q=9999",
    "wall, by unit": f"{WALL}?sort=unit",
}
PART = {"Accept": "text/html", "HX-Request-Type": "partial"}

# when each case is first in the document, by the clock that this process shares with the browser
WATCH = """
() => {
    window.seen = {};
    const look = () => document.querySelectorAll(".card-number a").forEach(
        (link) => { window.seen[link.textContent] ??= Date.now(); });
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
}
"""


async def measure(now: datetime) -> None:
    """Measure, and report."""
    async with city() as place:
        with place.running(*ALL) as port:
            base = f"http://127.0.0.1:{port}"
            async with httpx.AsyncClient(base_url=base, timeout=60) as client:
                delays = await _delays(client, base, now)
                await _fill(client, now)
                costs = {name: await _cost(client, path) for name, path in PAGES.items()}
                bare = await _cost(client, "/sign-in")
    figures = [
        Figure(path="ack to document, p50", value=median(delays), unit="ms"),
        Figure(path="ack to document, p99", value=_percentile(delays, 99), unit="ms"),
        *(
            Figure(path=name, value=cost, unit="ms a page", is_ours=name in list(PAGES)[:1])
            for name, cost in costs.items()
        ),
        Figure(path="a page that asks nothing", value=bare, unit="ms a page", note="/sign-in"),
    ]
    report("wall", f"wall: one card every {PAUSE_SECONDS} s; then {MANY:,} open alerts", figures)


async def _delays(client: httpx.AsyncClient, base: str, now: datetime) -> Sequence[float]:
    """Return the milliseconds from the ack of an event to its card in the document."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), chromium_sandbox=False
        )
        context = await browser.new_context()
        await context.add_cookies([{"name": COOKIE, "value": OPERATOR, "url": base}])
        page = await context.new_page()
        await page.goto(f"{base}{WALL}")
        await page.get_by_text("实时").wait_for()
        await page.evaluate(WATCH)
        acknowledged = {}
        for number in range(SHOWN):
            case = f"seen-{number:04}"
            await _tell(client, [_overdue(case, now)])
            acknowledged[case] = time.time_ns() / 1_000_000
            await asyncio.sleep(PAUSE_SECONDS)
        seen = await _seen(page)
        await browser.close()
    return [seen[case] - at for case, at in acknowledged.items()]


async def _seen(page: Page) -> dict[str, float]:
    """Return when (milliseconds of the epoch) each case was in the document, once all are."""
    seen: dict[str, float] = {}

    async def all_seen() -> bool:
        seen.update(await page.evaluate("window.seen"))
        return len(seen) >= SHOWN

    await until(all_seen)  # the policy of our pages forbids playwright's own way to wait
    return seen


async def _fill(client: httpx.AsyncClient, now: datetime) -> None:
    for begin in range(0, MANY, BATCH):
        numbers = range(begin, begin + BATCH)
        await _tell(client, [_overdue(f"many-{number:05}", now) for number in numbers])

    async def filled() -> bool:
        answer = await client.get(WALL, headers=_asking())
        return f"全部 <b>{MANY + SHOWN}</b>" in answer.text

    await until(filled)


async def _tell(client: httpx.AsyncClient, bodies: Sequence[bytes]) -> None:
    answer = await client.post(
        "/events",
        content=b"[" + b",".join(bodies) + b"]",
        headers={
            "Authorization": f"Bearer {REPORTER}",
            "Content-Type": "application/cloudevents-batch+json",
        },
    )
    if json.loads(answer.content)["accepted"] != len(bodies):
        raise RuntimeError(answer.text)


def _overdue(case: str, now: datetime) -> bytes:
    due = (now - timedelta(minutes=1)).isoformat(timespec="seconds")
    data = {"item": "construction-permit", "stated_due": due}
    return message(case, "case-accepted", f"{case}-0", now - timedelta(minutes=9), data)[1]


async def _cost(client: httpx.AsyncClient, path: str) -> float:
    """Return the median of the milliseconds that a page takes."""
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        answer = await client.get(path, headers=_asking())
        answer.raise_for_status()
        took.append(1000 * (time.perf_counter() - began))
    return median(took)


def _asking() -> dict[str, str]:
    return PART | {"Authorization": f"Bearer {OPERATOR}"}


def _percentile(values: Sequence[float], nth: int) -> float:
    return quantiles(values, n=100, method="inclusive")[nth - 1]

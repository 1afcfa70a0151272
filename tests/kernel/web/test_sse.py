"""Who follows a feed sees each publication once and in order, however often he comes again."""

import asyncio
import json
import random
from collections.abc import Callable

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from kernel.web import connection
from kernel.web.feed import Feed, GapError, OutOfReachError
from tests.kernel.web.newspaper import BODY, Page, Press, everything, followed, stand
from tests.kernel.web.town import CLERKS, House, opened, until


def has(number: int) -> Callable[[Page], bool]:
    return lambda page: len(page.events) >= number


def is_at(sequence: int) -> Callable[[Page], bool]:
    return lambda page: page.last is not None and int(page.last) >= sequence


async def followers(registry: CollectorRegistry, number: int) -> None:
    async def counted() -> bool:
        return registry.get_sample_value("xiaoneng_sse_clients") == number

    await until(counted)


async def test_a_frame_says_its_number_its_type_and_the_event_on_one_line(
    printing: Press,
) -> None:
    pretty = '{\n  "type": "xiaoneng.x.y.v1",\r\n  "sequence": "00000000000000000000"\n}'
    async with followed(printing) as feed, opened(stand(feed)) as house:
        page = Page()
        await printing.say()
        await printing.say(body=pretty)
        async with asyncio.timeout(5):
            answer = await page.read(house.client, "/feed?after=0", CLERKS, has(2))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert page.retry == "1000"
    assert page.events[0] == (
        "1",
        "xiaoneng.supervision.reminder-raised.v1",
        BODY.replace("0" * 20, "0" * 19 + "1"),
    )
    number, name, data = page.events[1]
    assert (number, name) == ("2", "xiaoneng.x.y.v1")
    assert json.loads(data)["sequence"] == "0" * 19 + "2"


async def test_nobody_follows_without_a_token(printing: Press) -> None:
    async with followed(printing) as feed, opened(stand(feed)) as house:
        assert (await house.client.get("/feed")).status_code == 401


async def test_pages_that_come_and_go_see_each_of_5000_publications_once_and_in_order(
    printing: Press,
) -> None:
    total = 5000
    chance = random.Random(7)

    async def print_all() -> None:
        left = total
        while left:
            number = min(left, chance.randint(1, 40))
            await printing.say(number)
            left -= number

    async def follow(house: House, page: Page) -> None:
        while len(page.events) < total:
            limit = min(total, len(page.events) + chance.randint(1, 400))
            await page.read(house.client, "/feed?after=0", CLERKS, has(limit))

    pages = [Page() for _ in range(5)]
    async with followed(printing) as feed, opened(stand(feed)) as house, asyncio.timeout(60):
        await asyncio.gather(print_all(), *(follow(house, page) for page in pages))
    for page in pages:
        assert page.sequences == list(range(1, total + 1))


async def test_a_page_gets_what_it_asked_for_only_and_still_knows_how_far_it_is(
    printing: Press,
) -> None:
    async with followed(printing) as feed, opened(stand(feed, beat_seconds=0.1)) as house:
        await printing.say(3, subject="to.others")
        await printing.say(1, subject="to.me")
        await printing.say(3, subject="to.others")
        page = Page()
        async with asyncio.timeout(5):
            await page.read(house.client, "/feed?after=0&prefix=to.me", CLERKS, is_at(7))
    assert page.sequences == [4]


async def test_a_page_that_waits_is_told_now_and_then_that_nothing_is_lost(
    printing: Press,
) -> None:
    async with followed(printing) as feed, opened(stand(feed, beat_seconds=0.05)) as house:
        beats = 0

        def counted(_: Page) -> bool:
            nonlocal beats
            beats += 1
            return beats >= 5

        async with asyncio.timeout(5):
            await Page().read(house.client, "/feed", CLERKS, counted)


async def test_a_page_without_a_place_gets_what_comes_from_now_on(printing: Press) -> None:
    async with followed(printing) as feed, opened(stand(feed)) as house:
        await printing.say(10)
        await read_through(feed, 10)
        page = Page()
        following = asyncio.create_task(page.read(house.client, "/feed", CLERKS, has(1)))
        await until(lambda: came(lambda: page.last == "10"))
        await printing.say()
        async with asyncio.timeout(5):
            await following
    assert page.sequences == [11]


async def test_what_the_browser_knows_counts_more_than_what_the_page_was_made_at(
    printing: Press,
) -> None:
    async with followed(printing) as feed, opened(stand(feed)) as house:
        await printing.say(10)
        page = Page(last="8")
        async with asyncio.timeout(5):
            await page.read(house.client, "/feed?after=0", CLERKS, has(2))
    assert page.sequences == [9, 10]


async def test_a_page_too_far_behind_or_ahead_of_the_record_is_told_to_reload(
    printing: Press,
) -> None:
    async with followed(printing, window=100) as feed, opened(stand(feed)) as house:
        await printing.say(150)
        for last, events in (("49", ["reload"]), ("151", ["reload"]), ("9" * 18, ["reload"])):
            page = Page(last=last)
            async with asyncio.timeout(5):
                await page.read(house.client, "/feed", CLERKS, lambda _: False)
            assert [event for _, event, _ in page.events] == events, last
        page = Page(last="50")
        async with asyncio.timeout(5):
            await page.read(house.client, "/feed", CLERKS, has(100))
        assert page.sequences == list(range(51, 151))


async def test_a_page_made_a_moment_before_the_feed_has_read_is_not_told_to_reload(
    printing: Press,
) -> None:
    """The page asks the database how far it is; the reader of the feed may be a little behind."""
    async with followed(printing) as feed, opened(stand(feed)) as house:
        for last in range(1, 51):
            await printing.say()
            page = Page(last=str(last))
            async with asyncio.timeout(5):
                await page.read(house.client, "/feed", CLERKS, is_at(last))
            assert page.events == []


@pytest.mark.parametrize("told", ["-1", "1.5", "x", "9" * 19, "9" * 5000, "١", "1 2", "00000 "])
async def test_a_place_that_was_never_told_is_refused(printing: Press, told: str) -> None:
    async with followed(printing) as feed, opened(stand(feed)) as house:
        answer = await house.client.get("/feed", params={"after": told}, headers=CLERKS)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-event-id")


async def test_a_feed_that_starts_anew_goes_on_for_pages_that_come_back(printing: Press) -> None:
    page = Page(last="0")
    for through in (700, 1400, 2100):
        async with followed(printing) as feed, opened(stand(feed)) as house:
            await printing.say(700)
            async with asyncio.timeout(5):
                await page.read(house.client, "/feed", CLERKS, is_at(through))
    assert page.sequences == list(range(1, 2101))


async def test_a_page_that_takes_nothing_holds_up_nobody_and_is_cut_off(
    printing: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "STALL_SECONDS", 0.5)
    total, large = 2000, BODY[:-1] + ',"text":"' + "x" * 10_000 + '"}'
    registry = CollectorRegistry()
    async with (
        followed(printing, registry=registry) as feed,
        opened(stand(feed)) as house,
        asyncio.timeout(60),
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", house.port, limit=1)
        writer.write(b"GET /feed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer clerk\r\n\r\n")
        await followers(registry, 1)
        page = Page()
        following = asyncio.create_task(
            page.read(house.client, "/feed?after=0", CLERKS, has(total))
        )
        for _ in range(total // 50):
            await printing.say(50, body=large)
        await following
        assert page.sequences == list(range(1, total + 1))
        await followers(registry, 0)
        writer.transport.abort()


async def test_a_page_that_fell_out_of_what_is_kept_is_counted_and_told_to_reload(
    printing: Press,
) -> None:
    registry = CollectorRegistry()
    async with followed(printing, window=10, registry=registry) as feed:
        following = feed.subscribe(None, everything, idle_seconds=15)
        assert (await anext(following)).through == 0
        await printing.say(50)
        await read_through(feed, 50)
        with pytest.raises(OutOfReachError):
            await anext(following)
    assert registry.get_sample_value("xiaoneng_sse_dropped_total") == 1


async def test_what_is_kept_is_bounded_in_bytes_too(
    printing: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kernel.web.feed.LARGEST_WINDOW", 100_000)
    large = BODY[:-1] + ',"text":"' + "x" * 10_000 + '"}'
    async with followed(printing) as feed, opened(stand(feed)) as house:
        await printing.say(50, body=large)
        await read_through(feed, 50)
        behind, near = Page(last="0"), Page(last="45")
        async with asyncio.timeout(5):
            await behind.read(house.client, "/feed", CLERKS, has(1))
            await near.read(house.client, "/feed", CLERKS, has(5))
    assert [event for _, event, _ in behind.events] == ["reload"]
    assert near.sequences == [46, 47, 48, 49, 50]


async def test_a_publication_missing_from_the_record_stops_the_feed(printing: Press) -> None:
    await printing.say(5)
    await printing.pool.execute("delete from publication where sequence = 3")
    with printing.bell.ear() as ear, pytest.raises(GapError, match="2"):
        await Feed(printing.pool, ear, CollectorRegistry()).run()


async def test_a_feed_whose_query_is_cut_off_goes_on(
    printing: Press, record: asyncpg.Connection
) -> None:
    of_the_feed = (
        "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'"
        " and query like '%from publication where sequence >%'"
    )

    async def is_cut() -> bool:
        return len(await record.fetch(of_the_feed)) > 0

    async with followed(printing) as feed, opened(stand(feed)) as house:
        page = Page(last="0")
        following = asyncio.create_task(page.read(house.client, "/feed", CLERKS, has(20)))
        await printing.say(10)
        await until(lambda: came(lambda: len(page.events) == 10))
        async with record.transaction():
            await record.execute("lock table publication in access exclusive mode")
            printing.bell.ring()
            await until(is_cut)
        await printing.say(10)
        async with asyncio.timeout(10):
            await following
    assert page.sequences == list(range(1, 21))


async def test_a_page_that_comes_while_the_feed_starts_gets_nothing_old(printing: Press) -> None:
    await printing.say(1200)
    async with followed(printing) as feed, asyncio.timeout(5):
        first = await anext(feed.subscribe(None, everything, idle_seconds=15))
    assert (first.through, first.frames) == (1200, [])


async def test_the_house_closes_at_once_while_pages_follow(
    printing: Press, caplog: pytest.LogCaptureFixture
) -> None:
    registry = CollectorRegistry()
    async with followed(printing, registry=registry) as feed, opened(stand(feed)) as house:
        pages = [
            asyncio.create_task(Page().read(house.client, "/feed", CLERKS, lambda _: False))
            for _ in range(5)
        ]
        await followers(registry, 5)
        house.serving.cancel()
        async with asyncio.timeout(5):
            await asyncio.wait([house.serving])
            ended = await asyncio.gather(*pages)
        assert [answer.status_code for answer in ended] == [200] * 5
        await followers(registry, 0)
    assert "timeout graceful shutdown" not in caplog.text, "the pages had to be cut off"
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_page_that_leaves_is_followed_by_nothing(printing: Press) -> None:
    registry = CollectorRegistry()
    async with followed(printing, registry=registry) as feed, opened(stand(feed)) as house:
        await printing.say()
        await Page(last="0").read(house.client, "/feed", CLERKS, has(1))
        await followers(registry, 0)


async def came(condition: Callable[[], bool]) -> bool:
    return condition()


async def read_through(feed: Feed, sequence: int) -> None:
    await until(lambda: came(lambda: feed.last >= sequence))

"""What every answer tells a browser not to do, and what nobody tells us by a header."""

import re

import pytest

from kernel.access.policy import Role
from kernel.access.principal import Grant
from tests.system.hostile.town import OWN, Town, browser, filled, routes
from tests.system.stack import Process

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PUBLIC = "https://console.city.example"
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Prefix": "/evil",
    "X-Original-URL": "/console/audit",
    "X-Rewrite-URL": "/console/audit",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
}
ROLES = (Grant(role=Role.OFFICE), Grant(role=Role.AUDITOR), Grant(role=Role.ADMINISTRATOR))


@pytest.fixture(scope="module")
async def behind_tls(town: Town) -> Process:
    return await town.another(XIAONENG_PUBLIC_URL=PUBLIC)


async def test_every_answer_carries_the_headers_that_keep_browsers_safe(town: Town) -> None:
    asked = [path for _, path in await routes(town.city, "GET") if not path.endswith("stream")]
    asked += ["/nowhere", "/%00", "/assets/none.js", "/cases?limit=-1"]
    secret = await town.secret("everything", *ROLES)
    for cookies in ({"xiaoneng": secret}, None):
        async with browser(town.doors, cookies) as visitor:
            for path in asked:
                answer = await visitor.get(filled(path, code=OWN, name="console.js"))
                told = answer.headers
                for name, value in ALWAYS.items():
                    assert told.get(name) == value, (path, name)
                policy = told["content-security-policy"]
                assert "default-src 'none'" in policy, path
                assert "frame-ancestors 'none'" in policy, path
                assert "unsafe" not in policy, path
                assert "*" not in policy, path
                assert "access-control-allow-origin" not in told, path
                assert "server" not in told, path
                kept = told.get("cache-control", "")
                assert kept == "no-store" or path.startswith("/assets/"), (path, kept)


async def test_where_browsers_use_tls_they_are_told_to_use_nothing_else(
    town: Town, behind_tls: Process
) -> None:
    async with browser(behind_tls) as stranger:
        for path in ("/", "/sign-in", "/nowhere", "/livez", "/%00"):
            told = (await stranger.get(path)).headers
            assert re.fullmatch(r"max-age=\d{8,}.*", told["strict-transport-security"]), path
    async with browser(town.doors) as stranger:
        assert "strict-transport-security" not in (await stranger.get("/sign-in")).headers


async def test_no_forged_header_changes_where_anybody_is_led(
    town: Town, behind_tls: Process
) -> None:
    secret = await town.secret("everything", *ROLES)
    for process in (town.doors, behind_tls):
        for cookies in ({"xiaoneng": secret, "__Host-xiaoneng": secret}, None):
            async with browser(process, cookies) as visitor:
                for path in ("/", "/console", "/console/account", "/sign-in", "/console/"):
                    plain = await visitor.get(path)
                    forged = await visitor.get(path, headers={**FORGED, "Host": "evil.example"})
                    assert forged.status_code == plain.status_code, path
                    told = forged.text + str(forged.headers)
                    assert "evil.example" not in told, path
                    to = forged.headers.get("location", "/")
                    assert re.match(r"/(?![/\\])", to), (path, to)


async def test_a_forged_host_makes_no_foreign_origin_our_own_behind_a_proxy(
    town: Town, behind_tls: Process
) -> None:
    secret = await town.secret("everything", *ROLES)
    before = await town.recorded()
    async with browser(behind_tls, {"__Host-xiaoneng": secret}) as visitor:
        visitor.headers["Origin"] = "http://evil.example"
        told = {**FORGED, "Host": "evil.example", "Accept": "application/json"}
        for path in ("/sign-out", "/console/account/sign-out-everywhere", "/sign-in"):
            answer = await visitor.post(path, headers=told)
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin"), path
        visitor.headers["Origin"] = PUBLIC
        assert (await visitor.get("/console/account")).status_code == 200
    assert await town.recorded() == before


async def test_nobody_says_by_a_header_that_he_came_by_tls(town: Town) -> None:
    async with browser(town.doors) as stranger:
        form = {"account": "nobody", "password": "x"}
        answer = await stranger.post("/sign-out", headers=FORGED)
        told = answer.headers["set-cookie"].lower()
        assert "secure" not in told
        assert "__host-" not in told
        assert (await stranger.post("/sign-in", data=form, headers=FORGED)).status_code == 403
    access = await town.access()
    noted = await access.fetchval("select data from event order by position desc limit 1")
    await access.close()
    assert "203.0.113.9" not in noted
    assert "127.0.0.1" in noted

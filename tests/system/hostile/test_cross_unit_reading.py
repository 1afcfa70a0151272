"""A handler who guesses the ids of foreign cases learns nothing, not even that they exist."""

import re

from kernel.access.account import SetGrants
from kernel.access.accounts import carry_out
from kernel.access.policy import Role
from kernel.access.principal import Grant, by_hand
from tests.system.hostile.town import FOREIGN, OWN, Town, filled, moment, routes
from tests.waiting import until

STREAMS = frozenset({"/judgements/stream", "/console/stream"})
UNKNOWN = "340200-2026-8888888"
CLOCK = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?")


async def of_case(town: Town, unit: str) -> dict[str, str]:
    """Return all ids that somebody might guess of a unit's case."""
    database = await town.city.database()
    row = await database.fetchrow(
        "select docket.id as case, judgement.id as judgement, number "
        "from docket join judgement on docket = docket.id where number = $1",
        town.cases[unit],
    )
    await database.close()
    assert row is not None
    return dict(row)


def blurred(text: str, ids: dict[str, str]) -> str:
    """Take away the ids that were asked for, and what time it is."""
    for name, each in ids.items():
        text = text.replace(each, name)
    return CLOCK.sub("", text)


async def reading(town: Town) -> list[str]:
    return [path for _, path in await routes(town.city, "GET") if path not in STREAMS]


async def test_no_reading_route_tells_a_handler_of_another_units_case(town: Town) -> None:
    theirs = await of_case(town, FOREIGN)
    shown = 0
    async with await town.handler(OWN) as handler, town.doors.client() as office:
        for path in await reading(town):
            url = filled(path, **theirs, code=FOREIGN, message=theirs["case"])
            answer = await handler.get(url)
            ours = (await office.get(url)).text
            shown += any(each in ours for each in theirs.values())
            for each in theirs.values():
                assert each not in answer.text, f"{path} shows a foreign case"
    assert shown >= 8, "somebody of the whole city sees it in many places"


async def test_a_foreign_case_is_answered_word_for_word_like_one_that_is_not(town: Town) -> None:
    theirs = await of_case(town, FOREIGN)
    nothing = {"case": "0" * len(theirs["case"]), "judgement": "0" * len(theirs["judgement"])}
    nothing |= {"number": UNKNOWN}
    async with await town.handler(OWN) as handler:
        for path in await reading(town):
            if "{" not in path:
                continue
            for accept in ("text/html", "application/json"):
                headers = {"Accept": accept}
                real = await handler.get(filled(path, **theirs), headers=headers)
                none = await handler.get(filled(path, **nothing), headers=headers)
                assert real.status_code == none.status_code, path
                assert blurred(real.text, theirs) == blurred(none.text, nothing), path


async def test_no_filter_of_a_list_tells_whether_a_foreign_case_exists(town: Town) -> None:
    theirs, lists = await of_case(town, FOREIGN), ("/cases", "/judgements", "/console/cases")
    asked = (*lists, "/console/alerts", "/console/alerts/known", "/console")
    values = {"number": theirs["number"], "q": theirs["number"], "unit": FOREIGN, "state": "all"}
    nothing = {"number": UNKNOWN, "q": UNKNOWN, "unit": "340200-nobody", "state": "all"}
    async with await town.handler(OWN) as handler:
        for path in asked:
            for name, value in values.items():
                real = await handler.get(path, params={name: value})
                none = await handler.get(path, params={name: nothing[name]})
                said = {"x": value} if name != "state" else {}
                gone = {"x": nothing[name]} if name != "state" else {}
                assert blurred(real.text, said) == blurred(none.text, gone), (path, name)
                assert theirs["case"] not in real.text, (path, name)


async def test_the_place_in_a_list_of_somebody_else_leads_to_nothing_foreign(town: Town) -> None:
    theirs = await of_case(town, FOREIGN)
    async with town.doors.client() as office, await town.handler(OWN) as handler:
        for path in ("/cases", "/judgements"):
            page = (await office.get(path, params={"limit": "1"})).json()
            after = page["next"]
            assert after, "two units have cases"
            answer = await handler.get(path, params={"after": after, "unit": FOREIGN})
            assert answer.json()["items"] == []
            assert theirs["number"] not in (await handler.get(path, params={"after": after})).text


async def test_a_live_stream_from_the_very_beginning_tells_of_own_cases_only(town: Town) -> None:
    ours, theirs = await of_case(town, OWN), await of_case(town, FOREIGN)
    heard = ""
    async with (
        await town.handler(OWN) as handler,
        handler.stream(
            "GET", "/judgements/stream", params={"unit": FOREIGN}, headers={"Last-Event-ID": "0"}
        ) as foreign,
        handler.stream("GET", "/judgements/stream", headers={"Last-Event-ID": "0"}) as stream,
    ):
        # what is said of both was committed before: an id beyond both has passed them
        async for piece in stream.aiter_text():
            heard += piece
            if ours["number"] in heard and heard.rstrip().endswith("id: " + await last_id(town)):
                break
        async for piece in foreign.aiter_text():
            heard += piece
            if "id: " + await last_id(town) in piece:
                break
    assert ours["number"] in heard
    assert theirs["number"] not in heard
    assert theirs["case"] not in heard


async def last_id(town: Town) -> str:
    database = await town.city.database()
    found: int = await database.fetchval("select max(sequence) from publication")
    await database.close()
    return str(found)


async def test_a_handler_whose_unit_was_taken_away_sees_its_cases_no_more(town: Town) -> None:
    ours = await of_case(town, OWN)
    handler = await town.handler(OWN)
    assert (await handler.get(f"/cases/{ours['case']}")).status_code == 200
    access = await town.access()
    elsewhere = SetGrants(
        name=f"handler-{OWN}", grants=(Grant(role=Role.HANDLER, unit="340200-elsewhere"),)
    )
    await carry_out(access, elsewhere, now=moment(), by=by_hand("test"))
    await access.close()

    async def is_out() -> bool:
        return (await handler.get(f"/cases/{ours['case']}")).status_code == 303

    await until(is_out)
    await handler.aclose()
    async with await town.handler(OWN) as again:
        assert (await again.get(f"/cases/{ours['case']}")).status_code == 404

"""Text that would run in a page that forgot to escape it, put wherever a city lets text in."""

from urllib.parse import quote

import httpx
import nats

from contracts.subjects import city as city_subject
from kernel.access.partner import AddPartner, Terms
from kernel.access.partners import carry_out as of_partner
from kernel.access.policy import Role
from kernel.access.principal import Grant, by_hand
from kernel.intake.quarantine import Unreadable
from services.electronic_supervision.doors.systems import CitySystem, admit
from tests.console import town as days
from tests.console.quarantined import put
from tests.electronic_supervision.live.said import APPROVALS, Said, event
from tests.system.access import let_in
from tests.system.hostile.town import Town, moment
from tests.waiting import until

RUNS = "\"'><svg onload=pwned=1>{{7*7}}"
"""Without a slash, which ends a part of an address."""


def poison(word: str) -> str:
    """Return text that would run, and begins with a word by which it is known."""
    return f"{word}{RUNS}"


UNIT, CASE = poison("单位"), poison("办件")
SHOWN = {
    poison(word)
    for word in (
        *("名称", "办件", "事项", "姓名", "令牌", "系统", "科室"),
        *("收费", "环节", "材料", "依据", "代码", "浏览器"),
    )
}
"""What has to be read somewhere, letter by letter."""


async def poisoned(town: Town) -> None:
    """Put it everywhere."""
    async with town.doors.client() as office:
        await _register(office)
    await _case(town)
    await _messages(town)
    await _access(town)


async def _register(office: httpx.AsyncClient) -> None:
    code, since = quote(UNIT, safe=""), {"effective_from": "2012-01-01"}
    alias = {"source": APPROVALS.source, "code": poison("代码")}
    forms: dict[str, dict[str, object]] = {
        f"/units/{code}": {"name": poison("名称"), "group": "government", "aliases": [alias]},
        f"/sections/{code}": {"name": poison("科室"), "unit": UNIT},
        f"/posts/{code}": {"name": poison("岗位"), "unit": UNIT},
        f"/people/{code}": {"name": poison("人员"), "unit": UNIT, "duty": "handler"},
    }
    for path, form in forms.items():
        answer = await office.put(path, json=form | since)
        assert answer.status_code == 201, (path, answer.text)


async def _case(town: Town) -> None:
    unit = {"unit": poison("代码")}
    at = days.at(days.TODAY)
    said: list[Said] = [
        event(kind, days.at(days.TODAY.replace(day=day)), CASE, **{**unit, **data})
        for kind, day, data in (
            (
                "case-accepted",
                2,
                {
                    "item": poison("事项"),
                    "holder": poison("岗位"),
                    "stated_limit": {"amount": 1, "unit": "working-days"},
                },
            ),
            ("supplement-requested", 3, {"materials": [{"name": poison("材料")}]}),
            (
                "clock-paused",
                4,
                {
                    "ground": "other",
                    "pause": poison("暂停"),
                    "ground_text": poison("事由"),
                    "clause": poison("依据"),
                },
            ),
            ("step-started", 5, {"step": poison("步"), "name": poison("环节")}),
            ("fee-charged", 6, {"amount_fen": 100, "purpose": poison("收费")}),
        )
    ]
    said.append(event("case-transferred", at, f"{CASE}2", **unit, to_unit=UNIT))
    await days.tell(town.doors, said)
    async with town.doors.client() as office:

        async def judged() -> bool:
            found = (await office.get("/cases", params={"number": CASE})).json()["items"]
            return bool(found) and bool(
                (await office.get(f"/cases/{found[0]['id']}/judgements")).json()
            )

        await until(judged)


async def _messages(town: Town) -> None:
    database = await town.city.database()
    await admit(database, CitySystem(name="poison", source="/poison", title=poison("系统")))
    why = Unreadable(code=poison("代号"), field=poison("字段"), message=poison("说明"))
    told = event("case-decided", days.at(days.TODAY), CASE, reasons=[poison("原文")])
    await put(database, told, why)
    await database.close()
    about = city_subject(
        APPROVALS.name, "xiaoneng.approvals.case-decided.v1", unit=UNIT, key="poison"
    )
    client = await nats.connect(town.city.system_url, inbox_prefix=f"_INBOX_city-{APPROVALS.name}")
    await client.jetstream().publish(about, f'{{"id": "{RUNS}", oops'.encode())
    await client.close()


async def _access(town: Town) -> None:
    url, office = town.city.postgres.url(), (Grant(role=Role.OFFICE),)
    await let_in(url, "poisoned-token", name=poison("令牌"), grants=office)
    access = await town.access()
    terms = Terms(title=poison("伙伴"), source="/poison-partner")
    command = AddPartner(name="poisoned", terms=terms, nkey=None)
    await of_partner(access, "poisoned", command, now=moment(), by=by_hand(poison("经办")))
    await access.close()

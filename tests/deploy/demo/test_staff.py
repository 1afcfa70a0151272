"""The people of the simulated city, as its register shows them."""

from collections import Counter

from deploy.demo.register import register
from deploy.demo.staff import staff
from deploy.demo.units import UNITS
from deploy.tenancies import EVALUATION
from tests.deploy.demo.town import Town
from tests.system.stack import OPERATOR


def test_nobody_is_told_twice_and_everybody_belongs_to_a_unit() -> None:
    wishes = list(staff())
    told = Counter(each.path for each in wishes if each.method == "PUT")
    assert set(told.values()) == {1}
    codes = {unit.code for unit in UNITS}
    assert {each.form["unit"] for each in wishes if "unit" in each.form} <= codes
    names = [each.form["name"] for each in wishes if each.path[0] == "people"]
    assert len(set(names)) == len(names), "two officials have one name"


async def test_every_counter_is_held_and_covered_and_told_again_it_stays_as_it_is(
    town: Town,
) -> None:
    evaluation = await town.start(EVALUATION).listening()
    console = f"http://127.0.0.1:{evaluation.port}"
    async with evaluation.client() as office:
        await register(console, OPERATOR)
        shown = (await office.get("/posts", params={"limit": 200})).json()["items"]
        assert len(shown) == 8
        for post in shown:
            assert post["a"]["is_present"], post
            assert post["b"]["person"] != post["a"]["person"], post
        left = await office.post("/people/WH-R0003/leave", json={"effective_from": "2026-11-01"})
        assert left.status_code == 200, left.text
        await register(console, OPERATOR)
        person = (await office.get("/people/WH-R0003")).json()
        assert person["closed_from"] == "2026-11-01", "what people did is undone"

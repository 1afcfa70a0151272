"""What another rule would find over time, in what really happened."""

import random
import re
from collections import Counter
from datetime import date

import pytest

from services.electronic_supervision.rehearsal.difference import What
from services.electronic_supervision.rehearsal.lane import Place
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal
from services.electronic_supervision.rehearsal.sweep import sweep
from services.electronic_supervision.rehearsal.tally import Tally
from services.electronic_supervision.rules.shelf import shipped
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import accepted, decided, event, local
from tests.electronic_supervision.patterns.conftest import (
    MANY_STEPS,
    TWO_CARDS,
    Watch,
    runs,
    some_days,
    steps_on,
)
from tests.electronic_supervision.rehearsal import papers

END = "2027-01-10 10:00"
HEARD = "2027-01-09 10:00"
DAY = re.compile(r"变更后：\S+?，(\d+)年(\d+)月(\d+)日")


async def rehearsed(place: Place, document: str, at: str = END) -> Tally:
    return await sweep(place, Proposal(kind=Kind.RULE, document=document), local(at), lanes=2)


def told(tally: Tally) -> list[tuple[str, str, date]]:
    """Read out of the examples which rule would find what on which day."""
    found = []
    for each in tally.examples:
        on = DAY.search(str(each["words"]))
        assert on is not None
        found.append((str(each["rule"]), str(each["after"]), date(*map(int, on.groups()))))
    return sorted(found)


@pytest.mark.parametrize("seed", range(3))
async def test_what_a_rehearsal_finds_is_what_the_rule_finds_once_it_judges(
    supervision: Supervision, place: Place, seed: int
) -> None:
    days, watch = some_days(seed), Watch(supervision)
    said = steps_on(days)
    random.Random(seed).shuffle(said)
    await supervision.hears(*said, at=HEARD)
    alone = await rehearsed(place, MANY_STEPS)
    assert told(alone) == [("many-steps", "yellow", day) for day in runs(days)]
    await watch.enact(TWO_CARDS)
    together = await rehearsed(place, MANY_STEPS)
    await watch.enact(MANY_STEPS)
    await watch.until(END)
    assert told(together) == await watch.found(), "what follows from the cards is rehearsed too"
    assert (await rehearsed(place, MANY_STEPS)).whats == Counter(), "it judges by now"
    assert (await rehearsed(place, TWO_CARDS)).whats == Counter()


async def test_a_higher_threshold_makes_cards_vanish_with_what_rested_on_them(
    supervision: Supervision, place: Place
) -> None:
    watch = Watch(supervision)
    await watch.enact(MANY_STEPS)
    await watch.enact(TWO_CARDS)
    await supervision.hears(*steps_on([3, 4, 5, 20, 20, 21]), at=HEARD)
    milder = MANY_STEPS.replace("at_least: 3", "at_least: 4").replace("fires", "fires")
    milder = milder.replace(
        "  - name: 差一次",
        "      - {type: approvals.step-started.v1, time: 2026-11-05 12:30, step: 丁}\n"
        "    expect: yellow\n  - name: 差一次",
        1,
    ).replace("step: 丙}\n    expect: yellow\n", "step: 丙}\n", 1)
    tally = await rehearsed(place, milder)
    assert tally.rules == {("many-steps", What.VANISH): 2, ("two-runs", What.VANISH): 1}
    assert tally.levels == {("yellow", None): 2, ("red", None): 1}


async def test_a_graver_level_is_a_change_and_no_new_card(
    supervision: Supervision, place: Place
) -> None:
    await Watch(supervision).enact(MANY_STEPS)
    await supervision.hears(*steps_on([3, 4, 5]), at=HEARD)
    graver = MANY_STEPS.replace("level: yellow", "level: red")
    tally = await rehearsed(place, graver.replace("expect: yellow", "expect: red"))
    assert tally.levels == {("yellow", "red"): 1}
    (example,) = tally.examples
    assert (example["subject"], example["unit"]) == ("单位 housing", "housing")
    assert "现行：黄牌，2026年11月7日，housing有3" in str(example["words"])


async def test_what_has_not_happened_by_the_instant_counts_nothing(
    supervision: Supervision, place: Place
) -> None:
    await supervision.hears(*steps_on([3, 4, 5]), at=HEARD)
    assert (await rehearsed(place, MANY_STEPS, "2026-11-07 09:59")).whats == Counter()
    assert (await rehearsed(place, MANY_STEPS, "2026-11-07 10:01")).whats == {What.APPEAR: 1}


async def test_a_shorter_limit_shows_the_cards_that_its_reminders_add_up_to(
    supervision: Supervision, place: Place
) -> None:
    await Watch(supervision).enact(papers.THREE_REMINDERS)
    for n in range(4):
        case = f"办件{n}"
        said = accepted("2026-11-03 10:00", case), decided("2026-11-09 10:00", case)
        await supervision.hears(*said, at=HEARD)
    tally = await rehearsed(place, papers.rule(3, "new-limit"))
    assert tally.rules["three-reminders", What.APPEAR] == 1
    assert tally.rules["new-limit", What.APPEAR] == 8
    shown = tally.result()["examples"]
    assert {each["rule"] for each in shown} == {"new-limit", "three-reminders"}


async def test_a_tactic_is_rehearsed_by_the_clocks_of_all_cases(
    supervision: Supervision, place: Place
) -> None:
    said = []
    for n in range(40):
        unit = "unit-1" if n < 35 else "unit-2"
        said.append(accepted(f"2026-03-{2 + n % 5:02} 10:00", f"办件{n}", unit=unit))
        said += [
            event(
                "supplement-requested",
                f"2026-03-{9 + k:02} 10:00",
                f"办件{n}",
                unit=unit,
                materials=[],
            )
            for k in range(3)
        ]
    await supervision.hears(*said, at="2026-04-01 00:00")
    rule = shipped()["repeated-supplements"].text
    tally = await rehearsed(place, rule, "2026-04-10 00:00")
    assert tally.levels == {(None, "lead"): 1}
    assert {each["unit"] for each in tally.examples} == {"unit-1"}

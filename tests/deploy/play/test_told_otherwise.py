"""However often and in whichever order logs are played, no fact of a case is told twice."""

import asyncio
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from deploy.play.told_before import HEARD
from tests.deploy.play.test_play import asked
from tests.deploy.typed import Place, wait_until

Case = tuple[str, str, str]

MAP = """\
source: /city/{name}
case: {{id: id, unit: unit, accepted_at: accepted, finished_at: finished, limit: {{hours: 1000}}}}
"""
MARCH, APRIL = "2026-03-02 10:00", "2026-04-07 10:00"
OLD: list[Case] = [(f"Z{each:03}", MARCH, "") for each in range(60)]
MANY: list[Case] = [(f"A{each:04}", APRIL, "") for each in range(1100)]
"""More than are compared with the record at once."""

ASKED = "select exists (select from pg_stat_activity where usename = 'postgres' and query = $1)"


class Player:
    """Plays logs under a source of its own."""

    def __init__(self, stage: Place, folder: Path, name: str) -> None:
        self.stage, self.folder, self.source = stage, folder, f"/city/{name}"
        self.map = folder / "map.yaml"
        self.map.write_text(MAP.format(name=name), encoding="utf-8")

    def plays(self, *cases: Case) -> str:
        """Play a log; return the code of a refusal and what it says, "" if there is none."""
        log = self.folder / "log.csv"
        rows = [f"{number},局,{accepted},{finished}" for number, accepted, finished in cases]
        log.write_text("\n".join(["id,unit,accepted,finished", *rows, ""]), encoding="utf-8")
        done = self.stage.type("play", str(log), "--map", str(self.map))
        assert (done.returncode == 0) == (done.stderr == "")
        return done.stderr.removeprefix("xiaoneng：")

    def knows(self, number: int) -> None:
        """Wait until so many facts are on record, and make sure that there are no more."""
        wait_until(lambda: self.facts() >= number)
        assert self.facts() == number, "something was told twice"

    def facts(self) -> int:
        cases = asked(self.stage, "/cases", source=self.source, limit="200")["items"]
        lines = [
            each for case in cases for each in asked(self.stage, f"/cases/{case['id']}/timeline")
        ]
        return sum(each["what"].startswith("xiaoneng.approvals.") for each in lines)


@pytest.fixture
def player(stage: Place, tmp_path: Path, request: pytest.FixtureRequest) -> Player:
    return Player(stage, tmp_path, request.node.name.replace("_", "-")[:40])


def test_a_case_told_otherwise_is_found_behind_any_number_of_new_ones(player: Player) -> None:
    assert player.plays(*OLD) == ""
    player.knows(60)
    later = [(number, APRIL, "") for number, _, _ in OLD]
    refused = player.plays(*MANY, *later)
    assert refused.startswith("told-otherwise：办件 Z000、Z001、Z002、Z003、Z004 等 60 件")
    assert player.plays(*later).startswith("told-otherwise")
    assert player.plays(*MANY, later[-1]).startswith("told-otherwise：办件 Z059 已以")
    cases = asked(player.stage, "/cases", source=player.source, limit="200")["items"]
    assert {each["number"] for each in cases} == {number for number, _, _ in OLD}
    player.knows(60)


def test_a_case_that_ended_is_not_told_to_have_ended_at_another_time(player: Player) -> None:
    assert player.plays(("Y1", MARCH, "2026-03-03 16:00")) == ""
    player.knows(2)
    assert player.plays(("Y1", MARCH, "2026-03-10 16:00")).startswith(
        "told-otherwise：办件 Y1 已以"
    )
    assert player.plays(("Y1", "2026-03-02 10:01", "2026-03-03 16:00")) != ""
    player.knows(2)
    [case] = asked(player.stage, "/cases", source=player.source)["items"]
    assert case["ended"]["instant"].startswith("2026-03-03T16:00"), "it ended twice"


def test_what_happened_since_is_told_of_a_case_that_is_known(player: Player) -> None:
    assert player.plays(("X1", MARCH, "")) == ""
    player.knows(1)
    assert player.plays(("X1", MARCH, "2026-03-03 16:00"), ("X2", MARCH, "")) == ""
    player.knows(3)
    assert player.plays(("X1", MARCH, "")) == "", "an older log says nothing new"
    player.knows(3)


def test_what_was_said_and_not_yet_heard_counts_as_told(player: Player) -> None:
    with frozen(player.stage), ThreadPoolExecutor() as beside:
        assert player.plays(("V1", MARCH, "")) == ""
        second = beside.submit(player.plays, ("V1", APRIL, ""))
        wait_until(lambda: second.done() or waits_for_what_is_said(player.stage))
        assert not second.done(), "it was told otherwise while the first was still on its way"
        os.kill(player.stage.stack["pid"], signal.SIGCONT)
        assert second.result().startswith("told-otherwise")


@contextmanager
def frozen(stage: Place) -> Iterator[None]:
    """Let the services hear nothing for a while; their servers go on."""
    pid = stage.stack["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def waits_for_what_is_said(stage: Place) -> bool:
    """Tell whether an administrator has asked whether all is heard."""

    async def asked_for() -> bool:
        connection = await asyncpg.connect(stage.stack["postgres_url"])
        try:
            return bool(await connection.fetchval(ASKED, HEARD))
        finally:
            await connection.close()

    return asyncio.run(asked_for())


def test_the_same_number_under_another_source_is_another_case(
    player: Player, stage: Place, tmp_path: Path
) -> None:
    assert player.plays(("W1", MARCH, "")) == ""
    player.knows(1)
    (tmp_path / "other").mkdir()
    other = Player(stage, tmp_path / "other", "w-other")
    assert other.plays(("W1", APRIL, "")) == ""
    other.knows(1)

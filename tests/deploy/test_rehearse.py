"""An operator tries a rule on what happened."""

import json
from pathlib import Path

from services.electronic_supervision.rules.shelf import shipped
from tests.deploy.conftest import House
from tests.deploy.test_operators_commands import Xiaoneng, xiaoneng
from tests.electronic_supervision.rehearsal import papers

__all__ = ["xiaoneng"]

LIFE = """
select array_agg(type order by position) from electronic_supervision.event where stream = 'rule-new'
"""


async def test_a_rule_is_rehearsed_and_kept_only_if_asked(
    xiaoneng: Xiaoneng, house: House, tmp_path: Path
) -> None:
    await xiaoneng("provision")
    rule = tmp_path / "new.yaml"
    rule.write_text(papers.rule(3, "new"), "utf-8")
    code, out, err = await xiaoneng("rehearse", str(rule), "--as-of", "2026-03-01")
    assert (code, err) == (0, "")
    assert "预演 new：比对办件 0，事实 0；新增 0，消失 0，变级 0。" in out
    assert await life(house) is None
    for _ in range(2):
        code, out, _ = await xiaoneng("rehearse", str(rule), "--keep", "--json")
        assert (code, json.loads(out)["figures"]["cases"]) == (0, 0)
    assert await life(house) == ["RuleDrafted", "RuleRehearsed", "RuleRehearsed"]


async def test_a_rehearsal_says_what_it_can_not_tell(xiaoneng: Xiaoneng, tmp_path: Path) -> None:
    await xiaoneng("provision")
    rule = tmp_path / "rule.yaml"
    rule.write_text(shipped()["guide-missing"].text, "utf-8")
    code, out, _ = await xiaoneng("rehearse", str(rule))
    assert (code, "不计作预演" in out) == (0, True)


async def test_what_can_not_be_rehearsed_says_where_it_is_wrong(
    xiaoneng: Xiaoneng, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(papers.rule(3).replace("whole_case", "whole_cases"), "utf-8")
    code, out, _ = await xiaoneng("rehearse", str(wrong))
    assert (code, "第 8 行" in out) == (1, True)
    wrong.write_text("version: x\nrest: {2026-13-01: 假}", "utf-8")
    code, _, err = await xiaoneng("rehearse", "--calendar", str(wrong))
    assert (code, "rehearsal-invalid" in err, "第 2 行" in err) == (2, True, True)
    code, _, err = await xiaoneng("rehearse", "--calendar", str(wrong), "--keep")
    assert (code, "keep-rule-only" in err) == (2, True)
    code, _, err = await xiaoneng("rehearse", str(tmp_path / "nowhere"))
    assert (code, "rehearsal-unreadable" in err) == (2, True)
    code, _, err = await xiaoneng("rehearse")
    assert code == 2


async def life(house: House) -> object:
    async with house.database() as connection:
        return await connection.fetchval(LIFE)

"""`xiaoneng rules`, as an official types it."""

from pathlib import Path

import pytest

from deploy.command import main
from services.electronic_supervision.rules.shelf import shipped


def written(folder: Path, text: str) -> str:
    path = folder / "rule.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_the_rules_of_a_release_pass_their_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test"]) == 0
    assert "0 个与预期不符" in capsys.readouterr().out


def test_all_rules_of_a_release_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list"]) == 0
    assert "两次黄牌" in capsys.readouterr().out


def test_a_good_document_is_found_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, shipped()["steps-in-order"].text)
    assert main(["rules", "check", path]) == 0
    assert "1 个文件没有错误" in capsys.readouterr().out


def test_a_mistake_is_shown_with_file_line_and_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = shipped()["steps-in-order"].text.replace("level: yellow", "level: purple")
    assert main(["rules", "check", written(tmp_path, wrong)]) == 1
    told = capsys.readouterr().out
    assert "rule.yaml：第 " in told
    assert "order.level" in told


def test_an_example_that_comes_out_otherwise_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = shipped()["steps-in-order"].text.replace("expect: yellow", "expect: red")
    assert main(["rules", "test", written(tmp_path, wrong)]) == 1
    assert "预期 red，实际 yellow" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_to_be_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "check", str(tmp_path / "none.yaml")]) == 2
    assert "rule-unreadable" in capsys.readouterr().err


def test_a_document_cannot_command_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = shipped()["steps-in-order"].text.replace("level: yellow", 'level: "\\e[31m"')
    assert main(["rules", "check", written(tmp_path, wrong)]) == 1
    assert "\x1b" not in capsys.readouterr().out

"""What is shown to operators keeps its lines, and commands no terminal."""

from deploy.block import shown


def test_lines_are_kept_and_control_characters_are_not() -> None:
    assert shown("没有启动\n\tFATAL\x1b[2J") == "没有启动\n        FATAL\ufffd[2J"

"""What is typed wrongly is refused in Chinese; what is asked for is imported, nothing else."""

import subprocess
import sys
from importlib import import_module

import pytest

from deploy.command import COMMANDS, main

LIGHT = """
import sys
from deploy.command import main
try:
    main(["--help"])
except SystemExit:
    pass
heavy = {"asyncpg", "fastapi", "nats", "pydantic", "rich", "openpyxl"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("frob", "命令 不能是 frob，可以是 up、status、"),
        ("", "缺少参数 命令。"),
        ("audit", "缺少参数 LOG、--map。"),
        ("audit log.csv --map", "--map 后面要有一个值。"),
        ("audit log.csv --map m --explain", "--explain 后面至少要有一个值。"),
        ("verify --frob", "不认识的参数 --frob。"),
        ("verify --json=1", "--json 后面不能有值。"),
        ("up --port 99999", "--port 应为 1 至 65533 的端口号。"),
        ("doctor --port x", "--port 应为 1 至 65533 的端口号。"),
        ("partner add a --settle 6d", "--settle 应为小时或分钟，如 6h、30m。"),
        ("play log.csv --map m --speed 0", "--speed 应为大于 0 的倍数，如 60、3600。"),
        ("epoch close evaluation", "open 不能是 close，可以是 open。"),
    ],
)
def test_what_can_not_be_parsed_is_refused_in_chinese(
    capsys: pytest.CaptureFixture[str], typed: str, words: str
) -> None:
    assert main(typed.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"xiaoneng：usage：{words}"), told.err
    assert "  用法：xiaoneng" in told.err


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(each.summary in done.stdout for each in COMMANDS.values())


def test_each_command_is_where_the_table_says() -> None:
    for name, each in COMMANDS.items():
        module = import_module(each.module)
        assert callable(getattr(module, f"add{each.of}_arguments")), name
        assert callable(getattr(module, f"run{each.of}")), name

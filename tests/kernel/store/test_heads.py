"""What was noted of a record stays noted, whatever happens to the machine."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kernel.store.chain import Head
from kernel.store.heads import HeadsDamagedError, note, noted

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST, SECOND, THIRD = (Head(position=n, hash=bytes([n])) for n in (3, 7, 9))


def heads(folder: Path) -> list[Head]:
    return [each.head for each in noted(folder, "hall")]


def test_heads_are_kept_in_order_and_apart(tmp_path: Path) -> None:
    for head in (FIRST, SECOND):
        note(tmp_path / "heads", "hall", head, NOW)
    note(tmp_path / "heads", "other", THIRD, NOW)
    assert heads(tmp_path / "heads") == [FIRST, SECOND]
    assert noted(tmp_path / "heads", "hall")[0].noted_at == "2026-11-23T09:00:00+00:00"


def test_nothing_noted_is_nothing_known(tmp_path: Path) -> None:
    assert heads(tmp_path) == []


def test_a_torn_last_line_is_left_out_and_swallows_nothing(tmp_path: Path) -> None:
    note(tmp_path, "hall", FIRST, NOW)
    note(tmp_path, "hall", SECOND, NOW)
    file = tmp_path / "hall.jsonl"
    file.write_bytes(file.read_bytes()[:-9])
    assert heads(tmp_path) == [FIRST]
    note(tmp_path, "hall", THIRD, NOW)
    assert heads(tmp_path) == [FIRST, THIRD]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        "[]",
        '{"position": 1}',
        '{"position": "1", "hash": "00", "noted_at": ""}',
        '{"position": true, "hash": "00", "noted_at": ""}',
        '{"position": 1, "hash": "zz", "noted_at": ""}',
        '{"position": -1, "hash": "00", "noted_at": ""}',
    ],
)
def test_any_other_line_that_can_not_be_read_is_reported(tmp_path: Path, line: str) -> None:
    note(tmp_path, "hall", FIRST, NOW)
    file = tmp_path / "hall.jsonl"
    file.write_text(f"{file.read_text()}{line}\n")
    note(tmp_path, "hall", SECOND, NOW)
    with pytest.raises(HeadsDamagedError, match=r"hall\.jsonl:2"):
        noted(tmp_path, "hall")


def test_a_restored_record_disowns_what_was_noted_beyond_it(tmp_path: Path) -> None:
    for head in (FIRST, SECOND, THIRD):
        note(tmp_path, "hall", head, NOW)
    note(tmp_path, "hall", SECOND, NOW, is_restored=True)
    assert heads(tmp_path) == [FIRST, SECOND, SECOND]
    assert len((tmp_path / "hall.jsonl").read_text().splitlines()) == 4, "nothing is erased"


def test_the_file_is_for_its_owner_alone_and_says_what_it_means(tmp_path: Path) -> None:
    note(tmp_path, "hall", FIRST, NOW)
    file = tmp_path / "hall.jsonl"
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(file.read_text())["hash"] == "03"

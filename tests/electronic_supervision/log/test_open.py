import gzip
from pathlib import Path

import pytest

from services.electronic_supervision.log.open import open_log
from services.electronic_supervision.log.refusal import BadInputError, BadLogError
from tests.electronic_supervision.log.reading import HEADER, map_of, read, read_bytes

TABLE = (HEADER + "XN-1,规划局,许可,2019-04-01,,\n").encode()
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
XML = b"<?xml version='1.0'?><log/>"


@pytest.mark.parametrize("name", ["log.csv", "LOG.CSV", "2019.04.导出.Csv"])
def test_the_suffix_tells_the_format_in_any_case(tmp_path: Path, name: str) -> None:
    (record,), _ = read_bytes(tmp_path, TABLE, name=name)
    assert record.unit == "规划局"


@pytest.mark.parametrize("name", ["log.csv.gz", "log.csv.GZ"])
def test_a_gzipped_table_is_read_the_same(tmp_path: Path, name: str) -> None:
    assert read_bytes(tmp_path, gzip.compress(TABLE, mtime=0), name=name) == read_bytes(
        tmp_path, TABLE
    )


def test_progress_of_a_gzipped_log_is_in_compressed_bytes(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(TABLE * 5000, mtime=0))
    told: list[int] = []
    log = open_log(path, map_of(tmp_path), told.append)
    assert sum(1 for _ in log.entries) == 9999
    assert log.size == told[-1] == max(told) == path.stat().st_size


@pytest.mark.parametrize(
    ("name", "content", "code", "word"),
    [
        ("log.xls", OLD_EXCEL, "log-suffix", ".xlsx"),
        ("log.json", b"{}", "log-suffix", ".csv"),
        ("log", TABLE, "log-suffix", ".csv"),
        ("log.gz", gzip.compress(TABLE, mtime=0), "log-suffix", ".csv"),
        ("log.csv", OLD_EXCEL, "log-mismatch", ".xlsx"),
        ("log.xlsx", OLD_EXCEL, "log-mismatch", "加密"),
        ("log.csv", b"PK\x03\x04", "log-mismatch", ".xlsx"),
        ("log.xlsx", TABLE, "log-mismatch", ".csv"),
        ("log.xlsx", b"PK\x03\x04", "log-damaged", ".xlsx"),
        ("log.csv", XML, "log-mismatch", ".xes"),
        ("log.csv", b"\xef\xbb\xbf <HTML>", "log-mismatch", ".csv"),
        ("log.xes", TABLE, "log-mismatch", ".csv"),
        ("log.csv", gzip.compress(TABLE, mtime=0), "log-mismatch", ".gz"),
        ("log.csv.gz", TABLE, "log-mismatch", ".gz"),
        ("log.csv.gz", gzip.compress(OLD_EXCEL, mtime=0), "log-mismatch", ".xlsx"),
        ("log.csv", b"", "log-empty", "空"),
        ("log.xlsx", b"", "log-empty", "空"),
        ("log.xes", b"", "log-empty", "空"),
        ("log.csv.gz", gzip.compress(b"", mtime=0), "log-empty", "空"),
        ("log.csv.gz", gzip.compress(TABLE * 9000, mtime=0)[:-9], "log-damaged", "不完整"),
        ("log.csv.gz", gzip.compress(TABLE, mtime=0)[:12] + b"\xff" * 99, "log-damaged", "不完整"),
        ("log.csv.gz", gzip.compress(TABLE, mtime=0)[:-8] + b"\0" * 8, "log-damaged", "不完整"),
        ("log.xlsx.gz", gzip.compress(b"PK\x03\x04" * 999, mtime=0)[:-9], "log-damaged", "不完整"),
        ("log.xes.gz", gzip.compress(XML, mtime=0)[:-9], "log-damaged", "不完整"),
    ],
)
def test_what_is_not_the_log_it_seems_is_refused_in_words(
    tmp_path: Path, name: str, content: bytes, code: str, word: str
) -> None:
    with pytest.raises(BadLogError) as caught:
        read_bytes(tmp_path, content, name=name)
    assert caught.value.code == code
    assert word in caught.value.message


def test_a_log_that_is_not_there_or_no_file_is_refused_on_opening(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name, word in [("none.csv", "找不到"), ("folder.csv", "目录"), ("none/log.csv", "找不到")]:
        with pytest.raises(BadInputError) as caught:
            open_log(tmp_path / name, map_of(tmp_path))
        assert caught.value.code == "log-unreadable"
        assert word in caught.value.message


def test_a_log_taken_away_while_open_is_still_answered_in_words(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(TABLE)
    log = open_log(path, map_of(tmp_path))
    path.unlink()
    with pytest.raises(BadLogError) as caught:
        list(log.entries)
    assert caught.value.code == "log-unreadable"


def test_a_log_can_be_opened_again_after_reading_broke_off(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(TABLE)
    log_map = map_of(tmp_path)
    next(open_log(path, log_map).entries)
    assert len(read(path, log_map)[0]) == 1

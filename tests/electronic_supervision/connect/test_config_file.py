"""Connectors are checked when they are loaded; what is wrong is named with its line, in Chinese."""

from pathlib import Path

import pytest

from services.electronic_supervision.connect.config_file import (
    BadConnectorsError,
    load_connectors,
)
from services.electronic_supervision.connect.connector import Folder, View
from tests.electronic_supervision.connect.site import BY_CASE

GOOD = """\
connectors:
- name: permits
  source: /wuhu/permits
  map: map.yaml
  folder: {path: drops, pattern: "*.xlsx", every: 30s, done: move}
"""
DATABASE = "database: {url: PERMITS_URL, view: v_permits, updated: 修改时间, every: 2m}"
PLACE = 'folder: {path: drops, pattern: "*.xlsx", every: 30s, done: move}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(BY_CASE, encoding="utf-8")
    return tmp_path / "connectors.yaml"


def refused(file: Path, text: str) -> BadConnectorsError:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadConnectorsError) as error:
        load_connectors(file)
    return error.value


def test_a_folder_is_found_beside_the_file(file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    (found,) = load_connectors(file)
    assert isinstance(found.place, Folder)
    assert found.place.path == file.parent / "drops"
    assert (found.place.pattern, found.place.moves) == ("*.xlsx", True)


def test_a_view_is_read_by_an_address_from_the_environment(file: Path) -> None:
    file.write_text(GOOD.replace(PLACE, DATABASE), encoding="utf-8")
    (found,) = load_connectors(file)
    assert isinstance(found.place, View)
    assert (found.place.url, found.place.updated) == ("PERMITS_URL", "修改时间")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("pattern", "patern", 5, "没有这一项"),
        ("name: permits", "nmae: permits", 2, "没有这一项"),
        ("name: permits", "name: 许可", 2, "小写英文字母"),
        ("/wuhu/permits", "我 们", 3, "不要有空格"),
        ("/wuhu/permits", "/other", 2, "请改成一致"),
        ("map.yaml", "nothing.yaml", 2, "找不到映射文件"),
        ("30s", "30", 5, "30s、5m"),
        ("30s", "0s", 5, "30s、5m"),
        ("30s", "999h", 5, "30s、5m"),
        ("*.xlsx", "../*.xlsx", 5, "不能含目录"),
        ("move", "delete", 5, "leave"),
        ("  map: map.yaml\n", "", 2, "缺少这一项"),
        (PLACE, "", 2, "只写一项"),
        (PLACE, f"{PLACE}\n  {DATABASE}", 2, "只写一项"),
        (PLACE, "database: {url: A, view: v, query: q}", 5, "只写一项"),
        (PLACE, "folder: drops", 5, "键: 值"),
        ("- name", "  name", 1, "列表"),
        ("connectors:", "connector:", 1, "没有这一项"),
        ("source:", "source: [", 4, "不是有效的 YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    file: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in GOOD
    error = refused(file, GOOD.replace(old, new, 1))
    assert (error.code, error.line) == ("connectors-invalid", line), error.message
    assert words in error.message


def test_no_two_connectors_speak_for_one_source(file: Path) -> None:
    entry = GOOD.partition("\n")[2]
    assert "写了两次" in refused(file, GOOD + entry).message
    assert "来源" in refused(file, GOOD + entry.replace("permits", "others", 1)).message


def test_no_message_repeats_a_password(file: Path) -> None:
    wrong = GOOD.replace(PLACE, 'database: {url: "postgresql//me:s3cret@host", view: v}')
    assert "s3cret" not in refused(file, wrong).message
    right = GOOD.replace(PLACE, 'database: {url: "postgresql://me:s3cret@host/d", view: v}')
    file.write_text(right, encoding="utf-8")
    assert "s3cret" not in repr(load_connectors(file))


def test_a_file_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(BadConnectorsError, match="请核对路径"):
        load_connectors(tmp_path / "nothing.yaml")


def test_a_limit_that_no_event_can_state_is_refused(file: Path) -> None:
    limited = BY_CASE + "  limit: {working_days: 9999}\n"
    (file.parent / "map.yaml").write_text(limited, encoding="utf-8")
    assert "3650" in refused(file, GOOD).message

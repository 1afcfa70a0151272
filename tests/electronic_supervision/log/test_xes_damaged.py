from pathlib import Path

import pytest

from services.electronic_supervision.log.refusal import BadLogError
from tests.electronic_supervision.log.traces import event, log_of, read_xes, trace


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</log>", ""),
        ("</trace>", ""),
        ('value="', "value="),
        ("</log>", "</log>Z"),
        ("审", "&no;"),
    ],
)
def test_broken_xml_is_refused_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    whole = log_of(trace(event("2019-04-02")))
    assert len(read_xes(tmp_path, whole)[0]) == 1
    with pytest.raises(BadLogError) as caught:
        read_xes(tmp_path, whole.replace(old, new, 1))
    assert caught.value.code == "log-damaged"
    assert caught.value.line is not None


@pytest.mark.parametrize("content", ["<html><body/></html>", "<events/>", "<trace/>"])
def test_other_xml_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadLogError) as caught:
        read_xes(tmp_path, content)
    assert caught.value.code == "log-mismatch"


def test_an_entity_bomb_does_not_go_off(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE log [<!ENTITY e0 "{"boom" * 100}">{levels}]>\n'
    for armed in (trace(case="&e11;"), trace("&e11;")):
        with pytest.raises(BadLogError) as caught:
            read_xes(tmp_path, log_of(armed, before=bomb))
        assert caught.value.code == "log-damaged"


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text('<date key="deadline" value="2019-04-30"/>', encoding="utf-8")
    outside = f'<!DOCTYPE log [<!ENTITY s SYSTEM "{secret.as_uri()}">]>\n'
    (record,), _ = read_xes(tmp_path, log_of(trace("&s;"), before=outside))
    assert record.due is None
    with pytest.raises(BadLogError):
        read_xes(tmp_path, log_of(trace(case="&s;"), before=outside))


def test_a_trace_without_end_is_refused_before_it_fills_memory(tmp_path: Path) -> None:
    endless = '<string key="note" value="again"/>\n' * 600_000
    with pytest.raises(BadLogError) as caught:
        read_xes(tmp_path, log_of(trace(), trace(endless)))
    assert caught.value.code == "log-too-large"

from pathlib import Path

import pytest

from services.electronic_supervision.log.open import open_log
from services.electronic_supervision.log.refusal import BadLogError
from tests.electronic_supervision.log.reading import HEADER, map_of, read_bytes, read_text

ROW = "XN-1,规划局,许可,2019-04-01,2019-04-15,2019-04-12\n"


def refusal(folder: Path, content: str) -> BadLogError:
    with pytest.raises(BadLogError) as caught:
        read_text(folder, content)
    return caught.value


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_encoding_of_chinese_exports_is_read(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith(("le", "be")) else ""
    (record,), _ = read_bytes(tmp_path, (mark + HEADER + ROW).encode(encoding))
    assert record.unit == "规划局"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_may_first_come_after_megabytes_of_ascii(tmp_path: Path, encoding: str) -> None:
    ascii_map = "source: /a\ncase: {id: id, unit: unit, accepted_at: at}"
    plain = "XN-1,planning,2019-04-01\n" * 60_000
    content = f"id,unit,at\n{plain}XN-2,规划局,2019-04-01\n".encode(encoding)
    records, _ = read_bytes(tmp_path, content, map_text=ascii_map)
    assert [record.unit for record in records[-2:]] == ["planning", "规划局"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_damaged_bytes_spoil_their_own_field_only(tmp_path: Path, encoding: str) -> None:
    whole = f"{HEADER}{ROW}XN-2,规划@局,许可,2019-04-01,,\n{ROW}".encode(encoding)
    records, flaws = read_bytes(tmp_path, whole.replace(b"@", b"\xff"))
    assert [record.unit for record in records] == ["规划局", "规划\ufffd局", "规划局"]
    assert flaws == []


def test_a_chinese_word_cut_in_half_leaves_the_next_field_whole(tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030"):
        cut = "规划局".encode(encoding)[:-1]
        content = HEADER.encode(encoding) + b"XN-1," + cut + b",,2019-04-01,,\n"
        (record,), _ = read_bytes(tmp_path, content)
        assert record.unit == "规划\ufffd"
        assert record.accepted is not None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_headers(tmp_path: Path, delimiter: str) -> None:
    (record,), _ = read_text(tmp_path, (HEADER + ROW).replace(",", delimiter))
    assert record.item == "许可"


def test_a_delimiter_inside_a_quoted_header_does_not_count(tmp_path: Path) -> None:
    header = '"备注（,,,,,,,）";' + HEADER.replace(",", ";")
    (record,), _ = read_text(tmp_path, header + ";" + ROW.replace(",", ";"))
    assert record.case_id == "XN-1"


def test_header_and_cells_are_read_without_the_blanks_around_them(tmp_path: Path) -> None:
    header = " 编号 ,\u3000部门\u3000,事项,\u00a0收件,截止,办结\n"
    (record,), _ = read_text(
        tmp_path, header + " XN-1\u3000,\u00a0规划局 ,许可, 2019-04-01\t,,\u3000\n"
    )
    assert (record.case_id, record.unit, record.finished) == ("XN-1", "规划局", None)


def test_a_field_may_span_lines_and_a_record_is_placed_where_it_starts(tmp_path: Path) -> None:
    two = 'XN-1,"规划\n\n局",许可,2019-04-01,,\r\n\r\nXN-2,局,"说""好""的",2019-04-01,,\n'
    records, flaws = read_text(tmp_path, HEADER + two + ",,,,,\nXN-3,,,,,")
    assert [(record.line, record.unit, record.item) for record in records] == [
        (2, "规划\n\n局", "许可"),
        (6, "局", '说"好"的'),
    ]
    assert [flaw.line for flaw in flaws] == [8]


def test_lines_may_end_as_they_like(tmp_path: Path) -> None:
    records, _ = read_text(tmp_path, (HEADER + ROW + ROW).replace("\n", "\r"))
    assert [record.line for record in records] == [2, 3]


def test_short_rows_are_filled_and_long_ones_cut(tmp_path: Path) -> None:
    rows = "XN-1,局,项,2019-04-01\nXN-2,局,项,2019-04-01,,,多,余\n"
    records, flaws = read_text(tmp_path, HEADER + rows)
    assert [record.finished for record in records] == [None, None]
    assert flaws == []


def test_blank_lines_before_the_header_are_counted_and_skipped(tmp_path: Path) -> None:
    (record,), _ = read_text(tmp_path, "\n \n" + HEADER + ROW)
    assert record.line == 4


def test_a_header_alone_is_a_log_without_cases(tmp_path: Path) -> None:
    assert read_text(tmp_path, HEADER) == ([], [])
    assert read_text(tmp_path, HEADER.strip()) == ([], [])


@pytest.mark.parametrize("content", ["\n\n", "\ufeff", "\ufeff\n"])
def test_a_log_without_a_header_is_refused(tmp_path: Path, content: str) -> None:
    assert refusal(tmp_path, content).code == "log-empty"


def test_a_mapped_column_that_is_not_there_is_named_beside_those_that_are(tmp_path: Path) -> None:
    refused = refusal(tmp_path, HEADER.replace("截止", "承诺时限") + ROW)
    assert (refused.code, refused.field) == ("column-missing", "case.due_at")
    assert "截止" in refused.message
    assert "承诺时限" in refused.message


def test_a_column_may_come_twice_unless_it_is_mapped(tmp_path: Path) -> None:
    (record,), _ = read_text(tmp_path, "备注,备注,,," + HEADER + ",,,," + ROW)
    assert record.case_id == "XN-1"
    refused = refusal(tmp_path, "部门," + HEADER + "局," + ROW)
    assert (refused.code, refused.field) == ("column-ambiguous", "case.unit")


def test_a_quote_that_never_closes_is_refused_where_its_record_starts(tmp_path: Path) -> None:
    for last in ('XN-2,"规划局,许可,2019-04-01,,\n', 'XN-2,"规划局', '"XN-2', 'XN-2,"'):
        refused = refusal(tmp_path, HEADER + ROW + last)
        assert (refused.code, refused.line) == ("quote-unclosed", 3)


@pytest.mark.parametrize("filling", ["x" * 79 + "\n", "x"])
def test_a_record_without_end_is_refused_before_it_fills_memory(
    tmp_path: Path, filling: str
) -> None:
    endless = filling * ((11 << 20) // len(filling))
    refused = refusal(tmp_path, f'{HEADER}{ROW}XN-2,"{endless}",,2019-04-01,,\n{ROW}')
    assert (refused.code, refused.line) == ("quote-unclosed", 3)


def test_a_long_letter_is_read_whole(tmp_path: Path) -> None:
    letter = "请尽快处理。\n" * 200_000
    records, _ = read_text(tmp_path, f'{HEADER}XN-1,"{letter}",,2019-04-01,,\n{ROW}')
    assert [record.line for record in records] == [2, 200_003]
    assert records[0].unit == letter.strip()


def test_stray_quotes_and_nul_signs_do_not_stop_the_reading(tmp_path: Path) -> None:
    rows = 'XN-1,规"划"局,a\0b,2019-04-01,,\nXN-2,"规划"局,,2019-04-01,,\n'
    records, _ = read_text(tmp_path, HEADER + rows)
    assert [record.unit for record in records] == ['规"划"局', "规划局"]


def test_progress_is_told_now_and_then_in_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(HEADER + ROW * 50_000, encoding="utf-8")
    told: list[int] = []
    log = open_log(path, map_of(tmp_path), told.append)
    assert sum(1 for _ in log.entries) == 50_000
    assert log.size == path.stat().st_size == told[-1]
    assert told == sorted(told)
    assert len(told) < 100

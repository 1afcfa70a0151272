"""A dropped file is read whole or not at all, once, and never from outside its folder."""

import gzip
import os
from datetime import timedelta
from pathlib import Path

import pytest

from services.electronic_supervision.connect import snapshot
from services.electronic_supervision.connect.connector import Folder
from services.electronic_supervision.connect.folder import STILL_SECONDS, Watch
from services.electronic_supervision.connect.read_files import read_files
from services.electronic_supervision.connect.run import Turn
from tests.electronic_supervision.connect.site import HEADER, PERMITS, A, B, Site
from tests.electronic_supervision.log.workbooks import workbook


async def look_once(site: Site, ticks: float) -> str:
    turn = Turn(desk=site.desk, connector=site.connector, system=PERMITS, lease=await site.lease())
    assert site.watch is not None
    trouble, _ = await read_files(turn, site.watch, ticks)
    return trouble.code


async def test_a_file_that_still_grows_is_left_alone(site: Site) -> None:
    site.drop(A)
    await look_once(site, 0)
    site.drop(A, B)
    await look_once(site, STILL_SECONDS)
    assert await site.told() == [], "it was read while somebody wrote to it"
    await look_once(site, 2 * STILL_SECONDS)
    assert len(await site.told()) == 3


async def test_a_file_that_was_only_just_seen_may_still_grow(site: Site) -> None:
    site.drop(A)
    await look_once(site, 0)
    await look_once(site, STILL_SECONDS - 0.1)
    assert await site.told() == []


async def test_a_file_renamed_into_place_is_read_once_it_was_seen_at_rest(site: Site) -> None:
    site.drop(A, name=".办件.csv.part")
    await site.look()
    assert await site.runs() == []
    (site.drops / ".办件.csv.part").rename(site.drops / "办件.csv")
    await site.look()
    assert len(await site.told()) == 1


async def test_a_file_that_changes_while_it_is_copied_is_not_taken(site: Site) -> None:
    path = site.drop(A)
    look = snapshot.look_of(path.stat())
    with path.open("a") as file:
        file.write(B + "\n")
    with pytest.raises(snapshot.FileBusyError), snapshot.snapshot(site.drops, path.name, look):
        pytest.fail("half a file was taken for a whole one")


async def test_files_are_read_in_the_order_in_which_they_were_written(site: Site) -> None:
    older = site.drop(A, name="b.csv")
    newer = site.drop(A.replace("住建局", "城管局"), name="a.csv")
    os.utime(older, (1_700_000_000, 1_700_000_000))
    os.utime(newer, (1_700_000_100, 1_700_000_100))
    await site.look()
    assert (await site.case("A1")).unit == "城管局"


async def test_only_what_the_pattern_names_is_read(site: Site) -> None:
    await site.connect(place={"folder": {"path": "drops", "pattern": "许可*.csv"}})
    for name in ("其他.csv", "~$许可.xlsx", ".许可.csv", "许可.txt", "许可.xes", "许可.csv.exe"):
        site.drop(A, name=name)
    (site.drops / "许可目录.csv").mkdir()
    await site.looks(B, name="许可1.csv")
    assert [each["place"] for each in await site.runs()] == ["许可1.csv"]


@pytest.mark.parametrize("target", ["../secret.csv", "/etc/passwd", "gone.csv"])
async def test_a_link_is_never_followed(site: Site, target: str) -> None:
    (site.folder / "secret.csv").write_text(f"{HEADER}\n{A}\n", encoding="utf-8")
    (site.drops / "办件.csv").symlink_to(target)
    site.drop(B, name="好.csv")
    trouble = await site.look()
    assert trouble.code == "log-unreadable"
    assert "办件.csv" in trouble.message
    assert {case for case, _, _ in await site.told()} == {"B2"}


async def test_a_pipe_holds_nobody_up(site: Site) -> None:
    os.mkfifo(site.drops / "办件.csv")
    site.drop(B, name="好.csv")
    assert (await site.look()).code == "log-unreadable"
    assert {case for case, _, _ in await site.told()} == {"B2"}


async def test_workbooks_and_packed_files_are_read_as_an_audit_reads_them(site: Site) -> None:
    rows = [each.split(",") for each in (HEADER, A)]
    (site.drops / "a.xlsx").write_bytes(workbook(rows))
    (site.drops / "b.csv.gz").write_bytes(gzip.compress(f"{HEADER}\n{B}\n".encode("gb18030")))
    await site.look()
    assert {case for case, _, _ in await site.told()} == {"A1", "B2"}


async def test_what_unpacks_to_more_than_anybody_exports_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MOST_UNPACKED", 1 << 20)
    packed = gzip.compress(f"{HEADER}\n".encode() + b"\n" * (4 << 20))
    (site.drops / "bomb.csv.gz").write_bytes(packed)
    await site.look()
    assert (await site.last())["code"] == "log-too-large"


async def test_a_file_that_is_too_large_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MOST_BYTES", 100)
    await site.looks(A, B, A, B)
    assert (await site.last())["code"] == "log-too-large"
    assert await site.told() == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "log-damaged"),
        ("a.csv.gz", gzip.compress(b"x" * 9999, mtime=0)[:20], "log-damaged"),
        ("a.csv", b"", "log-empty"),
        ("a.csv", "编号,其他\n1,2\n".encode(), "column-missing"),
        ("a.csv", f'{HEADER}\n"A1,局\n'.encode(), "quote-unclosed"),
        ("a.csv", b"<html>", "log-mismatch"),
    ],
    ids=["broken-book", "cut-gzip", "empty", "other-columns", "open-quote", "web-page"],
)
async def test_a_file_that_can_not_be_read_is_told_of_once_and_keeps_nobody_waiting(
    site: Site, name: str, content: bytes, code: str
) -> None:
    (site.drops / name).write_bytes(content)
    site.drop(B, name="好.csv")
    await site.look()
    await site.look()
    found = {each["place"]: each["code"] for each in await site.runs()}
    assert found == {name: code, "好.csv": ""}
    assert len(await site.runs()) == 2


async def test_what_was_read_moves_to_done_if_one_wishes(site: Site) -> None:
    await site.connect(place={"folder": {"path": "drops", "done": "move"}})
    for row in (A, B):
        await site.looks(row)
        assert [each.name for each in site.drops.iterdir()] == ["done"]
    assert len(list((site.drops / "done").iterdir())) == 2, "one took the place of another"
    await site.looks(A, name="同一内容.csv")
    assert not (site.drops / "同一内容.csv").exists()
    assert (await site.last())["events"] == 0, "what stands was told again"


async def test_a_file_that_changed_since_it_was_read_does_not_move(site: Site) -> None:
    path = site.drop(A)
    look = snapshot.look_of(path.stat())
    site.drop(A, B)
    snapshot.move_to_done(site.drops, path.name, look)
    assert path.exists()


async def test_a_folder_that_is_not_there_is_told_of(site: Site) -> None:
    await site.connect(place={"folder": {"path": "nowhere"}})
    trouble = await site.look()
    assert trouble.code == "folder-unreadable"
    assert "nowhere" in trouble.message


async def test_a_file_is_read_again_once_the_map_is_mended(site: Site) -> None:
    log_map = "source: /wuhu/permits\ncase: {id: 编号, accepted_at: 收件}\n"
    await site.connect(log_map)
    await site.looks(A)
    assert (await site.last())["code"] == "column-missing"
    await site.connect()
    await site.look()
    assert len(await site.told()) == 1


def test_a_watch_forgets_files_that_are_gone(tmp_path: Path) -> None:
    place = Folder(path=tmp_path, pattern="*", every=timedelta(seconds=1), moves=False)
    watch = Watch(place=place)
    (tmp_path / "a.csv").write_text("1")
    watch.ready(0)
    (tmp_path / "a.csv").unlink()
    assert watch.ready(10) == []
    assert not watch.is_waiting

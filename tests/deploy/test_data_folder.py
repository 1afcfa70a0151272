"""A data folder is ours by a mark of its own; in the folders of others nothing is touched."""

import json
from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from deploy.local.folder import FILE, claim, is_marked, is_ours
from deploy.local.occupation import occupant, occupied
from deploy.provision.passwords import load_passwords
from deploy.refusal import RefusedError
from deploy.reset.reset import contents, reset
from deploy.site import Site
from tests.deploy.typed import Place, place

LOOKING = (
    ("status",),
    ("doctor",),
    ("stop",),
    ("verify",),
    ("backup", "BACKUP"),
    ("rebuild", "evaluation"),
    ("epoch", "open", "evaluation"),
    ("provision", "--check"),
    ("partner", "add", "hall", "--publish", "city.hall"),
)
NEED_DATA = {"verify", "backup", "rebuild", "epoch", "provision", "partner"}


@pytest.fixture
def here() -> Iterator[Place]:
    with place() as made:
        yield made


def strange(folder: Path) -> Path:
    """Fill a folder with what anybody may have: all names are such as ours are."""
    (folder / "postgres" / "data").mkdir(parents=True)
    (folder / "heads").mkdir()
    (folder / "logs").mkdir()
    (folder / "lock").write_text("1 up\n")
    (folder / "passwords.json").write_text('{"bank": "secret"}')
    (folder / "heads" / "portrait.txt").write_text("第一章")
    folder.chmod(0o750)
    return folder


def traces(folder: Path) -> dict[str, object]:
    """Tell all that a command could have changed in a folder."""
    return {
        str(each): (status.st_mode, status.st_uid, status.st_mtime_ns, status.st_ino)
        for each in (folder, *sorted(folder.rglob("*")))
        for status in [each.stat()]
    }


def refusal(folder: Path) -> str:
    with pytest.raises(RefusedError) as refused:
        claim(folder)
    return refused.value.code


def test_names_like_ours_do_not_make_a_folder_ours_to_delete(tmp_path: Path) -> None:
    folder = strange(tmp_path / "theirs")
    before = traces(folder)
    for destroy in (contents, reset):
        with pytest.raises(RefusedError) as refused:
            destroy(folder)
        assert refused.value.code == "not-ours"
    assert traces(folder) == before, "what others own was deleted or changed"


@pytest.mark.parametrize("text", ["", "{}", "[]", "x", '{"format": "another"}'])
def test_a_file_that_only_is_called_like_the_mark_marks_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert not is_ours(tmp_path)
    with pytest.raises(RefusedError):
        contents(tmp_path)
    assert refusal(tmp_path) == "not-ours"
    assert (tmp_path / FILE).read_text() == text


def test_only_a_folder_that_is_missing_or_empty_becomes_ours_and_then_stays_so(
    tmp_path: Path,
) -> None:
    (tmp_path / "empty").mkdir()
    disk = tmp_path / "disk"
    (disk / "lost+found").mkdir(parents=True)
    for folder in (tmp_path / "missing", tmp_path / "empty", disk):
        claim(folder)
        told = json.loads((folder / FILE).read_text())
        assert told["made_by"].startswith("xiaoneng "), "nobody knows which version made it"
        (folder / "postgres").mkdir()
        claim(folder)
        assert is_marked(folder)
        reset(folder)
    assert [each.name for each in disk.iterdir()] == ["lost+found"]
    assert refusal(strange(tmp_path / "theirs")) == "not-ours"


def test_a_folder_of_a_version_without_marks_is_used_and_marked_but_not_deleted_before(
    tmp_path: Path,
) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "superuser").write_text("p")
    (tmp_path / "lock").touch()
    assert is_ours(tmp_path)
    with pytest.raises(RefusedError) as refused:
        reset(tmp_path)
    assert (refused.value.code, is_marked(tmp_path)) == ("not-ours", False)
    with occupied(tmp_path, "up"):
        assert is_marked(tmp_path)
    reset(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nobody_holds_or_looks_for_the_holder_of_a_folder_of_others(tmp_path: Path) -> None:
    folder = strange(tmp_path / "theirs")
    before = traces(folder)
    with pytest.raises(RefusedError) as refused, occupied(folder, "up"):
        pass
    assert refused.value.code == "not-ours"
    with (folder / "lock").open() as theirs:
        flock(theirs, LOCK_EX)
        assert occupant(folder) is None, "a lock of others was tried"
    assert traces(folder) == before


def test_the_mark_goes_last_so_that_a_reset_that_was_interrupted_can_be_made_again(
    tmp_path: Path,
) -> None:
    claim(tmp_path)
    (tmp_path / "heads").mkdir()
    closed = tmp_path / "heads" / "closed"
    closed.mkdir()
    (tmp_path / "zz").touch()
    with pytest.raises(RefusedError):
        reset(tmp_path)
    assert closed.exists(), "it deleted ours before it saw what is not"
    (tmp_path / "zz").unlink()
    assert [each.name for each in contents(tmp_path)] == ["heads", FILE]
    reset(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_command_that_looks_touches_a_folder_of_others(here: Place, tmp_path: Path) -> None:
    strange(here.data)
    before = traces(here.data)
    for command, *rest in LOOKING:
        arguments = [str(tmp_path / "b") if each == "BACKUP" else each for each in rest]
        done = here.type(command, *arguments)
        assert traces(here.data) == before, command
        assert done.returncode == (2 if command in NEED_DATA else 0 if command == "stop" else 1)
        if command in NEED_DATA:
            assert "no-server" in done.stderr, command
        if command == "doctor":
            assert "不是本平台的数据目录" in done.stdout


def test_nothing_is_started_in_or_restored_to_a_folder_of_others(
    here: Place, tmp_path: Path
) -> None:
    strange(here.data)
    before = traces(here.data)
    for command, *arguments in (
        ("up", f"--port={here.port}"),
        ("up", f"--port={here.port}", "--background"),
        ("up", f"--port={here.port}", "--demo"),
        ("provision",),
        ("restore", str(tmp_path)),
    ):
        refused = here.type(command, *arguments)
        assert (refused.returncode, "not-ours" in refused.stderr) == (2, True), command
        assert traces(here.data) == before, command


def test_heads_and_passwords_are_not_put_among_what_others_own(tmp_path: Path) -> None:
    folder = strange(tmp_path / "theirs")
    before = traces(folder)
    with pytest.raises(RefusedError) as refused:
        load_passwords(folder, ["evaluation"], {})
    assert refused.value.code == "not-ours"
    with pytest.raises(RefusedError) as refused:
        Site(data=folder, environment={}).heads_to_write()
    assert refused.value.code == "not-ours"
    elsewhere = Site(data=folder, environment={"XIAONENG_HEADS": str(tmp_path / "heads")})
    assert elsewhere.heads_to_write() == tmp_path / "heads"
    assert traces(folder) == before


def test_what_a_folder_can_not_take_is_said_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file") == "data-unwritable"
    assert refusal(tmp_path / "file" / "below") == "data-unwritable"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]

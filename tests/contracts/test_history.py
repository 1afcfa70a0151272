"""The git history is the witness of what was published."""

import json
import subprocess
from pathlib import Path

import pytest

from contracts import compatibility
from contracts.history import HistoryError, every_version

CASE = {"type": "object", "properties": {"case": {"type": "string"}}}
WITH_NOTE = {"type": "object", "properties": {"case": {"type": "string"}, "note": {}}}


def git(folder: Path, *arguments: str) -> None:
    author = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    command = ["git", *author, "-c", "commit.gpgsign=false", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def publish(package: Path, schema: object) -> Path:
    file = package / "schemas" / "demo.v1.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(schema))
    return file


def commit(package: Path) -> None:
    git(package, "add", "--all", ".")
    git(package, "commit", "--quiet", "--message", "Publish")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "repository" / "contracts"
    folder.mkdir(parents=True)
    git(folder.parent, "init", "--quiet")
    return folder


def test_a_single_commit_is_history_enough(package: Path) -> None:
    publish(package, CASE)
    commit(package)
    assert every_version(package) == [("schemas/demo.v1.json", json.dumps(CASE))]
    assert compatibility.main(package) is None


def test_every_version_is_found_and_a_new_optional_field_passes(package: Path) -> None:
    publish(package, CASE)
    commit(package)
    publish(package, WITH_NOTE)
    commit(package)
    assert len(every_version(package)) == 2
    assert compatibility.main(package) is None


def test_a_field_that_was_published_only_for_a_while_is_still_owed(package: Path) -> None:
    for schema in (CASE, WITH_NOTE, CASE):
        publish(package, schema)
        commit(package)
    problem = compatibility.main(package)
    assert problem is not None
    assert "schemas/demo.v1.json: note was removed" in problem


def test_a_field_published_on_a_merged_branch_is_still_owed(package: Path) -> None:
    publish(package, CASE)
    commit(package)
    git(package, "checkout", "--quiet", "-b", "side")
    publish(package, WITH_NOTE)
    commit(package)
    publish(package, CASE)
    commit(package)
    git(package, "checkout", "--quiet", "-")
    git(package, "commit", "--quiet", "--allow-empty", "--message", "Go on")
    git(package, "merge", "--quiet", "side")
    assert "note was removed" in (compatibility.main(package) or "")


def test_a_deleted_schema_is_found_even_if_the_deletion_is_committed(package: Path) -> None:
    file = publish(package, CASE)
    commit(package)
    file.unlink()
    (package / "other.txt").touch()
    commit(package)
    assert "demo.v1.json: was published and may not disappear" in (
        compatibility.main(package) or ""
    )


def test_a_schema_that_is_no_json_is_found(package: Path) -> None:
    file = publish(package, CASE)
    commit(package)
    file.write_text("<<<<<<< HEAD")
    assert "demo.v1.json: is not JSON" in (compatibility.main(package) or "")


def test_a_shallow_clone_is_no_witness(package: Path, tmp_path: Path) -> None:
    publish(package, CASE)
    commit(package)
    publish(package, WITH_NOTE)
    commit(package)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", package.parent.as_uri(), str(clone))
    assert "the clone is shallow" in (compatibility.main(clone / "contracts") or "")


def test_a_folder_outside_git_is_no_witness(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="not a git repository"):
        every_version(tmp_path)


def test_a_history_without_schemas_is_no_witness(package: Path) -> None:
    (package / "other.txt").touch()
    commit(package)
    assert "no schema has been committed yet" in (compatibility.main(package) or "")


def test_a_repository_without_commits_is_no_witness(package: Path) -> None:
    assert "cannot compare" in (compatibility.main(package) or "")

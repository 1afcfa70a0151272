"""What an engine would build from our Containerfile, as far as can be told without one."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.deploy.image.containerfile import PROJECT, stages

PINNED = re.compile(r"[a-z/]+:\d+\.\d+\.\d+-[a-z-]+(@sha256:[0-9a-f]{64})?")
VERSION = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]


def git_files(*paths: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--", *paths], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def copied() -> list[str]:
    """Return what is copied from the clone."""
    return [
        source
        for stage in stages()
        for each in stage.of("COPY")
        if not any(flag.startswith("--from") for flag in each.flags)
        for source in each.words[:-1]
    ]


def test_every_stage_begins_with_a_pinned_image() -> None:
    images = [each.image for each in stages()]
    assert [each for each in images if not PINNED.fullmatch(each)] == []
    assert len(set(images)) == 1, "what is built by one Python must not run on another"


def test_a_container_never_runs_as_root() -> None:
    *_, last = stages()
    users = [each.words for each in last.of("USER")]
    assert users, "the last stage names no user"
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1][0]), (
        "Kubernetes can see that a number is not root"
    )


def test_nothing_is_fetched_but_what_the_lock_names() -> None:
    everything = [each for stage in stages() for each in stage.instructions]
    assert [each for each in everything if each.name == "ADD"] == []
    assert "://" not in " ".join(word for each in everything for word in each.words)
    syncs = [e.words for e in everything if e.name == "RUN" and e.words[:2] == ["uv", "sync"]]
    assert syncs
    assert all({"--frozen", "--no-dev"} <= set(each) for each in syncs)


def test_no_shell_is_needed_to_build_or_to_run() -> None:
    *_, last = stages()
    assert [each.words for stage in stages() for each in stage.of("RUN") if not each.is_exec] == []
    assert all(each.is_exec for name in ("CMD", "HEALTHCHECK") for each in last.of(name))
    assert next(last.of("HEALTHCHECK")).words[0] == "python"


def test_the_image_holds_no_secret() -> None:
    names = [word for stage in stages() for each in stage.of("ENV") for word in each.words]
    assert [each for each in names if re.search("PASSWORD|TOKEN|SECRET|_URL=", each)] == []
    assert list(stages()[0].of("ARG")) == []


def test_all_that_is_copied_is_in_git_and_reaches_the_engine() -> None:
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    let_through = {each.removeprefix("!") for each in ignored if each.startswith("!")}
    for source in copied():
        assert git_files(source), f"{source} is not in git"
        assert source in let_through, f".dockerignore keeps {source} from the engine"
    assert ignored[1] == "*", "else whatever lies about would reach the engine"


def test_the_label_tells_the_version_of_the_project() -> None:
    labels = [word for each in stages()[-1].of("LABEL") for word in each.words]
    assert f"org.opencontainers.image.version={VERSION}" in labels


def test_the_image_is_built_by_the_uv_of_the_makefile() -> None:
    (wanted,) = re.findall(
        r"^UV_VERSION := (.*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE
    )
    installs = [word for each in stages()[0].of("RUN") for word in each.words if "uv==" in word]
    assert installs == [f"uv=={wanted}"]


@pytest.mark.registry
def test_what_is_copied_is_enough_to_run_every_role(tmp_path: Path) -> None:
    """Do what the instructions say, in a folder that has nothing else."""
    source, made = tmp_path / "src", tmp_path / "made"
    for file in git_files(*copied()):
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / file, source / file)
    environment = os.environ | {"UV_PROJECT_ENVIRONMENT": str(made)}
    for each in stages()[0].of("RUN"):
        if each.words[0] == "uv":
            words = _with_our_uv(each.words)
            subprocess.run(words, cwd=source, env=environment, check=True, capture_output=True)
    shutil.rmtree(source)
    for service in ("services.electronic_supervision", "services.evaluation"):
        begun = subprocess.run(
            [made / "bin/python", "-m", service],
            env={},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert "is not set" in begun.stderr, begun.stderr
    told = subprocess.run(
        [made / "bin/xiaoneng", "provision", "--nats-config", "--data", tmp_path / "data"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"accounts"' in told.stdout


def _with_our_uv(words: Sequence[str]) -> list[str | Path]:
    cached = [each for each in words[1:] if each != "--no-cache"]
    return [Path(sys.executable).with_name("uv"), *cached, "--python", sys.executable]


def test_dockerignore_keeps_secrets_from_the_engine() -> None:
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    for secret in ("deploy/compose/.env", "deploy/compose/nats/users.conf"):
        assert any(fnmatch(secret, each) for each in ignored if each.startswith("**/")), secret

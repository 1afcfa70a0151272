"""One archive that installs without a network: every wheel, with sums, licences and a script."""

import gzip
import shutil
import tarfile
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.bundle.licences import table
from deploy.bundle.wheels import PYTHONS, built, download, locked, own_wheel

INSTALL = Path(__file__).with_name("install.sh")
ALONG = ("LICENSE", "docs")
"""What is of use where there is no network to look it up."""


def bundle(project: Path, architecture: str, out: Path) -> Path:
    """Build the bundle of a project for an architecture into `out`, and return it.

    Raises ToolFailedError, among others where a package has no wheel for the architecture.
    """
    about = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = f"{about['name']}-{about['version']}-linux-{architecture}"
    with TemporaryDirectory() as work:
        folder = Path(work) / name
        wheels = folder / "wheels"
        wheels.mkdir(parents=True)
        requirements = locked(project, Path(work))
        made = built(project, requirements, wheels)
        for python in PYTHONS:
            download(requirements, architecture, python, wheels, but=made)
        own = own_wheel(project, wheels)
        pin = f"{about['name']}=={about['version']} --hash=sha256:{_sum(own)}\n"
        (folder / "requirements.txt").write_text(_vouched(requirements, made) + pin)
        (folder / "LICENCES.tsv").write_text(table(wheels.iterdir()), encoding="utf-8")
        (folder / "VERSION").write_text(f"{about['version']}\n")
        (folder / "ARCHITECTURE").write_text(f"{architecture}\n")
        _bring_along(project, folder)
        (folder / "SHA256SUMS").write_text(_sums(folder))
        out.mkdir(parents=True, exist_ok=True)
        return _packed(folder, out / f"{name}.tar.gz")


def _vouched(requirements: Path, made: Mapping[str, Path]) -> str:
    """Return what to install, with the hashes of the lock and those of the wheels made here."""
    text = requirements.read_text()
    for name, wheel in made.items():
        text = text.replace(f"{name} \\\n", f"{name} \\\n    --hash=sha256:{_sum(wheel)} \\\n")
    return text


def _bring_along(project: Path, folder: Path) -> None:
    shutil.copy(INSTALL, folder / "install.sh")
    for each in ALONG:
        if (project / each).is_dir():
            shutil.copytree(project / each, folder / each)
        else:
            shutil.copy(project / each, folder / each)


def _sums(folder: Path) -> str:
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return "".join(f"{_sum(each)}  {each.relative_to(folder)}\n" for each in files)


def _sum(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _packed(folder: Path, archive: Path) -> Path:
    """Pack a folder; whose it was and when it was written is left out."""
    part = archive.with_name(f"{archive.name}.part")
    # level 1: wheels are packed already
    with (
        part.open("wb") as raw,
        gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for each in sorted(folder.rglob("*")):
            tar.add(each, each.relative_to(folder.parent), recursive=False, filter=_plain)
    part.replace(archive)
    return archive


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = "root"
    entry.mode = 0o755 if entry.isdir() or entry.name.endswith(".sh") else 0o644
    return entry

"""The wheels of the lock, for a machine and a Python that need not be those we run on."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

PYTHONS = ("3.11", "3.12", "3.13")
ARCHITECTURES = ("x86_64", "aarch64")
OLDEST_GLIBC, NEWEST_GLIBC = 5, 28
"""Wheels built for glibc 2.5 up to 2.28, that of openEuler 20.03, Kylin V10, UOS 20, Debian 10."""

UV = Path(sys.executable).with_name("uv")
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


class ToolFailedError(Exception):
    """A tool did not do what it was asked to; the message is its own."""


def locked(project: Path, out: Path) -> Path:
    """Write what the lock of a project asks for at run time, with hashes; for every machine."""
    file = out / "requirements.txt"
    what = ("--frozen", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate")
    run(UV, "export", "--project", project, *what, "--quiet", "--output-file", file)
    return file


def built(project: Path, requirements: Path, out: Path) -> Mapping[str, Path]:
    """Build the wheels of what is published as source only, from sources that the lock names.

    They are returned by `name==version`. Raises ToolFailedError for what is not pure Python: it
    would be for the machine that we run on.
    """
    lock = tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))
    needed = requirements.read_text()
    made = {}
    for each in lock["package"]:
        name = f"{each['name']}=={each.get('version')}"
        if "sdist" in each and "wheels" not in each and f"\n{name} " in f"\n{needed}":
            made[name] = _built(name, each["sdist"]["hash"], out)
    return made


def _built(name: str, digest: str, out: Path) -> Path:
    with TemporaryDirectory() as work:
        wanted = Path(work) / "requirements.txt"
        wanted.write_text(f"{name} --hash={digest}\n")
        how = ("--no-deps", "--require-hashes", "--no-cache-dir", "--wheel-dir", work)
        run(*PIP, "wheel", *how, "--requirement", wanted)
        (wheel,) = Path(work).glob("*.whl")
        if not wheel.stem.endswith("-none-any"):
            raise ToolFailedError(f"{name} has no wheel, and none for all machines can be built")
        return Path(shutil.move(wheel, out))


def download(
    requirements: Path, architecture: str, python: str, out: Path, *, but: Collection[str]
) -> None:
    """Fetch the wheels that one machine and Python need, each of a hash that the lock names.

    `but` are those not to be fetched, as `name==version`. Raises ToolFailedError where there is no
    such wheel.
    """
    own = requirements.with_name(f"requirements-{architecture}-{python}.txt")
    platform = f"{architecture}-manylinux_2_{NEWEST_GLIBC}"
    how = ("--no-deps", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
    where = ("--python-version", python, "--python-platform", platform)
    left_out = [f"--no-emit-package={each.partition('==')[0]}" for each in but]
    run(UV, "pip", "compile", *how, *where, *left_out, requirements, "--output-file", own)
    tags = [f"--platform={tag}" for tag in platforms(architecture)]
    what = ("--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation=cp")
    run(
        *PIP,
        "download",
        *what,
        f"--python-version={python}",
        *tags,
        "--dest",
        out,
        "--requirement",
        own,
    )


def platforms(architecture: str) -> Sequence[str]:
    """Name the platforms whose wheels run there, newest first."""
    numbers = range(NEWEST_GLIBC, OLDEST_GLIBC - 1, -1)
    old = [f"{name}_{architecture}" for name in ("manylinux2014", "manylinux2010", "manylinux1")]
    return [*(f"manylinux_2_{each}_{architecture}" for each in numbers), *old]


def own_wheel(project: Path, out: Path) -> Path:
    """Build the wheel of the project itself into a folder, and return it."""
    with TemporaryDirectory() as empty:  # uv leaves a .gitignore beside the wheel
        run(UV, "build", "--project", project, "--wheel", "--quiet", "--out-dir", empty, project)
        (made,) = Path(empty).glob("*.whl")
        return Path(shutil.move(made, out))


def run(*command: str | Path) -> None:
    """Run a tool. Raises ToolFailedError."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolFailedError(done.stderr.strip() or done.stdout.strip())

"""The wheels of the lock, for a machine and a Python that need not be those we run on."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

PYTHONS = ("3.11", "3.12", "3.13")
ARCHITECTURES = ("x86_64", "aarch64")
OLDEST_GLIBC, NEWEST_GLIBC = 5, 28
"""Wheels built for glibc 2.5 up to 2.28, that of openEuler 20.03, Kylin V10, UOS 20, Debian 10."""

UV = Path(sys.executable).with_name("uv")


class ToolFailedError(Exception):
    """A tool did not do what it was asked to; the message is its own."""


def locked(project: Path, out: Path) -> Path:
    """Write what the lock of a project asks for at run time, with hashes; for every machine."""
    file = out / "requirements.txt"
    what = ("--frozen", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate")
    run(UV, "export", "--project", project, *what, "--quiet", "--output-file", file)
    return file


def download(requirements: Path, architecture: str, python: str, out: Path) -> None:
    """Fetch the wheels that one machine and Python need, each of a hash that the lock names.

    Raises ToolFailedError where there is no such wheel.
    """
    own = requirements.with_name(f"requirements-{architecture}-{python}.txt")
    platform = f"{architecture}-manylinux_2_{NEWEST_GLIBC}"
    how = ("--no-deps", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
    where = ("--python-version", python, "--python-platform", platform)
    run(UV, "pip", "compile", *how, *where, requirements, "--output-file", own)
    tags = [f"--platform={tag}" for tag in platforms(architecture)]
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
    what = ("--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation=cp")
    run(*pip, *what, f"--python-version={python}", *tags, "--dest", out, "--requirement", own)


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

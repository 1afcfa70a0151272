"""Every version of the published schemas that the git history holds."""

import subprocess
from pathlib import Path


class HistoryError(Exception):
    """The history cannot be read in full, so nothing can be said about it."""


def every_version(package: Path) -> list[tuple[str, str]]:
    """Give (path within the package, text) of each version of each schema, newest first.

    Raises `HistoryError` outside a git checkout, in a shallow one, and if no schema was ever
    committed.
    """
    if _is_shallow(package):
        raise HistoryError("the clone is shallow; fetch all of it (git fetch --unshallow)")
    versions = _blobs(package)
    if not versions:
        raise HistoryError("no schema has been committed yet")
    texts = _texts(package, [blob for blob, _ in versions])
    return [(path, text) for (_, path), text in zip(versions, texts, strict=True)]


# Every command is spelled out and whatever varies goes in by standard input; env finds git.


def _is_shallow(package: Path) -> bool:
    done = subprocess.run(
        ["/usr/bin/env", "git", "rev-parse", "--is-shallow-repository"],
        cwd=package,
        capture_output=True,
        check=False,
    )
    return _checked(done).strip() == b"true"


def _blobs(package: Path) -> list[tuple[str, str]]:
    """List (blob, path within the package) of every schema in every commit."""
    done = subprocess.run(
        ["/usr/bin/env", "git", "rev-list", "--objects", "--full-history", "HEAD", "--", "schemas"],
        cwd=package,
        capture_output=True,
        check=False,
    )
    # a line is "<commit>", or "<tree or blob> <path within the repository>"
    objects = (line.partition(" ") for line in _checked(done).decode().splitlines())
    return [
        (blob, f"schemas/{Path(path).name}") for blob, _, path in objects if path.endswith(".json")
    ]


def _texts(package: Path, blobs: list[str]) -> list[str]:
    done = subprocess.run(
        ["/usr/bin/env", "git", "cat-file", "--batch"],
        cwd=package,
        input="".join(f"{blob}\n" for blob in blobs).encode(),
        capture_output=True,
        check=False,
    )
    rest, texts = _checked(done), []
    for _ in blobs:  # each is "<blob> blob <size>\n", so many bytes, "\n"
        head, rest = rest.split(b"\n", 1)
        size = int(head.split(b" ")[2])
        texts.append(rest[:size].decode())
        rest = rest[size + 1 :]
    return texts


def _checked(done: subprocess.CompletedProcess[bytes]) -> bytes:
    if done.returncode:
        raise HistoryError(done.stderr.decode(errors="replace").strip())
    return done.stdout

"""Heads noted outside the database: what shows that a record's tail was cut or written anew."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

from kernel.store.chain import Head


class HeadsDamagedError(Exception):
    """A file of heads holds a line that nobody wrote so; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A head, and when (UTC) it was noted; `is_restored` if the record began again from there."""

    head: Head
    noted_at: str
    is_restored: bool


def note(
    folder: Path, service: str, head: Head, at: datetime, *, is_restored: bool = False
) -> None:
    """Add a head to a service's file, on disk when this returns; `at` is aware.

    With `is_restored`, what was noted beyond it counts no more: an older backup took its place.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    line: dict[str, object] = {"position": head.position, "hash": head.hash.hex()}
    line |= {"noted_at": at.isoformat()} | ({"restored": True} if is_restored else {})
    with os.fdopen(os.open(_file(folder, service), os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        flock(file, LOCK_EX)
        whole = file.read()
        file.truncate(
            whole.rfind(b"\n") + 1
        )  # else a line that a crash tore would swallow this one
        file.seek(0, os.SEEK_END)
        file.write(json.dumps(line).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def noted(folder: Path, service: str) -> list[Noted]:
    """Return every head of a service that still counts, oldest first.

    A last line without its end was torn by a crash, and is left out; any other line that can't be
    read raises HeadsDamagedError.
    """
    file = _file(folder, service)
    try:
        *lines, _ = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    heads: list[Noted] = []
    for number, line in enumerate(lines, 1):
        try:
            each = _read(line)
        except (ValueError, KeyError, TypeError):
            raise HeadsDamagedError(f"{file}:{number}") from None
        if each.is_restored:
            heads = [head for head in heads if head.head.position <= each.head.position]
        heads.append(each)
    return heads


def _read(line: bytes) -> Noted:
    told = json.loads(line)
    position, hash_, at = told["position"], bytes.fromhex(told["hash"]), told["noted_at"]
    if type(position) is not int or position < 0 or not isinstance(at, str):
        raise ValueError
    head = Head(position=position, hash=hash_)
    return Noted(head=head, noted_at=at, is_restored=told.get("restored") is True)


def _file(folder: Path, service: str) -> Path:
    return folder / f"{service}.jsonl"

"""What a backup says of itself, so that a damaged or foreign one is refused."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from deploy.refusal import RefusedError

FORMAT = "xiaoneng-backup"
VERSION = 1
FILE = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How far the record of a service had come; `hash` is hexadecimal, empty before any event."""

    position: int
    hash: str
    publication: int
    epoch: int
    checkpoints: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`taken_at` is ISO 8601, `postgres` a version; `files` gives the sha256 of each file."""

    format: str = FORMAT
    version: int = VERSION
    taken_at: str
    postgres: str
    shape: int
    services: Mapping[str, Record]
    files: Mapping[str, str]


def digest_of(file: Path) -> str:
    """Return the sha256 of a file in hexadecimal."""
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest with a digest of its own."""
    told = asdict(manifest)
    text = json.dumps({**told, "digest": _digest(told)}, indent=2, ensure_ascii=False)
    (folder / FILE).write_text(text, encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup, all of whose files are as they were written.

    Raises RefusedError: `backup-foreign`, `backup-newer`, `backup-damaged`.
    """
    told = _told(folder)
    digest = told.pop("digest", None)
    if told.get("version") != VERSION:
        raise RefusedError(
            "backup-newer",
            f"备份的格式为 {told.get('version')!r} 版，本程序只认识 {VERSION} 版。",
            "请用当初制作备份的版本，或更新的版本来恢复。",
        )
    try:
        manifest = TypeAdapter(Manifest).validate_json(json.dumps(told), strict=True)
    except ValidationError as error:
        raise _damaged(FILE) from error
    if digest != _digest(told):
        raise _damaged(FILE)
    for name, expected in manifest.files.items():
        file = folder / name
        if file.parent != folder or not file.is_file() or digest_of(file) != expected:
            raise _damaged(name)
    return manifest


def _told(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise _foreign(folder) from error
    except ValueError as error:
        raise _damaged(FILE) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise _foreign(folder)
    return told


def _digest(told: Mapping[str, Any]) -> str:
    return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _foreign(folder: Path) -> RefusedError:
    return RefusedError(
        "backup-foreign",
        f"{folder} 不是本平台的备份：没有可用的 {FILE}。",
        "请指定 xiaoneng backup 写出的目录。",
    )


def _damaged(name: str) -> RefusedError:
    return RefusedError(
        "backup-damaged",
        f"备份中的 {name} 已损坏、缺失或被改动，什么也没有恢复。",
        "请换用另一份备份，或重新从原处复制。",
    )

"""The passwords of all who connect: from the environment, or made once and kept in one file."""

import json
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.refusal import RefusedError

USABLE = re.compile(r"[A-Za-z0-9_.~-]{8,200}")
"""What needs no escaping in a URL, a configuration file or a shell."""


def load_passwords(
    folder: Path, names: Iterable[str], environment: Mapping[str, str]
) -> dict[str, str]:
    """Return a password for each name; what was not known is made and kept in `folder`.

    XIAONENG_<NAME>_PASSWORD comes first and is not kept. Raises RefusedError
    (`password-unusable`, `passwords-unreadable`).
    """
    file = folder / "passwords.json"
    kept = _kept(file)
    given = {name: environment.get(_variable(name)) or kept.get(name) for name in names}
    made = {name: secrets.token_urlsafe(24) for name, known in given.items() if known is None}
    if made:
        _keep(file, kept | made)
    return {name: _checked(name, known or made[name]) for name, known in given.items()}


def _variable(name: str) -> str:
    return f"XIAONENG_{re.sub('[^A-Z0-9]', '_', name.upper())}_PASSWORD"


def _kept(file: Path) -> dict[str, str]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        kept = None
    if isinstance(kept, dict) and all(isinstance(each, str) for each in kept.values()):
        return kept
    raise RefusedError(
        "passwords-unreadable",
        f"口令文件 {file} 读不出来。",
        "请恢复该文件；若确已丢失，删除它后重新执行 xiaoneng provision，各服务的口令将随之更换。",
    )


def _keep(file: Path, passwords: Mapping[str, str]) -> None:
    """Write all or nothing, for the owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(passwords, out, indent=2, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


def _checked(name: str, password: str) -> str:
    if USABLE.fullmatch(password):
        return password
    raise RefusedError(
        "password-unusable",
        f"{_variable(name)} 中的口令不可用。",
        "口令须为 8 至 200 个字符，只含字母、数字和 - _ . ~。",
    )

"""The passwords of all who connect: from the environment, or made once and kept in one file."""

import json
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.local.folder import claim
from deploy.refusal import RefusedError

USABLE = re.compile(r"[A-Za-z0-9_.~-]{8,200}")
"""What needs no escaping in a URL, a configuration file or a shell."""


def load_passwords(
    folder: Path, names: Iterable[str], environment: Mapping[str, str]
) -> dict[str, str]:
    """Return a password for each name; what was not known is made and kept in `folder`.

    XIAONENG_<NAME>_PASSWORD comes first and is not kept. Raises RefusedError
    (`password-unusable`, `password-shared`, `passwords-unreadable`, `not-ours`).
    """
    names = list(names)
    refuse_shared(names, environment)
    file = folder / "passwords.json"
    kept = _kept(file)
    given = {name: given_password(name, environment) or kept.get(name) for name in names}
    made = {name: secrets.token_urlsafe(24) for name, known in given.items() if known is None}
    if made:
        _keep(file, kept | made)
    return {name: _checked(name, known or made[name]) for name, known in given.items()}


def has_password(folder: Path, name: str, environment: Mapping[str, str]) -> bool:
    """Tell whether somebody has a password without one being made. Raises RefusedError."""
    return bool(given_password(name, environment) or name in _kept(folder / "passwords.json"))


def given_password(name: str, environment: Mapping[str, str]) -> str:
    """Return the password that the environment gives, "" if none."""
    return environment.get(_variable(name), "")


def refuse_shared(names: Iterable[str], environment: Mapping[str, str]) -> None:
    """Refuse two names that one variable would give one password. Raises RefusedError."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(variable := _variable(name), name)
        if other != name and environment.get(variable):
            raise RefusedError(
                "password-shared",
                f"{variable} 同时指 {other} 和 {name}，两者不能共用一个口令。",
                "请取消这一环境变量（口令会自动生成），或换一个系统名。",
            )


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
    claim(file.parent)
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

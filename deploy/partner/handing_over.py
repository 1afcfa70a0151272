"""Hand a partner what it comes in with: shown once, or written where its owner alone reads it."""

import json
import os
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from deploy.local.accounts import guests, imported
from deploy.partner.bus import users_of
from deploy.partner.record import Held
from deploy.partner.user_jwt import credentials, public_account, user_jwt
from deploy.provision.partner_users import account_of
from deploy.refusal import RefusedError

ONCE = "（只显示这一次）"


def make_sure_of_folder(out: str | None) -> None:
    """Refuse a folder that nothing can be written to, before anything is changed.

    Raises RefusedError (`out-unwritable`).
    """
    if out is not None and not (Path(out).is_dir() and os.access(out, os.W_OK | os.X_OK)):
        fix = "请用 --out 指定一个已有的、可以写入的目录。"
        raise RefusedError("out-unwritable", f"不能写入 {out}。", fix)


def account_seed(arguments: Namespace) -> str | None:
    """Return the seed that was given, as text or in a file."""
    if arguments.jwt is None:
        return None
    given = Path(arguments.jwt)
    try:
        return given.read_text(encoding="ascii").strip() if given.is_file() else str(arguments.jwt)
    except (OSError, UnicodeDecodeError):
        return ""


def make_sure_of_seed(seed: str | None) -> None:
    """Refuse what can't sign, before anything is changed.

    Raises RefusedError (`account-seed-unusable`).
    """
    if seed is not None:
        public_account(seed)


def handed_over(
    done: Held, seed: str | None, out: str | None, now: datetime
) -> Sequence[tuple[str, str]]:
    """Return what to show; what is written to a folder is only named. Raises RefusedError."""
    secrets: list[tuple[str, str, str]] = []
    if done.keys is not None:
        secrets.append(("总线种子", f"{done.name}.nk", done.keys.seed))
    if done.token is not None:
        secrets.append(("HTTP 令牌", f"{done.name}.token", done.token))
    if seed is not None:
        jwt = user_jwt(users_of(done)[0], seed, now)
        if done.keys is not None:
            secrets.append(("凭据文件", f"{done.name}.creds", credentials(jwt, done.keys.seed)))
        else:
            secrets.append(("用户 JWT", f"{done.name}.jwt", jwt))
    if out is None:
        return [(label, f"{text}{ONCE}") for label, _, text in secrets]
    return [(label, str(_written(Path(out) / name, text))) for label, name, text in secrets]


def needed_by_account(done: Held) -> Sequence[tuple[str, str]]:
    """Return what the account of a partner has to import of ours, by `service` or `stream`."""
    return [each for user in users_of(done) for each in imported(user)]


def configuration(done: Held) -> str:
    """Return what to add to the configuration of a NATS of others: JSON, which it reads."""
    told = {"accounts": {account_of(done.name): guests(users_of(done))}}
    return json.dumps(told, indent=2, ensure_ascii=False)


def _written(file: Path, text: str) -> Path:
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text if text.endswith("\n") else f"{text}\n")
    new.replace(file)
    return file

"""A partner's user JWT, for a NATS whose accounts are in others' hands (operator mode).

Claims: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt
"""

import json
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import nkeys

from deploy.local.accounts import User
from deploy.partner.keys import keys_of
from deploy.refusal import RefusedError

HEADER = {"typ": "JWT", "alg": "ed25519-nkey"}
UNLIMITED = -1


def user_jwt(user: User, account_seed: str, now: datetime) -> str:
    """Return what lets a user into the account whose seed this is; it never expires by itself.

    Raises RefusedError (`account-seed-unusable`).
    """
    account = public_account(account_seed)
    permissions = {
        "pub": {"allow": list(user.publish)} if user.publish else {"deny": [">"]},
        "sub": {"allow": list(user.subscribe)},
    }
    claims = {
        "iat": int(now.timestamp()),
        "iss": account,
        "name": user.name,
        "sub": user.nkey,
        "nats": {
            **permissions,
            "subs": UNLIMITED,
            "data": UNLIMITED,
            "payload": UNLIMITED,
            "type": "user",
            "version": 2,
        },
    }
    return signed(claims, account_seed)


def public_account(seed: str) -> str:
    """Return whose seed this is. Raises RefusedError (`account-seed-unusable`)."""
    try:
        account = keys_of(seed).public
    except (nkeys.NkeysError, ValueError) as error:
        raise _unusable() from error
    if not account.startswith("A"):
        raise _unusable()
    return account


def signed(claims: Mapping[str, Any], seed: str) -> str:
    """Return a JWT of NATS, signed by the issuer's seed; its id is the digest of its claims."""
    digest = sha256(json.dumps(claims, sort_keys=True).encode()).digest()
    named = {"jti": b32encode(digest).decode().rstrip("="), **claims}
    body = f"{_segment(HEADER)}.{_segment(named)}"
    signature: bytes = nkeys.from_seed(bytearray(seed.encode())).sign(body.encode())
    return f"{body}.{_base64(signature)}"


def credentials(jwt: str, seed: str) -> str:
    """Return the text of a .creds file, as every client of NATS reads it."""
    return (
        f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )


def _segment(value: Mapping[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _unusable() -> RefusedError:
    return RefusedError(
        "account-seed-unusable",
        "给出的不是 NATS 账户的种子。",
        "请给出以 SA 开头的账户签名种子（nsc 的 account signing key），或将其放在文件中。",
    )

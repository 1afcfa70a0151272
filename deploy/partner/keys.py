"""The keys by which a partner is known on the bus: an nkey, of which only the public half is kept.

https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
"""

import secrets
from dataclasses import dataclass, field

import nkeys

SEED_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """A seed, which its holder alone may know, and the public key that follows from it."""

    seed: str = field(repr=False)
    public: str


def fresh_keys(prefix: int = nkeys.PREFIX_BYTE_USER) -> Keys:
    """Return keys that nobody had before; those of a user unless `prefix` says otherwise."""
    seed: bytes = nkeys.encode_seed(secrets.token_bytes(SEED_BYTES), prefix)
    return keys_of(seed.decode())


def keys_of(seed: str) -> Keys:
    """Return the keys of a seed. Raises nkeys.NkeysError, also for what is none."""
    public: bytes = nkeys.from_seed(bytearray(seed.encode())).public_key
    return Keys(seed=seed, public=public.decode())

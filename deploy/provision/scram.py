"""A password as PostgreSQL keeps it, so that its words never reach a log of the server."""

import hmac
from base64 import b64encode
from hashlib import pbkdf2_hmac, sha256

ITERATIONS = 4096
"""PostgreSQL's own default; our passwords are random, not words to be guessed."""


def verifier(password: str, salt: bytes) -> str:
    """Return the SCRAM-SHA-256 verifier (RFC 5803) of a password of printable ASCII."""
    salted = pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    stored = sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${ITERATIONS}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")

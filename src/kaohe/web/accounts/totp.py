"""One-time codes of an authenticator (RFC 6238): six digits, thirty seconds, SHA-1, as all apps make them."""

from __future__ import annotations

import hmac
import secrets
from base64 import b32decode, b32encode
from hashlib import sha1
from urllib.parse import quote, urlencode

STEP = 30
_AROUND = (0, -1, 1)


def new_secret() -> str:
    """A secret of 160 bits, as authenticators take it: 32 letters and figures.

    >>> len(new_secret())
    32
    """
    return b32encode(secrets.token_bytes(20)).decode("ascii")


def code_at(secret: str, step: int, digits: int = 6) -> str:
    """The code of a step, which is the number of the thirty seconds since 1970 (RFC 4226 §5.3).

    >>> code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59 // STEP, digits=8)  # RFC 6238, appendix B
    '94287082'
    """
    digest = hmac.digest(b32decode(secret), step.to_bytes(8, "big"), sha1)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def accepted_step(secret: str, code: str, seconds: int, used: int) -> int | None:
    """The step of which a typed code is, now or half a minute away; None when it is wrong or was used before.

    ``used`` is the last step accepted from this person: a code works once.
    """
    typed = "".join(code.split())
    for away in _AROUND:
        step = seconds // STEP + away
        if step > used and hmac.compare_digest(code_at(secret, step).encode(), typed.encode()):
            return step
    return None


def address(secret: str, username: str, site: str) -> str:
    """The ``otpauth`` address that an authenticator takes over."""
    label = quote(f"{site}:{username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': site})}"


def in_groups(secret: str) -> str:
    """A secret as people copy it: groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))

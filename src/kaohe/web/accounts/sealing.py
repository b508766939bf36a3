"""Secrets of authenticators as they lie in the database: sealed with a key that is not in it.

AES-256-GCM under a key derived from ``secret.key``, bound to the person: a copy of the database alone gives
no code, and a sealed secret put beside another person opens nothing. Whoever loses ``secret.key`` binds anew.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_MARK, _NONCE = "s1:", 12


def sealed(secret: str, person: int) -> str:
    """A secret as it is stored for a person."""
    nonce = secrets.token_bytes(_NONCE)
    closed = AESGCM(_key()).encrypt(nonce, secret.encode("ascii"), _whose(person))
    return _MARK + urlsafe_b64encode(nonce + closed).decode("ascii")


def opened(stored: str, person: int) -> str | None:
    """The secret that was sealed for the person; None when it was not, or under another ``secret.key``."""
    if not stored.startswith(_MARK):
        return None
    raw = urlsafe_b64decode(stored.removeprefix(_MARK))
    try:
        return AESGCM(_key()).decrypt(raw[:_NONCE], raw[_NONCE:], _whose(person)).decode("ascii")
    except InvalidTag:
        return None


def _key() -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kaohe authenticator secrets 1")
    return derive.derive(settings.SECRET_KEY.encode())


def _whose(person: int) -> bytes:
    return f"accounts_person:{person}".encode("ascii")

"""Encrypt what must be readable again, as keys of endpoints; hash what need only be recognised, as tokens."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from apps.core.errors import TouchstoneError


class UnreadableSecretError(TouchstoneError):
    code = "unreadable_secret"
    status = 500


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"touchstone.secrets:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def encrypt(text: str) -> bytes:
    """Encrypt `text` under the installation's SECRET_KEY; an empty text stays empty."""
    return _cipher().encrypt(text.encode()) if text else b""


def decrypt(blob: bytes) -> str:
    """The text again.

    Raises:
        UnreadableSecretError: when SECRET_KEY has changed since.
    """
    if not blob:
        return ""
    try:
        return _cipher().decrypt(bytes(blob)).decode()
    except InvalidToken as error:
        raise UnreadableSecretError(
            "A stored key cannot be read, because SECRET_KEY has changed. Enter the key again."
        ) from error


def make_key(prefix: str = "") -> str:
    """A new random key of 32 bytes, safe in addresses and headers."""
    return prefix + secrets.token_urlsafe(32)


def hash_key(key: str) -> bytes:
    """What is stored of a key. It is random and long, so a plain hash cannot be turned round."""
    return hashlib.sha256(key.encode()).digest()

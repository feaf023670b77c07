"""Encryption at rest of credentials, with keys from the environment (newest first)."""

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Undecryptable(Exception):
    """None of the configured ENCRYPTION_KEYS opens this value."""


def new_key() -> str:
    """Return 32 random bytes in url-safe base64: a key to encrypt with, or to sign with."""
    return Fernet.generate_key().decode()


def usable_keys(keys: list[str], setting: str = "ENCRYPTION_KEYS") -> list[str]:
    """Return `keys`. Raises `ImproperlyConfigured` when one of them is not 32 bytes."""
    try:
        for key in keys:
            Fernet(key.strip())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{setting}: each key must be 32 bytes in url-safe base64, 44 characters."
        ) from error
    return keys


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.ENCRYPTION_KEYS])


def encrypt_bytes(data: bytes) -> bytes:
    """Return `data` as an encrypted token, about a third longer."""
    return _fernet().encrypt(data)


def decrypt_bytes(token: bytes) -> bytes:
    """Return the data that `encrypt_bytes` encrypted. Raises `Undecryptable` when no key fits."""
    try:
        return _fernet().decrypt(token)
    except InvalidToken as error:
        raise Undecryptable("no configured encryption key opens this") from error


def encrypt(values: Mapping[str, str]) -> str:
    """Return `values` as one encrypted token; an empty mapping is the empty string."""
    return _fernet().encrypt(json.dumps(dict(values)).encode()).decode() if values else ""


def decrypt(token: str) -> dict[str, str]:
    """Return the values that `encrypt` encrypted. Raises `Undecryptable` when no key fits."""
    if not token:
        return {}
    try:
        values: dict[str, str] = json.loads(_fernet().decrypt(token.encode()))
    except InvalidToken as error:
        raise Undecryptable("no configured encryption key opens these credentials") from error
    return values


def uses_newest_key(token: bytes) -> bool:
    """Return whether the first of the configured keys opens the token."""
    try:
        Fernet(settings.ENCRYPTION_KEYS[0].strip()).decrypt(token)
    except InvalidToken:
        return False
    return True


def with_newest_key(token: bytes) -> bytes:
    """Return the token encrypted with the newest key. Raises `Undecryptable` when no key fits."""
    try:
        return _fernet().rotate(token)
    except InvalidToken as error:
        raise Undecryptable("no configured encryption key opens this") from error

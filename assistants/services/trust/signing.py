"""Signing with Ed25519. The keys are in the settings and nowhere else: newest first."""

import base64
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


def sign(statement: bytes) -> str:
    """Return the signature of the newest key, in base64."""
    return base64.b64encode(_private_keys()[0].sign(statement)).decode()


def newest_key() -> str:
    """Return the fingerprint of the key that signs."""
    return fingerprint(_private_keys()[0].public_key())


def public_key(key: str) -> Ed25519PublicKey | None:
    """Return the public key with this fingerprint, if it belongs to one of our keys."""
    keys = (private.public_key() for private in _private_keys())
    return next((each for each in keys if fingerprint(each) == key), None)


def public_pem(key: str) -> str:
    """Return one of our public keys as PEM; empty if it is not ours."""
    found = public_key(key)
    return _pem(found).decode() if found else ""


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of a public key, as `openssl pkey -pubin -outform DER` writes it."""
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return sha256(der).hexdigest()


def is_signed(statement: bytes, signature: str, key: Ed25519PublicKey) -> bool:
    """Return whether `signature`, in base64, is that of `key` under `statement`."""
    try:
        key.verify(base64.b64decode(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _private_keys() -> list[Ed25519PrivateKey]:
    """Return the keys of the settings: each is 32 random bytes, in url-safe base64."""
    return [
        Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(key.strip()))
        for key in settings.HISTORY_KEYS
    ]

"""Checks an ID token: signature, issuer, audience, times and nonce."""

from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.crypto import constant_time_compare

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures with a public key only; a token does not choose another kind."""
CLOCKS_DIFFER_BY = 60
"""Seconds."""
REQUIRED = ["exp", "iat", "iss", "aud", "sub"]


def checked_claims(
    token: str, *, keys: Any, issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """Return the claims of an ID token. Raises `OAuth2Error` when anything does not hold."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key_of(token, keys),
            algorithms=list(ALGORITHMS),
            audience=client_id,
            issuer=issuer,
            leeway=CLOCKS_DIFFER_BY,
            options={"require": REQUIRED},
        )
    except (jwt.PyJWTError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise OAuth2Error("the ID token does not hold") from error
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise OAuth2Error("the ID token has another nonce")
    if claims.get("azp", client_id) != client_id:
        raise OAuth2Error("the ID token is for another application")
    return claims


def _key_of(token: str, keys: Any) -> jwt.PyJWK:
    """Return the key that the token names. Raises `LookupError`, a `KeyError`, if none fits."""
    kid = jwt.get_unverified_header(token).get("kid")
    found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if kid in (None, key.key_id)]
    if not found:
        raise KeyError(kid)
    return found[0]

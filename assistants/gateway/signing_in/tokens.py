"""Tokens of Microsoft Entra ID, for endpoints that take no key: the client credentials grant.

An application shows its ID and secret to a login server, and gets a token for an hour or so. See
https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow. Tokens are
kept in the memory of this process only.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from math import isfinite
from urllib.parse import quote_plus, urlencode, urlsplit

from assistants.gateway.answers import Answer
from assistants.gateway.endpoint import Endpoint
from assistants.gateway.errors import (
    GatewayError,
    NothingChanged,
    RateLimited,
    SignInRefused,
    SignInUnanswered,
    UnexpectedAnswer,
)
from assistants.gateway.profiles import PROFILES

ENTRA_URL = "https://login.microsoftonline.com"
"""Entra ID of the public cloud. National clouds have servers of their own."""
FOUNDRY_HOSTS = ".services.ai.azure.com"
FOUNDRY_SCOPE = "https://ai.azure.com/.default"
OPENAI_SCOPE = "https://cognitiveservices.azure.com/.default"
EARLY = 300.0
"""Seconds before its end from which a token is not used any more, half its life at most."""
LONGEST_LIFE = 86_400.0
TOKEN_LENGTH = 32_768
LARGEST_TOKEN_ANSWER = 256 * 1024
MOST_TOKENS = 500


@dataclass(frozen=True)
class TokenRequest:
    """What to send to the login server for a token of one endpoint."""

    url: str
    form: Mapping[str, str] = field(repr=False)

    @property
    def body(self) -> bytes:
        return urlencode(self.form).encode()

    @property
    def encoded_secret(self) -> str:
        """The secret as the body holds it, since an answer might repeat the body."""
        return quote_plus(self.form["client_secret"])

    @property
    def key(self) -> bytes:
        """Tells requests apart without holding their secrets."""
        return sha256(f"{self.url} ".encode() + self.body).digest()


def token_request(endpoint: Endpoint, login_url: str) -> TokenRequest | None:
    """Return how `endpoint` gets its tokens; None if it signs in without."""
    takes = {entry.name for entry in PROFILES[endpoint.profile].fields}
    if "client_secret" not in takes or not endpoint.get("client_secret"):
        return None
    form = {
        "grant_type": "client_credentials",
        "client_id": endpoint.get("client_id"),
        "client_secret": endpoint.get("client_secret"),
        "scope": endpoint.get("token_scope") or _usual_scope(endpoint.url),
    }
    return TokenRequest(f"{login_url}/{endpoint.get('tenant_id')}/oauth2/v2.0/token", form)


def _usual_scope(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return FOUNDRY_SCOPE if host.endswith(FOUNDRY_HOSTS) else OPENAI_SCOPE


class KeptTokens:
    """Tokens until shortly before they end. Safe to share between threads: no step needs two."""

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[str, float]] = {}

    def get(self, request: TokenRequest) -> str:
        """Return the kept token, if there is one that still has some time; else ""."""
        token, until = self._kept.get(request.key, ("", 0.0))
        return token if time.monotonic() < until else ""

    def keep(self, request: TokenRequest, token: str, *, seconds: float) -> None:
        if len(self._kept) >= MOST_TOKENS:
            self._kept = {}
        until = time.monotonic() + max(seconds - EARLY, seconds / 2)
        self._kept[request.key] = (token, until)

    def forget(self, request: TokenRequest, token: str) -> None:
        """Drop `token`, unless another one has taken its place."""
        if self._kept.get(request.key, ("", 0.0))[0] == token:
            self._kept.pop(request.key, None)

    def clear(self) -> None:
        self._kept = {}


TOKENS = KeptTokens()
"""Those of this process."""


def read_token(answer: Answer) -> tuple[str, float]:
    """Return the token in an answer of the login server, and the seconds for which it is valid.

    That is 0 if the server does not say. Raises `UnexpectedAnswer`.
    """
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        data = None
    token = data.get("access_token") if isinstance(data, dict) else None
    if not isinstance(token, str) or not 0 < len(token) <= TOKEN_LENGTH:
        raise UnexpectedAnswer("the answer has no token")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise UnexpectedAnswer("the token has characters that cannot be sent")
    if str(data.get("token_type", "Bearer")).lower() != "bearer":
        raise UnexpectedAnswer("the token is of another type")
    return token, _seconds(data.get("expires_in"))


def _seconds(value: object) -> float:
    try:
        seconds = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_LIFE) if isfinite(seconds) else 0.0


def as_sign_in(error: GatewayError) -> NothingChanged:
    """Return what a failed call to the login server means: nothing was sent to the endpoint."""
    is_refusal = isinstance(error, NothingChanged) and not isinstance(error, RateLimited)
    kind = SignInRefused if is_refusal and error.status is not None else SignInUnanswered
    return kind(
        error.message.split(" Trace ID:")[0],  # what follows is for the login server's operator
        status=error.status,
        code=error.code or error.kind,
        request_id=error.request_id,
        retry_after=error.retry_after,
    )

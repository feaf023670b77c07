"""One call over HTTP: headers, deadline, repetition, errors."""

import json
import logging
import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from assistants.gateway.answers import Answer
from assistants.gateway.documents.upload import Upload
from assistants.gateway.endpoint import Endpoint
from assistants.gateway.errors import (
    GatewayError,
    Misconfigured,
    Unauthorized,
    Unencrypted,
    UnexpectedAnswer,
    Unreachable,
)
from assistants.gateway.network import TRIES, Timeouts, is_kept_private, network_deadline
from assistants.gateway.profiles import PROFILES
from assistants.gateway.refusal import from_answer, request_id, subject_of
from assistants.gateway.signing_in.tokens import (
    LARGEST_TOKEN_ANSWER,
    TOKENS,
    TokenRequest,
    as_sign_in,
    read_token,
    token_request,
)
from assistants.gateway.tally import ended, one_call
from assistants.gateway.transport import (
    UNSENDABLE,
    USER_AGENT,
    Transport,
    failure_of,
    read_body,
    read_start,
    transport_for,
)

logger = logging.getLogger(__name__)
Parsed = TypeVar("Parsed")

_ALWAYS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": USER_AGENT,
}
LONGEST_RETRY_PAUSE = 5.0  # seconds; if Retry-After asks for more, the caller decides
MEGABYTE = 1024 * 1024
LARGEST_LIST = 64 * MEGABYTE  # bytes; a page of 100 long assistants has 25 MB
LARGEST_OBJECT = 16 * MEGABYTE  # one assistant at all its limits, each character escaped
LARGEST_REFUSAL = 256 * 1024  # how much of a failed answer is read; the rest is ignored


class Client:
    """Sends calls to one endpoint. Cheap to make, safe to share between threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeouts: Timeouts,
        transport: Transport | None,
        private_hosts: Collection[str],
        unencrypted_hosts: Collection[str],
        login_url: str,
    ) -> None:
        profile = PROFILES[endpoint.profile]
        self._profile = endpoint.profile
        self._url = endpoint.url
        self._headers = profile.headers(endpoint)
        self._query = profile.query(endpoint)
        self._secrets = endpoint.secrets
        self._addresses = endpoint.addresses
        self._token_request = token_request(endpoint, login_url)
        if self._token_request:
            self._addresses = (*self._addresses, self._token_request.url)
            self._secrets = (*self._secrets, self._token_request.encoded_secret)
        self._timeouts = timeouts
        self._private_hosts = private_hosts
        self._unencrypted_hosts = unencrypted_hosts
        self._transport = transport

    def call(
        self,
        method: str,
        path: str,
        read: Callable[[Answer], Parsed],
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | Upload | None = None,
        trace_id: str | None = None,
        deadline: float | None = None,
        if_match: str | None = None,
        largest: int = LARGEST_OBJECT,
    ) -> Parsed:
        """Make the call, and return what `read` finds in its answer of at most `largest` bytes.

        The remote may take until the deadline to answer an `Upload`, which it has to store. Raises
        `GatewayError`.
        """
        trace_id = trace_id or uuid4().hex
        deadline = time.monotonic() + self._timeouts.total if deadline is None else deadline
        parameters = {**self._query, **(query or {})} or None
        headers = {
            "Content-Type": "application/json",
            "OpenAI-Beta": "assistants=v2",
            **_ALWAYS,
            "x-portkey-trace-id": trace_id,
            **({"If-Match": if_match} if if_match else {}),
        }

        def request(signed: Mapping[str, str]) -> httpx.Request:
            extra, content = _encode(body)
            return httpx.Request(
                method,
                self._url + path,
                params=parameters,
                headers={**headers, **extra, **self._headers, **signed},
                content=content,
                extensions={"is_upload": isinstance(body, Upload)},
            )

        for pauses_left in reversed(range(self._timeouts.tries if method == "GET" else 1)):
            failure: GatewayError
            began = time.monotonic()
            try:
                answer = self._signed_in(request, deadline, subject_of(path), largest)
                understood = _understood(read, answer)
                ended(self._profile, method, "ok", began)
                return understood
            except GatewayError as error:
                failure = error
            except UNSENDABLE:
                failure = Misconfigured("these settings do not make a valid request")
            except httpx.HTTPError as error:
                failure = failure_of(error, self._secrets)
            ended(self._profile, method, failure.kind, began)
            if not (failure.passing and pauses_left and self._wait(failure, pauses_left, deadline)):
                break
        # Outside the except blocks, because what they caught may hold a credential.
        failure.trace_id = trace_id
        _log(failure, method, path)
        raise failure

    def _signed_in(
        self,
        request: Callable[[Mapping[str, str]], httpx.Request],
        deadline: float,
        about: type[GatewayError] | None,
        largest: int,
    ) -> Answer:
        """Send the request, with a token if the endpoint wants one.

        A kept token that is refused (401) is replaced once. A write may be sent again then, since
        such an answer says that nothing has changed.
        """
        wanted = self._token_request
        if wanted is None:
            return self._send(request({}), deadline, about, largest)
        kept = TOKENS.get(wanted)
        token = kept or self._new_token(wanted, deadline)
        try:
            return self._send(request(_bearer(token)), deadline, about, largest, token)
        except Unauthorized as error:
            TOKENS.forget(wanted, token)
            if error.status != 401 or not kept:
                raise
        token = self._new_token(wanted, deadline)
        return self._send(request(_bearer(token)), deadline, about, largest, token)

    def _new_token(self, wanted: TokenRequest, deadline: float) -> str:
        """Ask the login server for a token, and keep it. Raises `SignInRefused` and others."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **_ALWAYS}
        extensions = {"is_upload": False}
        failure: GatewayError
        try:
            request = httpx.Request(
                "POST", wanted.url, headers=headers, content=wanted.body, extensions=extensions
            )
            token, seconds = read_token(self._send(request, deadline, None, LARGEST_TOKEN_ANSWER))
        except GatewayError as error:
            failure = error
        except UNSENDABLE:
            failure = Misconfigured("these settings do not make a valid request")
        except httpx.HTTPError as error:
            failure = failure_of(error, self._secrets)
        else:
            TOKENS.keep(wanted, token, seconds=seconds)
            return token
        raise as_sign_in(failure)

    def _send(
        self,
        request: httpx.Request,
        deadline: float,
        about: type[GatewayError] | None,
        largest: int,
        token: str = "",
    ) -> Answer:
        """Send the request once, and return the answer if it is a success."""
        if self._secrets and not all(
            is_kept_private(url, self._unencrypted_hosts) for url in self._addresses
        ):
            raise Unencrypted("nothing was sent without encryption")
        secrets = (*self._secrets, token)
        left = deadline - time.monotonic()
        if left <= 0:
            raise Unreachable("there was no time left to send anything")
        connect = min(self._timeouts.connect, left)
        read = left if request.extensions["is_upload"] else self._timeouts.read
        request.extensions["timeout"] = {
            "connect": connect,
            "pool": connect,
            "read": read,
            "write": read,
        }
        transport = self._transport or transport_for(request.url, self._private_hosts)
        with network_deadline(deadline), one_call():
            response = transport.handle_request(request)
            is_success = response.status_code in (200, 201)
            try:
                body = (
                    read_body(response, largest)
                    if is_success
                    else read_start(response, LARGEST_REFUSAL)
                )
            finally:
                response.close()
        if is_success:
            return Answer(
                status=response.status_code,
                body=body,
                etag=response.headers.get("etag"),
                request_id=request_id(response.headers, secrets),
            )
        raise from_answer(
            response.status_code,
            response.headers,
            body,
            secrets=secrets,
            about=about,
            method=request.method,
        )

    def _wait(self, failure: GatewayError, pauses_left: int, deadline: float) -> bool:
        """Sleep before the next try. Returns False at once if that would take too long."""
        if failure.retry_after is None:
            growth = 4 ** (TRIES - 1 - pauses_left)
            pause = self._timeouts.pause * growth * random.uniform(0.5, 1.0)  # noqa: S311
        else:
            pause = failure.retry_after
        if pause > LONGEST_RETRY_PAUSE or time.monotonic() + pause >= deadline:
            return False
        time.sleep(pause)
        return True


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _encode(
    body: Mapping[str, Any] | Upload | None,
) -> tuple[dict[str, str], bytes | Iterator[bytes] | None]:
    """Return the headers of a body, and its content: JSON as UTF-8. Lone surrogates, which UTF-8
    lacks, become escapes of JSON."""
    if body is None:
        return {}, None
    if isinstance(body, Upload):
        return body.encode()
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    return {}, text.encode("utf-8", "backslashreplace")


def _understood(read: Callable[[Answer], Parsed], answer: Answer) -> Parsed:
    try:
        return read(answer)
    except UnexpectedAnswer as error:
        error.status, error.request_id = answer.status, answer.request_id
        raise


def _log(error: GatewayError, method: str, path: str) -> None:
    """Log in one line what identifies the failure, without the remote's words."""
    names = ("status", "code", "param", "request_id", "trace_id")
    fields = {name: getattr(error, name) for name in names}
    details = " ".join(f"{name}={value}" for name, value in fields.items())
    logger.warning("%s %s failed: %s %s", method, path, error.kind, details, extra=fields)

"""What takes security events: a webhook, or a syslog server."""

import base64
import hmac
import json
import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.utils.translation import gettext as _

SECONDS = 10
"""How long a receiver may take."""
PORTS = {"syslog+udp": 514, "syslog+tcp": 601, "syslog+tls": 6514}
"""The usual port of each kind of syslog server."""
PRIORITY = 13 * 8 + 5
"""Of a syslog message: facility "log audit", severity "notice" (RFC 5424)."""

EventValues = dict[str, Any]


class CannotSend(Exception):
    """A receiver did not take events: a sentence for operators, without its address or a secret."""


class Receiver(Protocol):
    """Takes security events."""

    @property
    def address(self) -> str: ...

    def send(self, events: Sequence[EventValues]) -> None:
        """Send all of `events`, or raise `CannotSend`."""


def receiver_at(address: str, *, secret: str = "") -> Receiver:
    """Return the receiver at `http(s)://…`, `syslog+udp://…`, `syslog+tcp://…`, `syslog+tls://…`.

    `secret` signs what a webhook gets. Raises `ValueError` for another address or secret.
    """
    parts = urlsplit(address)
    if parts.hostname and parts.scheme in ("http", "https"):
        return WebhookReceiver(address, _signing_key(secret))
    if parts.hostname and parts.scheme in PORTS:
        return Syslog(address, parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme])
    kinds = ", ".join(f"{kind}://" for kind in ("https", *PORTS))
    raise ValueError(
        _("AUDIT_FORWARD_TO is no address of these kinds: %(kinds)s.") % {"kinds": kinds}
    )


def _signing_key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError as error:
        raise ValueError(_("AUDIT_FORWARD_SECRET is not “whsec_” and base64.")) from error


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


@dataclass(frozen=True)
class WebhookReceiver:
    """Gets `{"events": […]}` by POST, signed as standardwebhooks.com says if there is a key."""

    address: str
    key: bytes = b""

    def send(self, events: Sequence[EventValues]) -> None:
        body = json.dumps({"events": list(events)}).encode()
        headers = {"Content-Type": "application/json", **self._signature(events, body)}
        request = Request(self.address, data=body, headers=headers, method="POST")  # noqa: S310
        try:
            with build_opener(_NoRedirects).open(request, timeout=SECONDS):
                pass
        except HTTPError as error:
            error.close()
            raise CannotSend(
                _("The webhook answered %(status)d.") % {"status": error.code}
            ) from error
        except (OSError, URLError) as error:
            raise CannotSend(_("The webhook could not be reached.")) from error

    def _signature(self, events: Sequence[EventValues], body: bytes) -> dict[str, str]:
        if not self.key:
            return {}
        name, now = f"audit_{events[0]['digest'][:32]}", str(int(time.time()))
        signed = b".".join((name.encode(), now.encode(), body))
        digest = base64.b64encode(hmac.digest(self.key, signed, "sha256")).decode()
        return {
            "webhook-id": name,
            "webhook-timestamp": now,
            "webhook-signature": f"v1,{digest}",
        }


@dataclass(frozen=True)
class Syslog:
    """Gets each event as a message of RFC 5424, whose text is the event as JSON."""

    address: str
    kind: str
    host: str
    port: int

    def send(self, events: Sequence[EventValues]) -> None:
        try:
            self._send([_message(event) for event in events])
        except OSError as error:
            raise CannotSend(_("The syslog server could not be reached.")) from error

    def _send(self, messages: Iterable[bytes]) -> None:
        if self.kind == "syslog+udp":
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM)[0]
            with socket.socket(found[0], found[1]) as channel:
                for message in messages:
                    channel.sendto(message, found[4])
            return
        plain = socket.create_connection((self.host, self.port), timeout=SECONDS)
        with plain, self._secured(plain) as channel:
            for message in messages:
                channel.sendall(b"%d %b" % (len(message), message))  # RFC 6587, 3.4.1
            channel.shutdown(socket.SHUT_WR)

    def _secured(self, plain: socket.socket) -> socket.socket:
        if self.kind != "syslog+tls":
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def _message(event: EventValues) -> bytes:
    host = socket.gethostname()[:255] or "-"
    head = f"<{PRIORITY}>1 {event['at']} {host} assistants-admin - {event['kind'] or '-'} -"
    return f"{head} {json.dumps(event)}".encode("ascii")

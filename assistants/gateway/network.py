"""Connections that end in time and reach allowed addresses only.

httpx limits each single read, so a peer that sends one byte a second could keep a call alive for
ever. It also looks up names itself, so a check before the call proves nothing about the address
that it connects to. The backend here has one deadline, and connects to the address it checked.
"""

import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from math import inf
from typing import Any
from urllib.parse import urlsplit

import httpcore

from assistants.gateway.errors import ForbiddenHost, UnknownHost

_deadline: ContextVar[float] = ContextVar("deadline", default=inf)
_CHUNK = 64 * 1024  # bytes of one write; each has only the time that is left
_NAT64 = IPv6Network("64:ff9b::/96")
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
_PRIVATE_NAMES = (".internal", ".local", ".localhost", ".home.arpa", ".lan", ".intranet")
"""Ends of names that do not exist on the public internet."""


TRIES = 3  # of a read; a write is never repeated


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds."""

    connect: float = 5.0
    read: float = 15.0
    """For each piece of the answer."""
    total: float = 60.0
    """For a whole call with its repetitions, unless it has a deadline of its own."""
    pause: float = 0.2
    """Before the second try of a read; four times as long before the third."""
    tries: int = TRIES
    """Of a read."""


@contextmanager
def network_deadline(deadline: float) -> Iterator[None]:
    """Let all network operations of this thread fail after `deadline` (`time.monotonic`)."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


def is_public(address: str) -> bool:
    """Whether an IP address is public, also after unwrapping IPv4 in IPv6."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and (inner := _embedded(ip)):
        ip = inner
    if isinstance(ip, IPv6Address) and ip.is_site_local:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def is_named(host: str, port: int, names: Iterable[str]) -> bool:
    """Whether `names` has this host, as "host" or "host:port". IPv6 may be in brackets."""
    host = host.lower()
    spellings = {host, f"{host}:{port}", f"[{host}]", f"[{host}]:{port}"}
    return not spellings.isdisjoint(name.strip().lower() for name in names)


def is_kept_private(url: str, names: Iterable[str]) -> bool:
    """Whether nobody on the way can read what is sent to `url`.

    That is true with TLS, on this machine, and for a host in `names` (see `is_named`).
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" or host == "localhost":
        return True
    try:
        if ip_address(host).is_loopback:
            return True
    except ValueError:
        pass  # a name, not an address
    return is_named(host, parts.port or 80, names)


def sounds_private(host: str) -> bool:
    """Whether the address or name of a host can only belong to a private network.

    That is true for RFC 1918 and unique local addresses, for names of one word (`gateway`), and
    for names below `.internal`, `.local` and the like. No name is looked up.
    """
    host = host.lower()
    try:
        ip = ip_address(host)
    except ValueError:
        is_number = re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host)  # an address in an odd spelling
        is_word = bool(host) and not is_number and not set(host) & set(".:%")
        return is_word or host.endswith(_PRIVATE_NAMES)
    return any(ip in network for network in _PRIVATE)


class Backend(httpcore.NetworkBackend):
    """Opens connections within the deadline, and only to public addresses if `public_only`.

    `resolve` has the signature of `socket.getaddrinfo`.
    """

    def __init__(
        self, *, public_only: bool, resolve: Callable[..., list[Any]] = socket.getaddrinfo
    ) -> None:
        self._public_only = public_only
        self._resolve = resolve
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers.

        Raises `ForbiddenHost`, `UnknownHost`, or `ConnectError` or `ConnectTimeout` of httpcore.
        """
        end = time.monotonic() + _left(timeout, httpcore.ConnectTimeout)
        addresses = self._addresses(host, port, end - time.monotonic())
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for index, address in enumerate(addresses):
            share = (end - time.monotonic()) / (len(addresses) - index)
            try:
                # An address, not the name: a second look-up could give another answer.
                stream = self._plain.connect_tcp(
                    address, port, max(share, 0.001), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return TimedStream(stream)
        raise failure

    def _addresses(self, host: str, port: int, timeout: float) -> list[str]:
        look_up = partial(self._resolve, host, port, type=socket.SOCK_STREAM)
        found = _in_time((self._resolve, host, port), look_up, timeout)
        addresses = list(dict.fromkeys(entry[4][0] for entry in found))
        if self._public_only and not all(map(is_public, addresses)):
            raise ForbiddenHost(f"{host} is a private address")
        return addresses


class TimedStream(httpcore.NetworkStream):
    """A connection on which every operation ends by the deadline of its thread."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _CHUNK):
            chunk = buffer[start : start + _CHUNK]
            self._stream.write(chunk, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, error: type[Exception]) -> float:
    """Return the seconds left for an operation, at most `timeout`. Raises `error` if none."""
    left = min(_deadline.get() - time.monotonic(), inf if timeout is None else timeout)
    if left <= 0:
        raise error("the time is up")
    return min(left, threading.TIMEOUT_MAX)


_LOOK_UPS = 16
"""The most threads of this process that look up names. A hanging one may stay half a minute."""
_look_ups: dict[object, "Future[list[Any]]"] = {}
_look_ups_lock = threading.Lock()


def _forget() -> None:
    """Forget the parent's look-ups in a forked child, which has none of their threads."""
    _look_ups.clear()
    _look_ups_lock.release()


os.register_at_fork(
    before=_look_ups_lock.acquire, after_in_parent=_look_ups_lock.release, after_in_child=_forget
)


def _in_time(key: object, look_up: Callable[[], list[Any]], timeout: float) -> list[Any]:
    """Return what `look_up` finds. It runs in a thread, because nothing can interrupt it.

    Calls with the same `key` share one thread, so that a hanging name takes no more than one.
    """
    with _look_ups_lock:
        found = _look_ups.get(key)
        if found is None:
            if len(_look_ups) >= _LOOK_UPS:
                raise httpcore.ConnectTimeout("too many names are being looked up")
            found = _look_ups[key] = Future()
            arguments = (key, look_up, found)
            threading.Thread(target=_run, args=arguments, daemon=True, name="look-up").start()
    try:
        return list(found.result(timeout))
    except TimeoutError:
        raise httpcore.ConnectTimeout("the name was not looked up in time") from None
    except socket.gaierror as error:
        unknown = error.errno == socket.EAI_NONAME
        raise (UnknownHost if unknown else httpcore.ConnectError)(str(error)) from None
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from None


def _run(key: object, look_up: Callable[[], list[Any]], found: "Future[list[Any]]") -> None:
    try:
        answer = look_up()
    except Exception as error:
        _finish(key)
        found.set_exception(error)
    else:
        _finish(key)
        found.set_result(answer)


def _finish(key: object) -> None:
    with _look_ups_lock:
        _look_ups.pop(key, None)


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)

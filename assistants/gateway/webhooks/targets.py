"""Which addresses a webhook may have: the rules of connections, but with a query."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import SplitResult

from assistants.gateway.network import is_kept_private, is_named, is_public, sounds_private
from assistants.gateway.profile import split_url

LONGEST_TARGET = 2_000
SHOWN_END = 4
"""How many characters at the end of an address people see."""
_LONGEST_HOST = 260
"""Characters of a host with its port; names have 253 at most."""
_SHORTEST_HIDDEN = 12
"""Characters that stay hidden before that end, or there is no end to see."""


def target_problem(address: str, *, private_hosts: Collection[str]) -> str:
    """Return the code of what is wrong with an address, "" for nothing.

    Codes: `required`, `too_long`, `invalid_url`, `unencrypted` (http:// to another machine that is
    not among `private_hosts`), `private_host` (private, and not among them). No name is looked up:
    the sender checks the address that it connects to.
    """
    if not address:
        return "required"
    if len(address) > LONGEST_TARGET:
        return "too_long"
    parts = split_url(address)
    if parts is None or not parts.hostname or not _is_sendable(address, parts):
        return "invalid_url"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if is_named(parts.hostname, port, private_hosts):
        return ""
    if _is_private(parts.hostname):
        return "private_host"
    return "" if is_kept_private(address, private_hosts) else "unencrypted"


def _is_sendable(address: str, parts: SplitResult) -> bool:
    return (
        parts.scheme in ("http", "https")
        and len(parts.netloc) <= _LONGEST_HOST
        and "@" not in parts.netloc
        and not any(mark in address for mark in "#\\ ")
        and address.isascii()
        and address.isprintable()
    )


def host_of(address: str) -> str:
    """Return the host of an address that has no problem, with its port if it has one."""
    parts = split_url(address)
    return parts.netloc.lower() if parts else ""


def shown_end(address: str) -> str:
    """Return the last characters of an address, to tell it from others; "" for a short one.

    The rest may be a secret, as with Slack and Teams.
    """
    parts = split_url(address)
    hidden = len(parts.path) + len(parts.query) if parts else 0
    return address[-SHOWN_END:] if hidden >= _SHORTEST_HIDDEN + SHOWN_END else ""


def _is_private(host: str) -> bool:
    try:
        return not is_public(str(ip_address(host)))
    except ValueError:
        return sounds_private(host)

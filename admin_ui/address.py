"""From where a request comes, as limits count it and the log names it."""

from ipaddress import IPv6Address, ip_address

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

NETWORK_BITS = 64
"""Bits of an IPv6 address that one household or company shares; it picks the others as it likes."""


def client_address(request: HttpRequest) -> str:
    """Return the client's address: that of the connection, or as `TRUSTED_PROXIES` proxies say.

    Where fewer proxies reported than are trusted it is that of the connection, too; "" where that
    has none.
    """
    try:
        return str(get_adapter().get_client_ip(request) or "")
    except (PermissionDenied, ImproperlyConfigured):
        return str(request.META.get("REMOTE_ADDR", ""))


def client_network(address: str) -> str:
    """Return what to count `address` by: itself, of IPv6 its first 64 bits."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> NETWORK_BITS << NETWORK_BITS))
    return str(found)

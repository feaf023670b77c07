"""The client's network address, for limits and the log."""

from ipaddress import IPv6Address, ip_address

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

NETWORK_BITS = 64
"""Bits of an IPv6 address that identify a household or company, which chooses the other bits."""


def client_address(request: HttpRequest) -> str:
    """Return the client's address, as `TRUSTED_PROXIES` proxies report it.

    Without a report from each of these proxies, it is the address of the connection, or "" when
    that has none.
    """
    try:
        return str(get_adapter().get_client_ip(request) or "")
    except (PermissionDenied, ImproperlyConfigured):
        return str(request.META.get("REMOTE_ADDR", ""))


def client_network(address: str) -> str:
    """Return the network that limits count: an IPv4 address, or 64 bits of an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> NETWORK_BITS << NETWORK_BITS))
    return str(found)

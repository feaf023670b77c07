"""The networks from which an API key may be used."""

import re
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_NETWORKS = 20
"""The most networks of a key. Each call is held against all of them."""


def read_networks(text: str) -> list[str]:
    """Return the networks in `text` as CIDR, each once; they are parted by spaces or commas.

    An address is a network of one. Raises `ValidationError` for what is neither, and over
    `MOST_NETWORKS`.
    """
    found: dict[str, None] = {}
    for part in filter(None, re.split(r"[\s,;]+", text)):
        try:
            found[str(ip_network(part, strict=False))] = None
        except ValueError:
            told = _("“%(part)s” is no network. Write 203.0.113.7 or 203.0.113.0/24, for example.")
            raise ValidationError(told % {"part": part[:50]}) from None
    if len(found) > MOST_NETWORKS:
        told = _("A key has at most %(most)d networks. Write larger ones instead.")
        raise ValidationError(told % {"most": MOST_NETWORKS})
    return list(found)


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Return whether an address is in one of the networks. An unknown address is in none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return any(found in ip_network(network) for network in networks)

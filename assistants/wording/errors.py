"""What went wrong with a gateway, and what to do about it, in one or two sentences."""

from math import ceil

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants.gateway import GatewayError
from assistants.wording.marks import quoted
from assistants.wording.pauses import in_seconds

GATEWAY_ERRORS: dict[str, Promise] = {
    "refused": gettext_lazy("The gateway refused the change."),
    "unauthorized": gettext_lazy(
        "The gateway did not accept the credentials of this connection. An admin can correct them"
        " under Connections."
    ),
    "assistant_missing": gettext_lazy(
        "The gateway no longer has this assistant. Its history is kept here, and it can be"
        " recreated."
    ),
    "endpoint_gone": gettext_lazy(
        "This address does not offer assistants, or no longer does. An admin can check the address"
        " under Connections."
    ),
    "cannot_read": gettext_lazy(
        "This gateway answers, but it does not let a single assistant be read (405). Checking and"
        " publishing need that. An admin can connect the server behind it under Connections."
    ),
    "cannot_list": gettext_lazy(
        "This gateway answers, but it does not list its assistants (405). So they cannot be brought"
        " in, and nobody can tell whether one is gone. An admin can check the address under"
        " Connections."
    ),
    "cannot_write": gettext_lazy(
        "This gateway has assistants, but it does not take this kind of change (405). An admin can"
        " connect the server behind it under Connections."
    ),
    "misconfigured": gettext_lazy(
        "The gateway could not make sense of this connection's settings. An admin can correct them"
        " under Connections."
    ),
    "credentials_unreadable": gettext_lazy(
        "The credentials of this connection cannot be read with the encryption keys of this"
        " installation, so nothing was sent. An admin can enter them again under Connections, or"
        " bring back the earlier ENCRYPTION_KEYS."
    ),
    "unencrypted": gettext_lazy(
        "The address begins with http://, so that others could read the key on the way. Nothing"
        " was sent. An admin can enter an https:// address under Connections. In a private network"
        " the person who runs the server names the host in GATEWAY_PRIVATE_HOSTS."
    ),
    "rate_limited": gettext_lazy(
        "The gateway is getting too many requests, so nothing was changed."
    ),
    "changed": gettext_lazy(
        "The assistant was changed by somebody else at the same moment, so nothing was sent."
    ),
    "unreachable": gettext_lazy(
        "The gateway could not be reached. If it stays so, an admin can check the address under"
        " Connections."
    ),
    "unknown_host": gettext_lazy("No server of that name was found. Is the address spelled right?"),
    "forbidden_host": gettext_lazy(
        "This address is a private one, so nothing was sent. The person who runs this dashboard can"
        " allow it by naming the host in GATEWAY_PRIVATE_HOSTS."
    ),
    "timed_out": gettext_lazy("The gateway did not answer in time."),
    "server_trouble": gettext_lazy("The gateway, or the service behind it, had a failure."),
    "connection_lost": gettext_lazy(
        "The connection broke before the gateway's answer was complete."
    ),
    "unexpected_answer": gettext_lazy(
        "Something answered, but not the way an assistants endpoint does. An admin can check the"
        " address under Connections."
    ),
    "endless_list": gettext_lazy(
        "The gateway's list of assistants does not end: it has more than 100,000. What was read so"
        " far is here. An admin can check the address under Connections."
    ),
    "not_stored": gettext_lazy(
        "It was read but could not be stored here. The log of the server says why."
    ),
}

WHY_CONNECTION_IS_KEPT: dict[str, Promise] = {
    "registry": gettext_lazy("The built-in registry belongs to the workspace and stays."),
    "environment": gettext_lazy(
        "The environment of the server names this connection, and the next start would add it"
        " again. Take the GATEWAY_ settings out of the environment first."
    ),
    "in_use": gettext_lazy(
        "Assistants belong to it, perhaps deleted ones whose history is kept. A connection can be"
        " removed only as long as it never had any."
    ),
    "default": gettext_lazy(
        "New assistants are created on it. Make another connection the default one first."
    ),
}
"""Why a connection cannot be removed."""


OUR_OWN = frozenset(
    {"credentials_unreadable", "connection_lost", "forbidden_host", "unknown_host", "unreachable"}
)
"""Kinds of failure in which nothing answered, so that the message is not the remote's."""


def failure(error: GatewayError) -> str:
    """Return what has gone wrong just now: as `gateway_error`, with when to try again."""
    when = ""
    if (seconds := wait_of(error)) is not None:
        when = _("Try again %(when)s.") % {"when": in_seconds(seconds)}
    elif error.kind == "rate_limited":
        when = _("It did not say when to try again.")
    return gateway_error(error.kind, error.message, when=when)


def wait_of(error: GatewayError) -> int | None:
    """Return after how many seconds a remote that failed wants to be asked again, if it said so."""
    asks = error.passing and error.retry_after is not None
    return max(ceil(error.retry_after or 0), 1) if asks else None


def gateway_error(kind: str, message: str = "", *, when: str = "") -> str:
    """Return a sentence for a kind of `GatewayError`, followed by the remote's own words.

    As it is kept: `when` to try again belongs to the moment of the failure.
    """
    sentence = str(GATEWAY_ERRORS.get(kind, _("The call to the gateway failed.")))
    sentence = f"{sentence} {when}" if when else sentence
    if not message or kind in OUR_OWN:
        return sentence
    return _("%(sentence)s It said: “%(message)s”") % {
        "sentence": sentence,
        "message": quoted(message),
    }

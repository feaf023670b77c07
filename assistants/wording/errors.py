"""What went wrong with a gateway and what to do about it, in a few sentences."""

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
    "sign_in_refused": gettext_lazy(
        "Microsoft Entra ID did not accept this application, so nothing was sent. An admin can"
        " correct the tenant, the client ID or the secret under Connections."
    ),
    "sign_in_unanswered": gettext_lazy(
        "Microsoft Entra ID did not answer, or gave no token, so nothing was sent to the gateway."
    ),
    "assistant_missing": gettext_lazy(
        "The gateway no longer has this assistant. Its history is kept here, and it can be"
        " recreated."
    ),
    "document_missing": gettext_lazy(
        "The gateway does not have this vector store, or this document is not in it."
    ),
    "endpoint_gone": gettext_lazy(
        "This address does not offer assistants, or no longer does. An admin can check the address"
        " under Connections."
    ),
    "cannot_read": gettext_lazy(
        "This gateway answers, but it does not return single assistants (405). Checks and"
        " publishing need them. An admin can connect the server behind it under Connections."
    ),
    "cannot_list": gettext_lazy(
        "This gateway answers, but it does not list its assistants (405). Without a list, nobody"
        " can bring them in or see which are missing. An admin can check the address under"
        " Connections."
    ),
    "cannot_write": gettext_lazy(
        "This gateway has assistants, but it does not accept this kind of change (405). An"
        " admin can connect the server behind it under Connections."
    ),
    "misconfigured": gettext_lazy(
        "The gateway does not understand the settings of this connection. An admin can"
        " correct them under Connections."
    ),
    "credentials_unreadable": gettext_lazy(
        "The encryption keys of this installation cannot read the credentials of this"
        " connection, so nothing was sent. An admin can enter them again under Connections,"
        " or restore the earlier ENCRYPTION_KEYS."
    ),
    "unencrypted": gettext_lazy(
        "Nothing was sent, because the address begins with http:// and others could read the"
        " key. An admin can enter an https:// address under Connections. For a private"
        " network, the person who runs the server can name the host in GATEWAY_PRIVATE_HOSTS."
    ),
    "rate_limited": gettext_lazy("The gateway received too many requests, so nothing was changed."),
    "changed": gettext_lazy(
        "Someone else changed the assistant at the same moment, so your change did not take effect."
    ),
    "unreachable": gettext_lazy(
        "The gateway could not be reached. If this continues, an admin can check the address"
        " under Connections."
    ),
    "unknown_host": gettext_lazy(
        "No server with this name was found. Check the spelling of the address."
    ),
    "forbidden_host": gettext_lazy(
        "This address is private, so nothing was sent. The person who runs the server can"
        " allow it by naming the host in GATEWAY_PRIVATE_HOSTS."
    ),
    "timed_out": gettext_lazy("The gateway did not answer in time."),
    "server_trouble": gettext_lazy("The gateway, or the service behind it, failed."),
    "connection_lost": gettext_lazy(
        "The connection broke before the gateway's answer was complete."
    ),
    "unexpected_answer": gettext_lazy(
        "The server at this address answered, but not like an assistants endpoint. An admin"
        " can check the address under Connections."
    ),
    "endless_list": gettext_lazy(
        "The gateway lists more than 100,000 assistants, so reading stopped. What was read so"
        " far is here. An admin can check the address under Connections."
    ),
    "not_stored": gettext_lazy(
        "The assistant was read but could not be stored here. The server's log says why."
    ),
}

WHY_CONNECTION_IS_KEPT: dict[str, Promise] = {
    "registry": gettext_lazy("Every workspace keeps its built-in registry."),
    "environment": gettext_lazy(
        "The environment of the server defines this connection, so the next start would add"
        " it again. Remove the GATEWAY_ settings from the environment first."
    ),
    "in_use": gettext_lazy(
        "This connection has assistants, or the history of deleted ones. You can remove a"
        " connection only if it never had any."
    ),
    "documents": gettext_lazy(
        "Documents in the vector stores of this connection were changed here. That history is kept,"
        " and so is the connection."
    ),
    "default": gettext_lazy(
        "New assistants are created on this connection. Make another connection the default first."
    ),
}
"""Why a connection cannot be removed."""


OUR_OWN = frozenset(
    {
        "connection_lost",
        "credentials_unreadable",
        "forbidden_host",
        "sign_in_unanswered",
        "unknown_host",
        "unreachable",
    }
)
"""Kinds of failure in which no remote answered, so that the message is ours."""


def failure(error: GatewayError) -> str:
    """Return what just went wrong, as `gateway_error` says it, and when to try again."""
    when = ""
    if (seconds := wait_of(error)) is not None:
        when = _("Try again %(when)s.") % {"when": in_seconds(seconds)}
    elif error.kind == "rate_limited":
        when = _("The gateway did not say when to try again.")
    return gateway_error(error.kind, error.message, when=when)


def wait_of(error: GatewayError) -> int | None:
    """Return the seconds after which a failed remote wants the next call; None if it gave none."""
    asks = error.passing and error.retry_after is not None
    return max(ceil(error.retry_after or 0), 1) if asks else None


def gateway_error(kind: str, message: str = "", *, when: str = "") -> str:
    """Return the sentence for a kind of `GatewayError`, then `when`, then the remote's own words.

    `when` says when to try again. It is left out for a failure that was stored earlier.
    """
    sentence = str(GATEWAY_ERRORS.get(kind, _("The call to the gateway failed.")))
    sentence = f"{sentence} {when}" if when else sentence
    if not message or kind in OUR_OWN:
        return sentence
    return _("%(sentence)s It said: “%(message)s”") % {
        "sentence": sentence,
        "message": quoted(message),
    }

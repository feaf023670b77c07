"""An event of the audit log in words: what happened, and the values before and after."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.permissions import Role
from admin_ui.audit.log.selection import Selection
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.display.times import exact

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

BEFORE = "_before"
"""Ends the name of a detail that holds the earlier value of another."""
FACTS: dict[str, "StrPromise"] = {
    "access_ended": gettext_lazy("earlier ways to sign in ended"),
    "address_proven": gettext_lazy("address proven by mail"),
    "archived": gettext_lazy("archived"),
    "all_others": gettext_lazy("all others"),
    "by_mail": gettext_lazy("sent by mail"),
    "can_write": gettext_lazy("may read and write"),
    "by_group": gettext_lazy("by a group of a directory"),
    "created": gettext_lazy("created"),
    "deactivated": gettext_lazy("deactivated"),
    "default": gettext_lazy("default connection"),
    "disabled": gettext_lazy("disabled"),
    "discarded": gettext_lazy("discarded"),
    "enabled": gettext_lazy("enabled"),
    "ended": gettext_lazy("ended"),
    "from_environment": gettext_lazy("set in the server's environment"),
    "new_secret": gettext_lazy("new secret"),
    "looser": gettext_lazy("asks for less"),
    "new_token": gettext_lazy("new token"),
    "notes_optional": gettext_lazy("notes are optional"),
    "own_change": gettext_lazy("their own change"),
    "reactivated": gettext_lazy("reactivated"),
    "redelivered": gettext_lazy("sent again"),
    "reopened": gettext_lazy("reopened"),
    "removed": gettext_lazy("removed"),
    "replaces_earlier": gettext_lazy("replaces an earlier invitation"),
    "requires_note": gettext_lazy("each change needs a note"),
    "tested": gettext_lazy("tested"),
    "unconfirmed": gettext_lazy("unconfirmed"),
    "withdrawn": gettext_lazy("withdrawn"),
    "without_approval": gettext_lazy("needs no approval"),
}
"""What a detail says that is only true or false. False is not said."""
LABELS_OF_DETAILS: dict[str, "StrPromise"] = {
    "after": gettext_lazy("after"),
    "before": gettext_lazy("before"),
    "allowed": gettext_lazy("values"),
    "by": gettext_lazy("by"),
    "assistant": gettext_lazy("assistant number"),
    "assistants": gettext_lazy("assistants"),
    "browser": gettext_lazy("browser"),
    "changed": gettext_lazy("changed"),
    "connection": gettext_lazy("connection"),
    "connections": gettext_lazy("connections"),
    "count": gettext_lazy("times"),
    "digest": gettext_lazy("digest"),
    "directory": gettext_lazy("directory"),
    "domain": gettext_lazy("domain"),
    "domains": gettext_lazy("domains"),
    "email": gettext_lazy("address"),
    "group": gettext_lazy("group"),
    "expires_at": gettext_lazy("expires"),
    "fields": gettext_lazy("fields"),
    "filters": gettext_lazy("filters"),
    "file": gettext_lazy("file"),
    "format": gettext_lazy("format"),
    "factor": gettext_lazy("second factor"),
    "factors": gettext_lazy("second factors"),
    "forms": gettext_lazy("kept forms"),
    "from": gettext_lazy("from"),
    "help": gettext_lazy("help"),
    "host": gettext_lazy("host"),
    "id": gettext_lazy("ID"),
    "kind": gettext_lazy("kind"),
    "left": gettext_lazy("codes left"),
    "name": gettext_lazy("name"),
    "people": gettext_lazy("people"),
    "workspace": gettext_lazy("workspace"),
    "networks": gettext_lazy("networks"),
    "note_hint": gettext_lazy("hint for notes"),
    "number": gettext_lazy("up to number"),
    "prefix": gettext_lazy("begins with"),
    "provider": gettext_lazy("identity provider"),
    "reason": gettext_lazy("reason"),
    "replaced_by": gettext_lazy("new key"),
    "role": gettext_lazy("role"),
    "root": gettext_lazy("signed root"),
    "rows": gettext_lazy("entries"),
    "service_account": gettext_lazy("service account"),
    "sha256": gettext_lazy("SHA-256"),
    "unreadable": gettext_lazy("could not be read"),
    "until": gettext_lazy("until"),
    "vouched_by": gettext_lazy("vouched for by"),
    "webhooks": gettext_lazy("webhooks"),
    "works_until": gettext_lazy("old key works until"),
    "zone": gettext_lazy("time zone"),
}
MOMENTS = ("expires_at", "works_until")
"""Details that hold a moment, which readers see in their time zone."""
WAYS: dict[str, "StrPromise"] = {
    "password": gettext_lazy("password"),
    "socialaccount": gettext_lazy("single sign-on"),
    "totp": gettext_lazy("authenticator app"),
    "webauthn": gettext_lazy("passkey"),
    "recovery_codes": gettext_lazy("recovery code"),
}
"""How people prove who they are, as the details `by` and `factor` name it."""


TITLES: dict[tuple[str, str], "StrPromise"] = {
    (EventKind.DIRECTORY, "ended"): gettext_lazy("Directory ended"),
    (EventKind.DIRECTORY, "new_token"): gettext_lazy("Token of a directory replaced"),
    (EventKind.DOMAIN, "withdrawn"): gettext_lazy("Allowed domain withdrawn"),
    (EventKind.DOMAIN, ""): gettext_lazy("Domain allowed to join"),
    (EventKind.DRAFT_MOVED, "discarded"): gettext_lazy("Someone else's draft discarded"),
    (EventKind.DRAFT_MOVED, ""): gettext_lazy("Someone else's draft handed over"),
    (EventKind.FREEZE, "removed"): gettext_lazy("Freeze window ended"),
    (EventKind.FREEZE, ""): gettext_lazy("Freeze window added"),
    (EventKind.METADATA_KEY, "removed"): gettext_lazy("Metadata key removed"),
    (EventKind.METADATA_KEY, ""): gettext_lazy("Metadata key described"),
    (EventKind.OWNER, "owner"): gettext_lazy("Owner added"),
    (EventKind.OWNER, ""): gettext_lazy("Owner removed"),
    (EventKind.SERVICE_ACCOUNT, "created"): gettext_lazy("Service account created"),
    (EventKind.SERVICE_ACCOUNT, "deactivated"): gettext_lazy("Service account deactivated"),
    (EventKind.SERVICE_ACCOUNT, "reactivated"): gettext_lazy("Service account reactivated"),
    (EventKind.SERVICE_ACCOUNT, "removed"): gettext_lazy("Service account deleted"),
    (EventKind.SERVICE_ACCOUNT, ""): gettext_lazy("Service account changed"),
    (EventKind.WEBHOOK, "created"): gettext_lazy("Webhook added"),
    (EventKind.WEBHOOK, "disabled"): gettext_lazy("Webhook disabled"),
    (EventKind.WEBHOOK, "enabled"): gettext_lazy("Webhook enabled"),
    (EventKind.WEBHOOK, "new_secret"): gettext_lazy("Secret of a webhook replaced"),
    (EventKind.WEBHOOK, "redelivered"): gettext_lazy("Message to a webhook sent again"),
    (EventKind.WEBHOOK, "removed"): gettext_lazy("Webhook deleted"),
    (EventKind.WEBHOOK, "tested"): gettext_lazy("Test sent to a webhook"),
    (EventKind.WEBHOOK, ""): gettext_lazy("Webhook changed"),
    (EventKind.WORKSPACE_CHANGED, "archived"): gettext_lazy("Workspace archived"),
    (EventKind.WORKSPACE_CHANGED, "created"): gettext_lazy("Workspace created"),
    (EventKind.WORKSPACE_CHANGED, "reopened"): gettext_lazy("Workspace reopened"),
    (EventKind.WORKSPACE_CHANGED, ""): gettext_lazy("Workspace changed"),
}
"""What happened, for kinds of several things: with the detail that says so, or none."""


def event_title(event: AuditEvent) -> str:
    """Return what happened in an event, as exactly as its details say."""
    said = _said_by_title(event)
    return str(TITLES.get((event.kind, said)) or kind_label(event.kind))


def _said_by_title(event: AuditEvent) -> str:
    names = (name for kind, name in TITLES if kind == event.kind and name)
    return next((name for name in names if event.details.get(name) is True), "")


def kind_label(kind: str) -> str:
    """Return the name of a kind of event; as it is stored if only another release knows it."""
    return str(EventKind(kind).label) if kind in EventKind.values else kind


def details_told(event: AuditEvent) -> list[str]:
    """Return what the details of an event say that its title does not, in short pieces."""
    details = dict(event.details)
    details.pop(_said_by_title(event), None)
    if event.kind == EventKind.OWNER:
        details.pop("owner", None)
    return list(_told(details))


class LogFilter(NamedTuple):
    """A filter that is on: what it is, what is chosen, and the address without it."""

    label: str
    chosen: str
    without: str


def chosen_filters(selection: Selection) -> list[LogFilter]:
    """Return the filters of a selection that are on; its text is shown in the search box."""
    labels = {"kind": _("Event"), "since": _("First day"), "until": _("Last day")}
    params = selection.params()
    return [
        LogFilter(
            label,
            kind_label(params[name])
            if name == "kind"
            else date_format(getattr(selection, name), "j M Y"),
            "?" + urlencode({key: text for key, text in params.items() if key != name}),
        )
        for name, label in labels.items()
        if name in params
    ]


def _told(details: dict[str, Any]) -> Iterator[str]:
    if "from" in details and "to" in details:
        yield f"{_shown(details.pop('from'))} → {_shown(details.pop('to'))}"
    if details.pop("owner", False):
        yield _("an owner")
    for name, value in details.items():
        earlier = details.get(f"{name}{BEFORE}")
        if name.endswith(BEFORE) and name.removesuffix(BEFORE) in details:
            continue
        if isinstance(value, bool):
            if value:
                yield str(FACTS.get(name, _spelt(name)))
        elif earlier is not None:
            if earlier != value:
                yield f"{_label(name)}: {_shown(earlier)} → {_shown(value)}"
        elif value not in (None, ""):
            way = WAYS.get(str(value)) if name in ("by", "factor") else None
            when = _moment(value) if name in MOMENTS else ""
            yield f"{_label(name)}: {way or when or _shown(value)}"


def _moment(value: object) -> str:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return ""
    return exact(moment) if moment.tzinfo else ""


def _label(name: str) -> str:
    return str(LABELS_OF_DETAILS.get(name, _spelt(name)))


def _spelt(name: str) -> str:
    return name.replace("_", " ")


def _shown(value: object) -> str:
    text = str(value)
    if text in Role.values:
        return str(Role(text).label)
    return text or _("empty")


def summary_of(event: AuditEvent) -> str:
    """Return the details of an event on one line."""
    told = ", ".join(details_told(event))
    return told if "@" in told.partition(" ")[0] else capfirst(told)  # no capital in an address

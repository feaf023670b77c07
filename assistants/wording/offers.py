"""What is said about the models, files and vector stores of a connection."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.display.times import exact
from assistants.wording.labels import field_label
from assistants.wording.marks import quoted


def day_of(day: date) -> str:
    """Return a day as text: "11 Dec 2026"."""
    return date_format(day, "j M Y")


def unlisted_model(model: str, read_at: datetime) -> str:
    """Return that the list of a connection, read then, does not have a model."""
    return _(
        "This connection does not list “%(model)s” (list read %(when)s). Check the spelling, or"
        " keep it if you know that it works."
    ) % {"model": quoted(model), "when": exact(read_at)}


def retiring_model(model: str, ends_on: date, successor: str, today: date) -> str:
    """Return that a model retires on a day, or has, and what to do."""
    values = {"model": quoted(model), "day": day_of(ends_on), "successor": quoted(successor)}
    if ends_on <= today:
        gone = _("“%(model)s” retired on %(day)s, so requests may fail.") % values
        now = _("Change to “%(successor)s” now.") if successor else _("Choose another model now.")
        return f"{gone} {now % values}"
    soon = _("“%(model)s” retires on %(day)s.") % values
    if successor:
        return f"{soon} {_('Change to “%(successor)s” before that day.') % values}"
    return f"{soon} {_('Choose another model before that day.')}"


def refused_settings(model: str, fields: Sequence[str]) -> str:
    """Return that a model does not take what these fields set."""
    return _(
        "“%(model)s” does not take: %(fields)s. Clear what it does not take, or choose another"
        " model."
    ) % {"model": quoted(model), "fields": ", ".join(map(field_label, fields))}


OFFER_STATUSES: Mapping[str, Promise] = {
    "processed": gettext_lazy("Ready"),
    "completed": gettext_lazy("Ready"),
    "uploaded": gettext_lazy("Uploaded"),
    "pending": gettext_lazy("Being processed"),
    "running": gettext_lazy("Being processed"),
    "in_progress": gettext_lazy("Being processed"),
    "error": gettext_lazy("Failed"),
    "failed": gettext_lazy("Failed"),
    "cancelled": gettext_lazy("Canceled"),
    "expired": gettext_lazy("Expired"),
}
"""The usual statuses of files and vector stores; others are shown as they are."""
UNUSABLE = frozenset({"error", "failed", "cancelled", "expired"})

_MISSING = {
    "files": gettext_lazy("Not among the files of this connection"),
    "vector_stores": gettext_lazy("Not among the vector stores of this connection"),
}
_UNREAD = {
    "files": gettext_lazy("The list of files could not be read (last try %(when)s)."),
    "vector_stores": gettext_lazy(
        "The list of vector stores could not be read (last try %(when)s)."
    ),
}


def facts_of(
    *, size: int | None, count: int | None, created_at: datetime | None, status: str
) -> str:
    """Return what is known of a file or store: "1.2 MB · 3 Nov 2026 · Ready"."""
    facts = []
    if count is not None:
        facts.append(ngettext("%(count)d file", "%(count)d files", count) % {"count": count})
    if size is not None:
        facts.append(filesizeformat(size))
    if created_at is not None:
        facts.append(day_of(created_at.astimezone(UTC).date()))
    if status:
        facts.append(str(OFFER_STATUSES.get(status, quoted(status))))
    return " · ".join(facts)


def missing_offer(kind: str) -> str:
    """Return the flag of an ID that a list read whole does not have."""
    return str(_MISSING[kind])


def unusable_offer(status: str, ends_on: date | None, today: date) -> str:
    """Return the flag of a file or store that cannot be used, or not for long; usually ""."""
    if status in UNUSABLE or (ends_on is not None and ends_on <= today):
        return _("It cannot be used any more. Choose another one.")
    if ends_on is not None:
        return _("It expires on %(day)s.") % {"day": day_of(ends_on)}
    return ""


def about_offer(label: str, name: str, flag: str) -> str:
    """Return what is wrong with a file or store that a definition names: its list, it, the flag."""
    return f"{_(label)}: “{quoted(name)}”. {flag}"


def lost_function(name: str) -> str:
    """Return that the instructions name a function which the definition does not have."""
    return _(
        "The instructions mention the function “%(name)s”, which is not among the tools. Add it, or"
        " change the text."
    ) % {"name": quoted(name)}


def unread_list(kind: str, asked_at: datetime) -> str:
    """Return that a list could not be read."""
    return str(_UNREAD[kind]) % {"when": exact(asked_at)}


def search_without_store() -> str:
    return _(
        "File search is on, but no vector store is chosen. It then finds only what an application"
        " adds to a conversation."
    )


def store_without_search() -> str:
    return _(
        "A vector store is chosen, but file search is off, so nothing searches it. Turn on “File"
        " search” under Tools."
    )


def code_without_files() -> str:
    return _(
        "The code interpreter is on without files. It can calculate, and read what an application"
        " adds to a conversation."
    )


def files_without_code() -> str:
    return _(
        "Files are chosen, but the code interpreter is off, so nothing reads them. Turn on “Code"
        " interpreter” under Tools."
    )

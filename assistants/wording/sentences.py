"""Changes as sentences: what changed, and who did what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.display.isolation import isolated
from assistants.diff.summary import MOST_TOOLS_NAMED
from assistants.models import Kind, Outcome, Revision
from assistants.wording.labels import (
    field_label,
    more_fields,
    resource_label,
    tool_title,
    value_text,
)
from assistants.wording.marks import as_html, blank_lines, both, came_and_went, noted

HEADLINES: dict[str, Promise] = {
    Kind.CREATE: gettext_lazy("{who} created {what}"),
    Kind.EDIT: gettext_lazy("{who} published {what}"),
    Kind.RESTORE: gettext_lazy("{who} restored an older version of {what}"),
    Kind.RECREATE: gettext_lazy("{who} recreated {what}"),
    Kind.DELETE: gettext_lazy("{who} deleted {what}"),
    Kind.BRING_IN: gettext_lazy("{who} brought in {what}"),
    Kind.OUTSIDE: gettext_lazy("{what} was changed outside this dashboard"),
    Kind.MISSING: gettext_lazy("{what} was deleted outside this dashboard"),
    Kind.KEY: gettext_lazy("{who} changed {what}"),
    Kind.DOCUMENTS: gettext_lazy("{who} changed the documents of {what}"),
}
DEFAULTS_FILLED_IN = gettext_lazy("The gateway filled in defaults for {what}")
FOUND_AGAIN = gettext_lazy("{what} is back on the gateway")
"""An outside change of nothing: it had been gone."""
ATTEMPTS: dict[str, Promise] = {
    Kind.CREATE: gettext_lazy("{who} tried to create {what}"),
    Kind.RECREATE: gettext_lazy("{who} tried to recreate {what}"),
    Kind.DELETE: gettext_lazy("{who} tried to delete {what}"),
    Kind.RESTORE: gettext_lazy("{who} tried to restore an older version of {what}"),
}
ATTEMPT = gettext_lazy("{who} tried to publish {what}")
SENDING = gettext_lazy("{who} is sending a change to {what}")


def headline(
    revision: Revision, outcome: Outcome | None, *, who: str, what: str | SafeString
) -> SafeString:
    """Return who did what to which assistant, as HTML; `what` may be a link."""
    if outcome is None:
        pattern: Promise = SENDING
    elif outcome.status == Outcome.Status.APPLIED:
        pattern = HEADLINES[revision.kind]
        if revision.kind == Kind.OUTSIDE and outcome.filled_in:
            pattern = DEFAULTS_FILLED_IN
        elif revision.kind == Kind.OUTSIDE and not revision.brief_changes:
            pattern = FOUND_AGAIN
    else:
        pattern = ATTEMPTS.get(revision.kind, ATTEMPT)
    return format_html(str(pattern), who=_person(who), what=what)


def brought_in(count: int, *, who: str, where: str, url: str) -> SafeString:
    """Return who brought in so many assistants from which connection; they are listed at `url`."""
    what = ngettext("%(count)s assistant", "%(count)s assistants", count)
    return format_html(
        _("{who} brought in {what} from {where}"),
        who=_person(who),
        what=format_html('<a href="{}">{}</a>', url, what % {"count": f"{count:,}"}),
        where=format_html("<bdi>{}</bdi>", isolated(where)),
    )


def documents_changed(count: int, *, who: str, where: str, url: str) -> SafeString:
    """Return who changed the documents of so many assistants; they are listed at `url`."""
    what = ngettext("%(count)s assistant", "%(count)s assistants", count)
    return format_html(
        _("{who} changed the documents of {what} on {where}"),
        who=_person(who),
        what=format_html('<a href="{}">{}</a>', url, what % {"count": f"{count:,}"}),
        where=format_html("<bdi>{}</bdi>", isolated(where)),
    )


def _person(name: str) -> SafeString:
    return format_html('<b dir="auto">{}</b>', isolated(name))


def size_of(changes: Sequence[Mapping[str, Any]]) -> str:
    """Return in how many fields two definitions differ, of what `diff.summarise` found."""
    counts = [change.get("count") if change["kind"] == "more" else 1 for change in changes]
    if None in counts:
        return capfirst(more_fields(None))
    number = sum(filter(None, counts))
    return ngettext("%(count)s field", "%(count)s fields", number) % {"count": f"{number:,}"}


MOST_FIELDS = 12
"""Fields told of in one line: one more than a definition has."""


def summary(changes: Sequence[Mapping[str, Any]]) -> SafeString:
    """Return `changes_sentence` as HTML, with characters that nobody sees as marks."""
    return as_html(changes_sentence(changes))


def changes_sentence(changes: Sequence[Mapping[str, Any]]) -> str:
    """Return what `diff.summarise` found as one line: "Model a → b; removed tool get_weather"."""
    named = [change for change in changes if change["kind"] != "more"]
    found = [part for change in named[:MOST_FIELDS] for part in _parts(change)]
    if len(named) < len(changes) or len(named) > MOST_FIELDS:
        beyond = changes[-1].get("count") if len(named) < len(changes) else 0
        left = None if beyond is None else len(named[MOST_FIELDS:]) + beyond
        found.append(_("and %(more)s") % {"more": more_fields(left)})
    return capfirst("; ".join(found))


def _parts(change: Mapping[str, Any]) -> list[str]:
    field = change["field"]
    if change["kind"] == "document":
        return [_document(change)]
    if field == "tools":
        return [*_items(change, TOOL_VERBS, tool_title), *_unseen(change)]
    if field in ITEM_VERBS:
        return [*_items(change, ITEM_VERBS[field], resource_label), *_unseen(change)]
    if "old" not in change and "added" in change:
        return [_words(change)]
    return [_values(change), *_unseen(change)]


DOCUMENT_ADDED = gettext_lazy("added %(document)s to the vector store %(store)s")
DOCUMENT_REMOVED = gettext_lazy("removed %(document)s from the vector store %(store)s")


def _document(change: Mapping[str, Any]) -> str:
    pattern = DOCUMENT_ADDED if change.get("added") else DOCUMENT_REMOVED
    names = change.get("added") or change["removed"]
    return str(pattern) % {"document": _listed(names), "store": noted(change["store"])}


def _unseen(change: Mapping[str, Any]) -> list[str]:
    found = came_and_went(change)
    return [_about(change, ", ".join(found))] if found else []


def _about(change: Mapping[str, Any], told: str) -> str:
    return _("%(field)s: %(told)s") % {"field": _label(change), "told": told}


def _label(change: Mapping[str, Any]) -> str:
    return noted(field_label(change["field"]))


def _values(change: Mapping[str, Any]) -> str:
    field = change["field"]
    old, new = both(*(value_text(field, change.get(side)) for side in ("old", "new")))
    pattern = _("%(field)s changed")
    if change["kind"] == "removed":
        pattern = _("%(field)s cleared")
    elif old and new:
        pattern = _("%(field)s %(old)s → %(new)s")
    elif new:
        pattern = _("%(field)s set to %(new)s")
    elif change["kind"] == "added":
        pattern = _("%(field)s set")
    return pattern % {"field": _label(change), "old": old, "new": new}


def _words(change: Mapping[str, Any]) -> str:
    added, removed = change["added"], change["removed"]
    unseen = came_and_went(change)
    if not added and not removed:
        told = [*_lines(change), *unseen]
        return _about(change, ", ".join(told) or _("spaces or punctuation"))
    counts = ([f"+{added:,}"] if added else []) + ([f"−{removed:,}"] if removed else [])
    text = ngettext("%(field)s %(counts)s word", "%(field)s %(counts)s words", added + removed)
    words = text % {"field": _label(change), "counts": " ".join(counts)}
    return ", ".join([words, *unseen])


def _lines(change: Mapping[str, Any]) -> list[str]:
    more = change.get("blank_lines", 0)
    return [blank_lines("+" if more > 0 else "-", abs(more))] if more else []


RENAMED_TOOL = gettext_lazy("renamed tool %(old)s to %(new)s")
TOOL_VERBS: dict[str, Promise] = {
    "added": gettext_lazy("added tool %(names)s"),
    "removed": gettext_lazy("removed tool %(names)s"),
    "changed": gettext_lazy("changed tool %(names)s"),
    "moved": gettext_lazy("reordered the tools"),
}
ITEM_VERBS: dict[str, dict[str, Promise]] = {
    "metadata": {
        "added": gettext_lazy("added metadata %(names)s"),
        "removed": gettext_lazy("removed metadata %(names)s"),
        "changed": gettext_lazy("changed metadata %(names)s"),
    },
    "tool_resources": {
        "added": gettext_lazy("added knowledge: %(names)s"),
        "removed": gettext_lazy("removed knowledge: %(names)s"),
        "changed": gettext_lazy("changed knowledge: %(names)s"),
    },
}


def _items(change: Mapping[str, Any], verbs: Mapping[str, Promise], title: Any) -> list[str]:
    parts = [
        str(verb) % {"names": _listed([title(name) for name in change.get(action) or ()])}
        for action, verb in verbs.items()
        if action != "moved" and change.get(action)
    ]
    for old, new in change.get("renamed", ())[:3]:
        parts.append(str(RENAMED_TOOL) % {"old": noted(title(old)), "new": noted(title(new))})
    if more := len(change.get("renamed", ())[3:]):
        text = ngettext("renamed %(count)d more tool", "renamed %(count)d more tools", more)
        parts.append(text % {"count": more})
    if change.get("moved") and "moved" in verbs:
        parts.append(str(verbs["moved"]))
    return parts or [_("%(field)s changed") % {"field": _label(change)}]


def _listed(names: list[str], most: int = 3) -> str:
    told = ", ".join([noted(name) for name in names[:most]])
    if len(names) <= most:
        return told
    if len(names) >= MOST_TOOLS_NAMED:
        return _("%(names)s and many more") % {"names": told}
    return _("%(names)s and %(left)d more") % {"names": told, "left": len(names) - most}


def assistant_link(name: str, address: str) -> SafeString:
    """Return the name of an assistant, isolated already, as a link to its page."""
    return format_html('<a dir="auto" href="{}">{}</a>', address, name)

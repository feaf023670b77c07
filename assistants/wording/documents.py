"""What is said about files, vector stores and changes of their documents."""

from datetime import UTC, datetime

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.display.isolation import isolated
from admin_ui.display.times import exact
from assistants.definition import LIMITS
from assistants.gateway import GatewayError, StoreDocument, Unsure
from assistants.models import Status, StoreChange, StoreOutcome
from assistants.wording.chips import Chip
from assistants.wording.errors import failure, gateway_error
from assistants.wording.marks import quoted
from assistants.wording.offers import OFFER_STATUSES, day_of

OTHER_SENTENCES: dict[str, Promise] = {
    "refused": gettext_lazy("The gateway refused this."),
    "endpoint_gone": gettext_lazy("This connection offers no such files or vector stores."),
    "cannot_read": gettext_lazy("This connection does not return single documents (405)."),
    "cannot_list": gettext_lazy("This connection does not list its documents (405)."),
    "cannot_write": gettext_lazy("This connection does not accept this change (405)."),
    "unexpected_answer": gettext_lazy("The gateway gave an answer that makes no sense here."),
}
"""Kinds of failure whose usual sentence is about assistants."""
PATTERNS: dict[str, Promise] = {
    StoreChange.Kind.ADD: gettext_lazy("{who} added {document}"),
    StoreChange.Kind.REMOVE: gettext_lazy("{who} removed {document}"),
}


def document_failure(error: GatewayError) -> str:
    """Return what went wrong with a call about files and stores, and when to try again."""
    if error.kind not in OTHER_SENTENCES:
        return failure(error)
    return _told(error.kind, error.message)


def _told(kind: str, message: str) -> str:
    sentence = str(OTHER_SENTENCES[kind])
    if not message:
        return sentence
    return _("%(sentence)s It said: “%(message)s”") % {
        "sentence": sentence,
        "message": quoted(message),
    }


def upload_failure(error: GatewayError) -> str:
    """Return why an upload failed, and whether the file may be there."""
    reason = document_failure(error)
    if isinstance(error, Unsure):
        return _(
            "%(reason)s The file may or may not be there. Look at the list before you try again."
        ) % {"reason": reason}
    return _("%(reason)s Nothing was uploaded.") % {"reason": reason}


def store_failure(error: GatewayError) -> str:
    """Return why a vector store was not made, and whether it may be there."""
    reason = document_failure(error)
    if isinstance(error, Unsure):
        return _(
            "%(reason)s The vector store may or may not be there. Look at the list before you try"
            " again."
        ) % {"reason": reason}
    return _("%(reason)s No vector store was created.") % {"reason": reason}


FILE_PROBLEMS: dict[str, Promise] = {
    "required": gettext_lazy("Choose a file that is not empty."),
    "wrong_type": gettext_lazy(
        "No tool reads this kind of file. Save it as one of the kinds below, then choose it again."
    ),
    "not_as_named": gettext_lazy(
        "The content of this file is of another kind than its name says. Open the file to see what"
        " it is, then save it as one of the kinds below."
    ),
}
STORE_PROBLEMS: dict[str, Promise] = {
    "required": gettext_lazy("Enter a name."),
    "too_long": gettext_lazy("A name can have at most 200 characters."),
}


def file_problem(code: str) -> str:
    """Return why a file cannot be uploaded, and what to do."""
    if code in FILE_PROBLEMS:
        return str(FILE_PROBLEMS[code])
    text = _("This file is larger than %(most)s MB. Choose a smaller one, or split it.")
    return text % {"most": settings.UPLOAD_MB}


def store_problem(code: str) -> str:
    """Return what is wrong with the name of a vector store."""
    return str(STORE_PROBLEMS[code])


def document_done(change: StoreChange) -> str:
    """Return that a change of documents took effect."""
    pattern = _("%(document)s is in the store now, and took effect at once.")
    if change.kind == StoreChange.Kind.REMOVE:
        pattern = _("%(document)s is removed from the store. This took effect at once.")
    return pattern % {"document": quoted(change.file_name or change.file_id)}


def used_by(count: int) -> str:
    """Return how many live assistants use a file or store; "" for none."""
    if not count:
        return ""
    text = ngettext("used by %(count)s live assistant", "used by %(count)s live assistants", count)
    return text % {"count": f"{count:,}"}


def document_facts(document: StoreDocument) -> str:
    """Return what is known of a document: "1.2 KB · 3 Nov 2026 · Ready"."""
    facts = [] if document.size is None else [filesizeformat(document.size)]
    if document.created_at is not None:
        facts.append(day_of(datetime.fromtimestamp(document.created_at, UTC).date()))
    if document.status:
        facts.append(str(OFFER_STATUSES.get(document.status, quoted(document.status))))
    return " · ".join(facts)


def change_sentence(change: StoreChange) -> SafeString:
    """Return who added or removed which document, as HTML."""
    return format_html(
        str(PATTERNS[change.kind]),
        who=format_html('<b dir="auto">{}</b>', isolated(change.author_name)),
        document=format_html("<bdi>{}</bdi>", quoted(change.file_name or change.file_id)),
    )


def change_chip(outcome: StoreOutcome | None) -> Chip:
    """Return how a change of documents ended; without an outcome it is on its way."""
    if outcome is None:
        return Chip("info", "send", _("Sending"))
    if outcome.status == Status.APPLIED:
        return Chip("done", "circle-check", _("Took effect"))
    if outcome.status == Status.UNCONFIRMED:
        return Chip("warning", "circle-question-mark", _("Unconfirmed"))
    refused = outcome.status == Status.REJECTED
    return Chip("danger", "circle-x", _("Refused") if refused else _("Not delivered"))


def change_reason(change: StoreChange, outcome: StoreOutcome | None) -> str:
    """Return why a change of documents has no effect, or none that is known yet."""
    if outcome is None or outcome.status == Status.APPLIED:
        return ""
    if outcome.status == Status.UNCONFIRMED:
        return still_open(change)
    if not outcome.error:
        minutes = round(settings.LATE_LANDING_SECONDS / 60)
        text = ngettext(
            "It did not arrive within %(count)d minute.",
            "It did not arrive within %(count)d minutes.",
            minutes,
        )
        return text % {"count": minutes}
    if outcome.error in OTHER_SENTENCES:
        return _told(outcome.error, outcome.message)
    return gateway_error(outcome.error, outcome.message)


def document_busy() -> str:
    """Return the sentence for a database that refused while a document was changed."""
    return _(
        "The database is busy or full. Wait a few seconds, then look at the recent changes of the"
        " store before you try again."
    )


def reason_needed() -> str:
    """Return what an admin's reason for a change without approval lacks."""
    text = _("Say why, in at most %(most)s characters.")
    return text % {"most": f"{LIMITS.note:,}"}


def still_open(change: StoreChange) -> str:
    """Return that a change may still take effect, and until when."""
    return _(
        "The gateway gave no clear answer. The change may still take effect until %(time)s. The"
        " dashboard keeps looking."
    ) % {"time": exact(change.may_arrive_until)}

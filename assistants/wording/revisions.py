"""A revision as its history names it: a title, and why it had no effect."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assistants.models import (
    Outcome,
    Revision,
)
from assistants.wording import (
    field_names,
    gateway_error,
)

NO_EFFECT = (Outcome.Status.REJECTED, Outcome.Status.NOT_DELIVERED)


REVISION_KIND_LABELS = dict(Revision.Kind.choices)


def revision_title(
    revision: Revision, outcome: Outcome | None, changed: SafeString
) -> str | SafeString:
    if revision.kind in (Revision.Kind.EDIT, Revision.Kind.DOCUMENTS) and changed:
        return changed
    if revision.kind == Revision.Kind.OUTSIDE and not changed:
        return _("Back on the gateway")
    if revision.kind == Revision.Kind.OUTSIDE and outcome and outcome.filled_in:
        return changed
    kind = str(REVISION_KIND_LABELS[revision.kind])
    if outcome and outcome.status in NO_EFFECT:
        kind = _("Not %(done)s") % {"done": kind[:1].lower() + kind[1:]}
    return format_html("{}: {}", kind, changed) if changed else kind


def reason_for_no_effect(outcome: Outcome | None) -> str:
    """Return why a revision did not take effect, or what the gateway stored differently."""
    if outcome is None:
        return ""
    if outcome.stored_otherwise:
        return _("The gateway stored something different in: %(fields)s.") % {
            "fields": field_names(outcome.stored_otherwise)
        }
    if outcome.status == Outcome.Status.APPLIED or not (outcome.error or outcome.message):
        return ""
    return gateway_error(outcome.error, outcome.message)

"""What is said once a change was published."""

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.display.isolation import isolated
from assistants.models import Draft, Outcome, Revision
from assistants.services.remote.closing import SendResult
from assistants.wording import defaults_told, field_names

DELETED = gettext_lazy("Deleted. Its history stays, and you can recreate it.")


def say_published(request: WorkspaceRequest, result: SendResult) -> None:
    """Add a message with the gateway's answer for the next page."""
    outcome = result.outcome
    if outcome is None:
        messages.info(request, _("Nothing to publish: the draft matches the live version."))
    elif result.status == Outcome.Status.UNCONFIRMED:
        text = _(
            "It is not certain whether the change arrived, because the gateway gave no clear"
            " answer. Each check looks for it."
        )
        messages.warning(request, text)
    elif result.revision is not None and result.revision.kind == Revision.Kind.DELETE:
        messages.success(request, DELETED)
    elif outcome.stored_otherwise:
        fields = field_names(outcome.stored_otherwise)
        text = _(
            "Published as v%(version)s, but the gateway stored something different: %(fields)s."
        )
        text %= {"version": outcome.version, "fields": fields}
        messages.warning(request, f"{text} {_draft_left(request, result)}".rstrip())
    else:
        text = _("Published as v%(version)s. It is in effect for everyone now.")
        if result.revision is not None and result.revision.kind == Revision.Kind.RECREATE:
            text = _(
                "Recreated as v%(version)s. It has a new ID. Update every application that uses"
                " the old one."
            )
        text %= {"version": outcome.version}
        messages.success(request, f"{text} {defaults_told(outcome.filled_in)}".rstrip())


def _draft_left(request: WorkspaceRequest, result: SendResult) -> str:
    """Return the sentence about a draft that remains after publishing; "" if there is none."""
    revision = result.revision
    owner = revision.drafter_id or revision.author_id if revision else None
    left = Draft.objects.filter(assistant=revision.assistant, user=owner) if revision else ()
    draft = next(iter(left), None)
    if draft is None:
        return ""
    if draft.user_id == request.user.pk:
        return _("Your text is kept as your draft.")
    return _("%(name)s's text is kept as their draft.") % {"name": isolated(str(draft.user))}

"""States as small labels: a tone, an icon and a word, so that colour never speaks alone."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.display import icons
from admin_ui.display.times import exact
from assistants.models import (
    REMOVAL_KINDS,
    Assistant,
    ChangeRequest,
    Clearance,
    Outcome,
    Revision,
    State,
    Status,
    Trouble,
)

CHANGEABLE = "changeable"
"""The choice that only people with narrowed rights are offered."""
STATUS_FILTERS = {
    CHANGEABLE: gettext_lazy("I can change"),
    "live": gettext_lazy("Live"),
    "draft": gettext_lazy("Never published"),
    "mine": gettext_lazy("With my draft"),
    "trouble": gettext_lazy("Needs attention"),
    "missing": gettext_lazy("Missing"),
    "deleted": gettext_lazy("Deleted"),
}
"""The choices of the status filter in the list of assistants."""

# Looked up here, because Django's get_…_display costs as much as the rest of a row.
STATES, TROUBLES = dict(State.choices), dict(Trouble.choices)
STATUSES = dict(Status.choices)


class Chip(NamedTuple):
    """Its `str` is its HTML, so a template shows it by its name alone."""

    tone: str
    """Class of the chip: good (only what is live), done, warning, danger, info, accent, or ""."""
    icon: str
    text: str
    url: str = ""
    """A page that says more."""

    def __str__(self) -> SafeString:
        return _html(self)


@lru_cache(maxsize=2048)
def _html(chip: Chip) -> SafeString:
    shown = mark_safe(icons.markup(chip.icon))
    if chip.url:
        link = '<a class="chip above {}" href="{}">{}{}</a>'
        return format_html(link, chip.tone, chip.url, shown, chip.text)
    return format_html('<span class="chip {}">{}{}</span>', chip.tone, shown, chip.text)


def join_html(chips: Iterable[object]) -> SafeString:
    """Return the HTML of several chips or tools in a row."""
    return mark_safe(" ".join(map(str, chips)))


Addressed = Callable[[int], str]
"""Gives the address of something with a number."""
_CHANGE, _DELETE = ChangeRequest.Kind.CHANGE, ChangeRequest.Kind.DELETE
_REQUEST = ChangeRequest.State
OPEN_REQUEST_CHIPS: dict[tuple[str, str], tuple[str, str, Promise]] = {
    (_CHANGE, _REQUEST.OPEN): ("info", "git-pull-request-arrow", gettext_lazy("In review")),
    (_CHANGE, _REQUEST.CHANGES_REQUESTED): (
        "warning",
        "circle-alert",
        gettext_lazy("Changes requested"),
    ),
    (_CHANGE, _REQUEST.APPROVED): ("accent", "check", gettext_lazy("Change approved")),
    (_CHANGE, _REQUEST.FAILED): ("danger", "circle-alert", gettext_lazy("Publishing failed")),
    (_DELETE, _REQUEST.OPEN): ("danger", "trash-2", gettext_lazy("Deletion in review")),
    (_DELETE, _REQUEST.CHANGES_REQUESTED): (
        "warning",
        "trash-2",
        gettext_lazy("Deletion: changes requested"),
    ),
    (_DELETE, _REQUEST.APPROVED): ("danger", "trash-2", gettext_lazy("Deletion approved")),
    (_DELETE, _REQUEST.FAILED): ("danger", "trash-2", gettext_lazy("Deletion failed")),
}
"""Tone, icon and text of an open change request, by its kind and state."""


def assistant_chips(
    assistant: Assistant, revision_at: Addressed, request_at: Addressed
) -> list[Chip]:
    """Return the state of an assistant and, where there is any, what about it needs an eye.

    These give the addresses of its revisions and of change requests.
    """
    if assistant.state == State.LIVE:
        version = _("Live v%(version)d") % {"version": assistant.live_version}
        chips = [Chip("good", "circle-check", version)]
        if assistant.unapproved:
            icon, words = CLEARANCE_CHIPS[Clearance.Kind.WITHOUT]
            chips.append(Chip("warning", icon, str(words), revision_at(assistant.unapproved)))
    elif assistant.state == State.MISSING:
        chips = [Chip("danger", "circle-question-mark", _("Missing"))]
    else:
        draft = assistant.state == State.DRAFT
        label = str(STATES[assistant.state])
        chips = [Chip("", "circle-dashed" if draft else "trash-2", label)]
    if assistant.slot_id is not None:
        chips.append(Chip("info", "send", _("Sending")))
    elif assistant.trouble:
        bad = assistant.trouble in (Trouble.NOT_DELIVERED, Trouble.REJECTED)
        label = str(TROUBLES[assistant.trouble])
        chips.append(Chip("danger" if bad else "warning", "triangle-alert", label))
    asked = assistant.open_request
    address = request_at(asked["number"]) if asked else ""
    is_approved = asked and (asked["kind"], asked["state"]) == (_CHANGE, _REQUEST.APPROVED)
    says_more = bool(assistant.scheduled_at and is_approved)
    if asked and not says_more:
        tone, icon, words = OPEN_REQUEST_CHIPS[asked["kind"], asked["state"]]
        chips.append(Chip(tone, icon, str(words), address))
    if assistant.scheduled_at:
        text = _("Scheduled for %(at)s") % {"at": exact(assistant.scheduled_at)}
        chips.append(Chip("info", "history", text, address if says_more else ""))
    if assistant.returns_at:
        text = _("Live until %(at)s") % {"at": exact(assistant.returns_at)}
        chips.append(Chip("info", "undo-2", text))
    return chips


def listed_chips(assistant: Assistant, revision_at: Addressed, request_at: Addressed) -> list[Chip]:
    """Return what a list shows of `assistant_chips`: nothing of what is live and well."""
    chips = assistant_chips(assistant, revision_at, request_at)
    return chips[1:] if assistant.state == State.LIVE else chips


def view_only() -> Chip:
    """Return what says that the limits of the person who looks leave them nothing to change."""
    return Chip("", "lock", _("View only"))


def your_draft() -> Chip:
    """Return what says that the person who looks has a draft."""
    return Chip("accent", "pencil", _("Your draft"))


def outcome_chip(revision: Revision, outcome: Outcome | None, *, accepted: bool = False) -> Chip:
    """Return how a revision ended; without an outcome it is on its way."""
    if outcome is None:
        return Chip("info", "send", _("Sending"))
    if outcome.status == Status.APPLIED:
        chip = _applied(revision, outcome)
        return chip._replace(tone="") if accepted else chip
    if outcome.status == Status.UNCONFIRMED:
        return Chip("warning", "circle-question-mark", str(STATUSES[outcome.status]))
    return Chip("danger", "circle-x", _without_effect(revision, outcome))


def _without_effect(revision: Revision, outcome: Outcome) -> str:
    waited = outcome.created_at >= revision.may_arrive_until and not outcome.error
    if outcome.status != Status.NOT_DELIVERED or not waited:
        return str(STATUSES[outcome.status])
    minutes = round(settings.LATE_LANDING_SECONDS / 60)
    text = ngettext(
        "Not delivered after %(count)d minute", "Not delivered after %(count)d minutes", minutes
    )
    return text % {"count": minutes}


APPLIED_CHIPS: dict[str, tuple[str, Promise]] = {
    **dict.fromkeys(REMOVAL_KINDS, ("trash-2", gettext_lazy("Deleted"))),
    Revision.Kind.DOCUMENTS: ("file-text", gettext_lazy("Documents changed")),
    Revision.Kind.BRING_IN: ("download", gettext_lazy("Brought in")),
}


def _applied(revision: Revision, outcome: Outcome) -> Chip:
    if outcome.stored_otherwise:
        return Chip("warning", "triangle-alert", _("Stored differently"))
    if revision.kind in APPLIED_CHIPS:
        icon, text = APPLIED_CHIPS[revision.kind]
        return Chip("", icon, str(text))
    if revision.kind == Revision.Kind.OUTSIDE and outcome.filled_in:
        return Chip("", "info", _("Defaults filled in"))
    if revision.kind == Revision.Kind.OUTSIDE:
        return Chip("warning", "external-link", _("Changed outside"))
    return Chip("done", "circle-check", str(STATUSES[outcome.status]))


CLEARANCE_CHIPS: dict[str, tuple[str, Promise]] = {
    Clearance.Kind.WITHOUT: ("triangle-alert", gettext_lazy("Live without approval")),
    Clearance.Kind.OVERRIDDEN: ("triangle-alert", gettext_lazy("Approval overridden")),
    Clearance.FREEZE_ONLY: ("triangle-alert", gettext_lazy("Freeze window overridden")),
}


def clearance_chip(look: str | None) -> Chip | str:
    """Return what about the approval of a change needs an eye; "" for nothing.

    `look` is that of its clearance.
    """
    if look not in CLEARANCE_CHIPS:
        return ""
    icon, text = CLEARANCE_CHIPS[look]
    return Chip("warning", icon, str(text))

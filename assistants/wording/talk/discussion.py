"""Comments, suggestions and what happened in a thread, as pages show them."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assistants.definition import LIMITS
from assistants.diff.following.anchors import LineRange
from assistants.diff.words import word_diff
from assistants.models.change_requests.thread import ThreadStep
from assistants.wording.labels import field_label
from assistants.wording.markdown import render_markdown
from assistants.wording.marks import marked
from assistants.wording.texts.blocks import show_pieces

COMPARING_SECONDS = 0.05
"""Processor time for comparing one suggestion with its lines."""

TALK_REFUSALS: dict[str, Promise] = {
    "empty": gettext_lazy("The comment is empty. Write something first."),
    "long": gettext_lazy("The comment is too long: it may have %(note)s characters. Shorten it."),
    "long_suggestion": gettext_lazy(
        "The suggestion is too long: it may have %(suggestion)s characters. Choose fewer lines."
    ),
    "no_lines": gettext_lazy("This round does not have these lines. Choose others."),
    "same": gettext_lazy("The suggestion changes nothing. Change its text, or write a comment."),
    "many": gettext_lazy(
        "The discussion of this change request is full. Nothing can be added to it."
    ),
    "closed": gettext_lazy("The change request is closed, so it takes no suggestions any more."),
    "deletion": gettext_lazy(
        "It asks for a deletion, so there is nothing to suggest. Comment on it."
    ),
    "ended": gettext_lazy("Somebody has already accepted, declined or withdrawn this."),
    "gone": gettext_lazy(
        "Your draft no longer has these lines as they were, so nothing was changed. Edit the draft"
        " by hand, or decline the suggestion."
    ),
    "overlaps": gettext_lazy(
        "Another suggestion changes the same lines, so nothing was changed. Edit the draft by hand,"
        " or decline the suggestion."
    ),
}
DONE: dict[str, Promise] = {
    ThreadStep.Kind.RESOLVED: gettext_lazy("resolved this"),
    ThreadStep.Kind.REOPENED: gettext_lazy("reopened this"),
    ThreadStep.Kind.ACCEPTED: gettext_lazy("accepted this suggestion"),
    ThreadStep.Kind.DECLINED: gettext_lazy("declined this suggestion"),
    ThreadStep.Kind.WITHDRAWN: gettext_lazy("withdrew this comment"),
}
"""What somebody did, after their name."""


def refusal_text(why: str) -> str:
    """Return the sentence for a comment or suggestion that was refused."""
    limits = {"note": f"{LIMITS.note:,}", "suggestion": f"{LIMITS.suggestion:,}"}
    return str(TALK_REFUSALS[why]) % limits


def accepted_text(count: int, refused: int) -> str:
    """Return the sentence about suggestions that were accepted all at once."""
    text = ngettext(
        "%(count)d suggestion is in your draft now.",
        "%(count)d suggestions are in your draft now.",
        count,
    ) % {"count": count}
    if not refused:
        return text
    left = ngettext(
        "%(count)d was left, because its lines have changed.",
        "%(count)d were left, because their lines have changed.",
        refused,
    ) % {"count": refused}
    return f"{text} {left}" if count else left


def comment_html(text: str, mentioned: Collection[str], *, seconds: float) -> SafeString:
    """Return a comment as safe HTML, with the people it mentions marked.

    What takes more than `seconds` of processor time is shown as it was written.
    """
    found = render_markdown(text, seconds=seconds, mentions=mentioned, is_flat=True)
    if found.shown >= len(text):
        return found.html
    rest = format_html('<p class="prose" dir="auto">{}</p>', marked(text[found.shown :]))
    return found.html + rest


def suggestion_html(old: str, new: str) -> SafeString:
    """Return what a suggestion changes in its lines, as marked words."""
    return show_pieces(word_diff(old, new, budget=COMPARING_SECONDS))


def place_label(field: str, lines: LineRange | None) -> str:
    """Return what a thread is about, in a few words."""
    if not field:
        return _("The whole change")
    if lines is None:
        return field_label(field)
    if lines.first == lines.last:
        named = {"field": field_label(field), "line": f"{lines.first:,}"}
        return _("%(field)s, line %(line)s") % named
    numbers = {"first": f"{lines.first:,}", "last": f"{lines.last:,}"}
    return _("%(field)s, lines %(first)s–%(last)s") % {"field": field_label(field), **numbers}

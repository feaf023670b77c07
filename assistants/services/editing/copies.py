"""Text that a person typed into an editor, kept as typed beside their draft.

The next visit shows the newest of what they saved, published and typed. An older copy holds text
of another page, or text that could not be read. The editor offers it, and it replaces nothing
unless the person chooses it. `drafts` ends the copies that a save supersedes.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.stash import Copy
from admin_ui.accounts.models import User, Workspace
from assistants.models import Assistant, Draft, Outcome


def editor_path(workspace: Workspace, assistant: Assistant) -> str:
    """Return the path under which the copies of an assistant's editor are kept."""
    return reverse("assistants:edit", args=[workspace.slug, assistant.pk])


@dataclass(frozen=True)
class Copies:
    """The copies for one visit of an editor."""

    form: QueryDict | None
    """The copy to show, if one is newer than the draft or was asked for."""
    shown: Copy | None
    earlier: list[Copy]
    """Copies that are not shown, the newest first."""
    is_older: bool = False
    """Whether the copy is shown because it was asked for, although it is not the newest."""


def find_copies(
    *, user: User, workspace: Workspace, assistant: Assistant, draft: Draft | None, asked: str = ""
) -> Copies:
    """Return the copies of an editor; `asked` is the key of the copy to show."""
    found = stash.kept_copies(user, editor_path(workspace, assistant))
    newest = found[0] if found and not _is_overtaken(found[0], user, assistant, draft) else None
    shown = next((copy for copy in found if str(copy.pk) == asked), newest)
    form = stash.read_copy(user, shown.pk) if shown else None
    if form is None:
        shown = None
    earlier = [copy for copy in found if copy != shown]
    return Copies(form, shown, earlier, is_older=shown != newest)


def latest(*, user: User, workspace: Workspace, assistant: Assistant) -> str:
    """Return when the newest copy was kept, to a microsecond; "" if there is none."""
    found = stash.kept_copies(user, editor_path(workspace, assistant))
    return found[0].at.isoformat() if found else ""


def has_text(*, user: User, workspace: Workspace, assistant: Assistant) -> bool:
    """Return whether the person has a draft of an assistant, or anything kept as typed."""
    if Draft.objects.filter(user=user, assistant=assistant).exists():
        return True
    return bool(stash.kept_copies(user, editor_path(workspace, assistant)))


def _is_overtaken(copy: Copy, user: User, assistant: Assistant, draft: Draft | None) -> bool:
    """Return whether the person has saved something since, or their text was published since."""
    if draft is not None and copy.at < draft.updated_at:
        return True
    theirs = Q(revision__drafter=user) | Q(revision__drafter=None, revision__author=user)
    published = Outcome.objects.filter(theirs, assistant=assistant, version__isnull=False)
    return published.filter(revision__created_at__gt=copy.at).exists()

"""Notes that were sent and could not be used yet: they wait on the page that sent them."""

from django.http import QueryDict

from admin_ui.accounts import stash
from admin_ui.accounts.access import WorkspaceRequest
from assistants.services.best_effort import best_effort


def keep_note(request: WorkspaceRequest, *, about: str, note: str) -> None:
    """Keep `note` for the next visit of this page, for as long as there is what it is `about`.

    An empty one ends what was kept before.
    """
    if note:
        form = QueryDict(mutable=True)
        form.update({"note": note, stash.ABOUT_FIELD: about})
        stash.put(request.user, request.path, form)
    elif "note" in request.POST:
        stash.forget(request.user, request.path, about)


def keep_shown_note(request: WorkspaceRequest, *, about: str, note: str) -> None:
    """The same for a note that the answer shows as well: a busy database is no harm."""
    with best_effort("A note"):
        keep_note(request, about=about, note=note)

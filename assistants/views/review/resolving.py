"""Taking the choices that a person made in a conflict into the draft, or asking for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse

from admin_ui.accounts.guard.access import WorkspaceRequest
from assistants.diff import Pick
from assistants.models import Assistant, Draft
from assistants.services.editing.merging import resolve
from assistants.services.errors import Conflict
from assistants.views.review.conflict import about_draft, choices_in, conflict_page
from assistants.views.review.given_up import keep_given_up
from assistants.views.review.notes import keep_shown_choices
from assistants.views.review.picks import picks_in, places_name


@dataclass(frozen=True)
class Resolution:
    """What a form with choices says about a conflict, and whether it says all there is to say."""

    choices: dict[str, str]
    """By field: `mine` or `theirs`."""
    picks: dict[str, list[Pick]]
    """By field, for a text of which each place was chosen."""
    is_complete: bool
    is_stale: bool
    """Whether a text had other places when the page was made."""


def read_resolution(form: Mapping[str, str], conflict: Conflict) -> Resolution:
    """Read the choices of a page. A choice for a whole text counts more than one for its places."""
    choices, found = choices_in(form), picks_in(form, conflict.texts)
    whole = {field for field, side in choices.items() if side in ("mine", "theirs")}
    picks = {
        field: [pick for pick in places if pick]
        for field, places in found.items()
        if None not in places and field not in whole
    }
    shown = {field for field in conflict.texts if places_name(field) in form}
    return Resolution(
        choices=choices,
        picks=picks,
        is_complete=all(field in whole or field in picks for field in conflict.clashes),
        is_stale=bool(shown - found.keys() - whole),
    )


def take_choices(
    request: WorkspaceRequest, draft: Draft, conflict: Conflict, *, note: str
) -> HttpResponse | None:
    """Store the draft that the posted choices make, or return the page that asks for the rest.

    Raises `Conflict` if the choices were made for other texts, and `DraftMoved`.
    """
    live = draft.assistant.live
    chosen = read_resolution(request.POST, conflict)
    if request.POST.get("live", "") not in ("", str(live.number if live else "")):
        raise conflict
    if chosen.is_stale:
        raise conflict
    if not chosen.is_complete:
        return ask_again(request, draft.assistant, draft, conflict, note=note, status=422)
    with transaction.atomic():
        keep_given_up(
            request.workspace, draft, conflict, choices=chosen.choices, picks=chosen.picks
        )
        resolve(
            author=request.member,
            draft=draft,
            conflict=conflict,
            choices=chosen.choices,
            picks=chosen.picks,
        )
    return None


def ask_again(
    request: WorkspaceRequest,
    assistant: Assistant,
    draft: Draft,
    conflict: Conflict,
    *,
    note: str,
    status: int = 409,
) -> HttpResponse:
    """Show the conflict with what was chosen and written so far, which is kept for a reload."""
    keep_shown_choices(request, about=about_draft(request, draft), note=note)
    return conflict_page(
        request, assistant, draft, conflict, note=note, form=request.POST, status=status
    )

"""Keeping as typed, for its author, what a choice in a conflict drops from a draft."""

from collections.abc import Mapping, Sequence

from django.http import QueryDict

from admin_ui.accounts.guard import stash
from admin_ui.accounts.models import Workspace
from assistants.definition import same_value
from assistants.diff import MergedLines, Pick
from assistants.forms.shown import ShownDefinition
from assistants.models import Draft
from assistants.services.editing import copies, drafts
from assistants.services.editing.presence import new_tab
from assistants.services.errors import Conflict
from assistants.views.editor.starting_point import DIGEST_LENGTH


def keep_given_up(
    workspace: Workspace,
    draft: Draft,
    conflict: Conflict,
    *,
    choices: Mapping[str, str],
    picks: Mapping[str, Sequence[Pick]],
) -> None:
    """Keep `draft` as typed, as its owner's editor would send it, if a choice drops a part."""
    changed = [field for field in conflict.fields if not same_value(field.base, field.mine)]
    is_dropped = any(choices.get(field.field) == "theirs" for field in changed)
    if not is_dropped and not any(_drops(conflict.texts[name], picks[name]) for name in picks):
        return
    whole, base = draft.definition, draft.base
    form = QueryDict(mutable=True)
    form.update(ShownDefinition.of(whole).values)
    form["base"] = str(base.number) if base else ""
    form["original"], form["seen"] = whole.digest[:DIGEST_LENGTH], ""
    form["tab"], form["turn"] = new_tab(draft.user), "0"
    drafts.remember_shown(user=draft.user, assistant=draft.assistant, definition=whole)
    stash.keep_form_at(draft.user, copies.editor_path(workspace, draft.assistant), form)


def _drops(stretches: Sequence[MergedLines], picks: Sequence[Pick]) -> bool:
    """Return whether a pick leaves out lines that the draft added."""
    clashes = [stretch for stretch in stretches if stretch.is_clash]
    return any(
        not set(clash.mine).difference(clash.base) <= set(pick.lines(clash))
        for clash, pick in zip(clashes, picks, strict=True)
    )

"""What restoring replaces: the person's draft, and their text that is kept as typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from admin_ui.accounts.guard.access import WorkspaceRequest
from assistants.definition import Definition, changed_fields
from assistants.models import Assistant
from assistants.services.editing import copies, drafts


@dataclass(frozen=True)
class Replaced:
    """What a person would lose, for the page that asks them first."""

    draft: bool
    """Whether their draft says something else than what would replace it."""
    seen: str
    """The digest of that draft; "" for none."""
    kept: str
    """The time of the newest text kept as typed; "" for none."""

    @property
    def nothing(self) -> bool:
        return not (self.draft or self.kept)

    def is_confirmed(self, form: Mapping[str, str]) -> bool:
        """Return whether a form was sent by a page that asked about exactly this."""
        shown = form.get("seen", self.seen), form.get("kept", self.kept)
        return "replace" in form and shown == (self.seen, self.kept)


def replaced_by(request: WorkspaceRequest, assistant: Assistant, *same: Definition) -> Replaced:
    """Return what a restore would replace; a draft that equals one of `same` is no loss."""
    draft = drafts.draft_of(user=request.user, assistant=assistant)
    kept = copies.latest(user=request.user, workspace=request.workspace, assistant=assistant)
    return Replaced(
        draft=draft is not None and all(changed_fields(one, draft.shown) for one in same),
        seen=draft.known_digest if draft else "",
        kept=kept,
    )

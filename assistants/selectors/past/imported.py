"""Which part of a history was imported, for the pages that show it."""

from admin_ui.accounts.models import Workspace
from assistants.models import HistoryImport, ImportedHistory, Revision


def import_of(revision: Revision) -> HistoryImport | None:
    """Return the import that a revision came with, if it was not made here. One query."""
    marks = ImportedHistory.objects.filter(
        assistant=revision.assistant_id, revisions__gte=revision.number
    )
    mark = marks.select_related("history_import").first()
    return mark.history_import if mark else None


def import_into(workspace: Workspace) -> HistoryImport | None:
    """Return the import with which the history of a workspace begins, if it does."""
    return HistoryImport.objects.filter(workspace=workspace).first()

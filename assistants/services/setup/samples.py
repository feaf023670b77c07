"""The sample assistants of a fresh installation: added once, removed on request."""

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.definition import Definition
from assistants.models import Assistant, State
from assistants.services.connections.client import registry_of
from assistants.services.ledger.record import Author
from assistants.services.publishing.create import create_assistant
from assistants.services.publishing.delete import delete_assistant
from assistants.services.setup.sample_data import samples

AUTHOR = Author("Assistants Admin")


def add_samples(workspace: Workspace) -> int:
    """Create the missing samples on the workspace's registry. Returns how many.

    If a start is interrupted, the next one completes it.
    """
    connection = registry_of(workspace)
    if connection is None:
        return 0
    there = set(workspace.assistants.filter(is_sample=True).values_list("name", flat=True))
    absent = [sample for sample in samples() if sample["name"] not in there]
    for sample in absent:
        assistant = Assistant.objects.create(
            workspace=workspace, connection=connection, is_sample=True
        )
        create_assistant(
            author=AUTHOR,
            assistant=assistant,
            wanted=Definition.parse(sample),
            note="A sample, to try things out with.",
        )
    return len(absent)


def delete_samples(*, author: Member, workspace: Workspace) -> int:
    """Delete every sample on the registry; their history stays. Returns how many."""
    if not can(author, Action.DELETE):
        raise NotAllowed(Action.DELETE)
    rows = Assistant.objects.filter(workspace=workspace, is_sample=True, state=State.LIVE)
    removed = 0
    for assistant in rows.select_related("connection", "live", "slot").order_by("pk"):
        result = delete_assistant(author=author, assistant=assistant, note="Samples removed")
        removed += result.status == "applied"
    return removed

"""The metadata of the editor: the keys that the workspace describes come first."""

from admin_ui.accounts.models import Workspace
from assistants.definition import LIMITS
from assistants.forms.editor_layout import EditorLayout
from assistants.forms.shown_input import InputRow
from assistants.selectors.shared.metadata import DescribedKey, described_keys


def wanted_keys(workspace: Workspace, page: EditorLayout) -> list[DescribedKey]:
    """Return the described keys that have no row yet, and put the rows of the others first.

    One query. Without described keys nothing changes.
    """
    described = {key.name: key for key in described_keys(workspace)}
    if not described:
        return []
    for row in page.pairs:
        if key := described.get(row.inputs["key"].value):
            _describe(row, key)
    order = list(described)
    page.pairs.sort(key=lambda row: _place(order, row.inputs["key"].value))
    there = {row.inputs["key"].value for row in page.pairs}
    return [key for key in described.values() if key.name not in there]


def _describe(row: InputRow, key: DescribedKey) -> None:
    value = row.inputs["value"].value
    row.help, row.allowed = key.help, key.allowed
    row.is_unusual = bool(key.allowed and value and value not in key.allowed)


def _place(order: list[str], key: str) -> int:
    return order.index(key) if key in order else LIMITS.metadata_pairs

"""Reads for pages, each within one workspace; nothing here writes."""

from assistants.selectors.assistants import get_assistant, list_assistants, models_of
from assistants.selectors.changes import changes_of
from assistants.selectors.connections import connection_names, connections_of, get_connection
from assistants.selectors.history import history_of
from assistants.selectors.versions import (
    current,
    get_revision,
    get_side,
    held_after,
    revision_detail,
)

__all__ = [
    "changes_of",
    "connection_names",
    "connections_of",
    "current",
    "get_assistant",
    "get_connection",
    "get_revision",
    "get_side",
    "held_after",
    "history_of",
    "list_assistants",
    "models_of",
    "revision_detail",
]

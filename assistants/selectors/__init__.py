"""Reads for pages, each within one workspace; nothing here writes."""

from assistants.selectors.assistants import assistants_page, function_owners
from assistants.selectors.changes import changes_of
from assistants.selectors.choices import models_of, people_of
from assistants.selectors.connections import (
    connection_names,
    connections_of,
    get_connection,
    open_connection_names,
    open_connections_of,
)
from assistants.selectors.history import history_of
from assistants.selectors.one_assistant import get_assistant
from assistants.selectors.versions import (
    get_revision,
    get_side,
    get_sides,
    held_after,
    live_tools,
    revision_detail,
    shown_definition,
    version_before_live,
)

__all__ = [
    "assistants_page",
    "changes_of",
    "connection_names",
    "connections_of",
    "function_owners",
    "get_assistant",
    "get_connection",
    "get_revision",
    "get_side",
    "get_sides",
    "held_after",
    "history_of",
    "live_tools",
    "models_of",
    "open_connection_names",
    "open_connections_of",
    "people_of",
    "revision_detail",
    "shown_definition",
    "version_before_live",
]

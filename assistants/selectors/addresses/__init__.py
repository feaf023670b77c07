"""The addresses of the pages below a workspace, for selectors and templates.

They are joined, since a list has too many of them for `reverse`. A test compares each with
`urls.py`.
"""

from assistants.selectors.addresses.assistant import AssistantPages
from assistants.selectors.addresses.connection import ConnectionPages
from assistants.selectors.addresses.workspace import WorkspacePages

__all__ = ["AssistantPages", "ConnectionPages", "WorkspacePages"]

"""Reads for pages, each within one workspace; nothing here writes."""

from assistants.selectors.assistants import get_assistant, list_assistants, models_of

__all__ = ["get_assistant", "list_assistants", "models_of"]

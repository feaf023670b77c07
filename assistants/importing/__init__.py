"""Recognises functions in text that a person pastes: parsed, never run. No Django, no I/O."""

from assistants.importing.found import FoundFunction, FoundFunctions, NotRead, Remark
from assistants.importing.ready_made import READY_MADE, ReadyMade, ready_made
from assistants.importing.recognise import MOST_PASTED, functions_in, functions_of

__all__ = [
    "MOST_PASTED",
    "READY_MADE",
    "FoundFunction",
    "FoundFunctions",
    "NotRead",
    "ReadyMade",
    "Remark",
    "functions_in",
    "functions_of",
    "ready_made",
]

"""What the database holds; nothing here talks to a gateway."""

from assistants.models.assistant import Assistant, Draft
from assistants.models.connection import Connection
from assistants.models.editing import Presence, ShownDraft
from assistants.models.fields import FILLED_IN, MORE
from assistants.models.job import Job
from assistants.models.revision import Acceptance, Outcome, Revision, brief, brief_outcomes
from assistants.models.search import Passage
from assistants.models.text import Text

Kind, Status = Revision.Kind, Outcome.Status
State, Trouble = Assistant.State, Assistant.Trouble

__all__ = [
    "FILLED_IN",
    "MORE",
    "Acceptance",
    "Assistant",
    "Connection",
    "Draft",
    "Job",
    "Kind",
    "Outcome",
    "Passage",
    "Presence",
    "Revision",
    "ShownDraft",
    "State",
    "Status",
    "Text",
    "Trouble",
    "brief",
    "brief_outcomes",
]

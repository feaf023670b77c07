"""What the database holds; nothing here talks to a gateway."""

from assistants.models.assistant import Assistant, Draft
from assistants.models.connection import Connection
from assistants.models.job import Job
from assistants.models.revision import Outcome, Revision
from assistants.models.text import Text

__all__ = ["Assistant", "Connection", "Draft", "Job", "Outcome", "Revision", "Text"]

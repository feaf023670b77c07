"""Histories that were read from a file: by whom, and from which signed root. Only inserted."""

import json

from django.db import models
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from assistants.models.assistant import Assistant


class HistoryImport(models.Model):
    """The whole history of another workspace, read into this one."""

    workspace = models.OneToOneField(Workspace, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, help_text="Who imported it.")
    source = models.CharField(max_length=100, help_text="Address of the workspace it is from.")
    statement = models.TextField(help_text="The newest signed root of the file.")
    signature = models.CharField(max_length=100)
    public_key = models.TextField(help_text="PEM.")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"import from {self.source}"

    @property
    def root_number(self) -> int:
        """The number of the signed root that the file ended with."""
        return int(json.loads(self.statement)["number"])


class ImportedHistory(models.Model):
    """Marks the first `revisions` of an assistant as imported, outside of their digests."""

    assistant = models.OneToOneField(
        Assistant, on_delete=models.PROTECT, primary_key=True, related_name="imported"
    )
    history_import = models.ForeignKey(HistoryImport, on_delete=models.PROTECT, related_name="+")
    revisions = models.PositiveIntegerField(help_text="How many.")

    def __str__(self) -> str:
        return f"{self.revisions} revisions"

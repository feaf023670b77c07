from typing import ClassVar

from django.db import models
from django.utils import timezone

from admin_ui.accounts.models import User, Workspace
from assistants.definition import LIMITS, Definition
from assistants.models import text
from assistants.models.assistant import Assistant
from assistants.models.connections.connection import Connection
from assistants.models.fields import JSONTextField


class AssistantTemplate(models.Model):
    """A definition that a workspace keeps to start new assistants from.

    `values` and `texts` together are the definition (see `models.text`).
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    values = JSONTextField()
    texts = JSONTextField(default=dict)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    saved_by_name = models.CharField(max_length=200)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="template_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def definition(self) -> Definition:
        """Costs a query where it holds long texts."""
        return text.join_texts(self.values, self.texts, text.fetch_texts(self.texts.values()))


class MetadataKey(models.Model):
    """A key of metadata that a workspace wants, described for the people who fill it in."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LIMITS.metadata_key)
    help = models.CharField(max_length=200, blank=True)
    allowed = models.JSONField(default=list, help_text="Values to choose from; empty for any.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="metadata_key_once")
        ]

    def __str__(self) -> str:
        return self.name


class MetadataUse(models.Model):
    """A pair of metadata as the search index knows it, so that the editor can suggest it."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    assistant = models.ForeignKey(
        Assistant, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=LIMITS.metadata_key)
    value = models.CharField(max_length=LIMITS.metadata_value)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assistant", "key"], name="metadata_use_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "key", "value"], name="metadata_use_by_key")
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


class KnowledgeUse(models.Model):
    """A file or vector store in a definition, as the search index knows it.

    So one query finds the assistants that use it.
    """

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    assistant = models.ForeignKey(
        Assistant, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    remote_id = models.CharField(max_length=256)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assistant", "remote_id"], name="knowledge_use_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["connection", "remote_id"], name="knowledge_use_by_id")
        ]

    def __str__(self) -> str:
        return self.remote_id

"""What the registry keeps: assistants, and the journal of every write to them."""

import json
import zlib
from typing import Any, ClassVar

from django.db import models

from admin_ui.accounts.models import Workspace


def pack(content: dict[str, Any]) -> bytes:
    """Return `content` as compressed JSON."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), 1)


def unpack(packed: bytes | memoryview) -> dict[str, Any]:
    """Return what `pack` packed."""
    content: dict[str, Any] = json.loads(zlib.decompress(packed))
    return content


def unpacked_size(packed: bytes | memoryview | None) -> int:
    """Return how many bytes of JSON `pack` packed; 0 for nothing."""
    return 0 if packed is None else len(zlib.decompress(packed))


class Counter(models.Model):
    """The last sequence number of a workspace. Its row is locked by every write until it commits,
    so that writes become visible in the order of their numbers."""

    workspace = models.OneToOneField(Workspace, on_delete=models.PROTECT, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "registry_counter"  # `store` counts in plain SQL

    def __str__(self) -> str:
        return f"{self.workspace_id}: {self.last}"


class StoredAssistant(models.Model):
    """One assistant. A deleted one stays as an empty row, so that a page may start after it."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    public_id = models.CharField(max_length=29, unique=True, help_text="asst_ and 24 characters.")
    created_at = models.DateTimeField()
    sequence = models.PositiveBigIntegerField(help_text="Number of the last write to it.")
    packed = models.BinaryField(help_text="The content, see `pack`.")
    deleted = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "created_at", "id"],
                condition=models.Q(deleted=False),
                name="stored_assistant_by_creation",
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def content(self) -> dict[str, Any]:
        return unpack(self.packed)


class Write(models.Model):
    """An entry of the journal: one write and the content after it. Only ever added."""

    class Action(models.TextChoices):
        CREATED = "created"
        MODIFIED = "modified"
        DELETED = "deleted"

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sequence = models.PositiveBigIntegerField()
    assistant = models.ForeignKey(
        StoredAssistant, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    action = models.CharField(max_length=8, choices=Action.choices)
    key_name = models.CharField(max_length=100, null=True, help_text="Null for the dashboard.")
    trace_id = models.CharField(max_length=200, null=True)
    at = models.DateTimeField()
    packed = models.BinaryField(null=True, help_text="The content after it; null once deleted.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "sequence"], name="write_sequence")
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

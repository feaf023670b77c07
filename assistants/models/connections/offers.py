from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from assistants.models.connections.connection import Connection

READ_AGAIN = timedelta(hours=1)
"""How long a list counts as fresh."""


class OfferList(models.Model):
    """What a connection offers of one kind, as its endpoint last listed it."""

    class Kind(models.TextChoices):
        MODELS = "models"
        FILES = "files"
        STORES = "vector_stores"

    NONE = "none"
    """Stored as `failure` where the endpoint has no such list."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    asked_at = models.DateTimeField(null=True, help_text="When it was last asked for.")
    read_at = models.DateTimeField(null=True, help_text="When it was last read.")
    failure = models.CharField(max_length=40, blank=True, help_text="Why the last try failed.")
    is_whole = models.BooleanField(default=False, help_text="Nothing was left out of it.")
    suggestions = models.TextField(blank=True, help_text="Names to suggest, one per line.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind"], name="one_offer_list"),
        ]

    def __str__(self) -> str:
        return f"{self.connection} ({self.kind})"


class OfferEntry(models.Model):
    """One model, file or vector store of such a list. The newest have the highest keys."""

    list = models.ForeignKey(
        OfferList, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    remote_id = models.CharField(max_length=256)
    name = models.CharField(max_length=300, blank=True)
    folded = models.CharField(max_length=600, blank=True, help_text="What a search looks in.")
    size = models.BigIntegerField(null=True)
    count = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=40, blank=True)
    ends_on = models.DateField(null=True)
    successor = models.CharField(max_length=256, blank=True)
    refuses = models.CharField(max_length=100, blank=True, help_text="Fields it does not take.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "remote_id"], name="one_offer_entry"),
        ]
        indexes = [models.Index(fields=["list", "-id"], name="offer_newest")]

    def __str__(self) -> str:
        return self.name or self.remote_id


def is_stale(asked_at: datetime | None, now: datetime | None = None) -> bool:
    """Return whether a list that was asked for then is due again; a time to come does not count."""
    now = now or timezone.now()
    return asked_at is None or not timedelta(0) <= now - asked_at < READ_AGAIN

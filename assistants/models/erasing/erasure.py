from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User
from assistants.models.fields import JSONTextField

FIELD_DIGESTS, DEFINITION_DIGEST = "fields", "definition"
"""Where `ErasedRow.kept` has digests of fields, and of a whole definition in the first format."""


class Erasure(models.Model):
    """An act that removed texts from the history: who did it, when and why. Only inserted.

    It never says which text. Until it has an `ErasureEnd`, which the same transaction adds, the
    triggers let pass a change of the rows that it names (`ErasedRow`), and of no others.
    """

    class Kind(models.TextChoices):
        ERASE = "erase", _("Text erased")
        PRUNE = "prune", _("Unused texts removed")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, help_text="The person's name at the time.")
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.kind} by {self.name}"


class ErasedRow(models.Model):
    """A row that an erasure changed. Only inserted, before the row is changed."""

    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="rows")
    place = models.CharField(max_length=60, help_text="Name of the table.")
    key = models.CharField(max_length=64, help_text="Primary key of the row.")
    kept = JSONTextField(default=dict, help_text="Digests of what was erased, by what it was.")
    left = models.CharField(max_length=64, blank=True, help_text="Digest of what is left.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["place", "key"], name="erased_row_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.key}"


class ErasureEnd(models.Model):
    """The end of an erasure: from here on its rows can be changed no more. Only inserted."""

    erasure = models.OneToOneField(
        Erasure, on_delete=models.PROTECT, primary_key=True, related_name="end"
    )
    rows = models.PositiveIntegerField(help_text="How many it changed.")
    digest = models.CharField(max_length=64, help_text="Of the erasure and its rows.")

    def __str__(self) -> str:
        return f"{self.rows} rows"

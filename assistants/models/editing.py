from typing import ClassVar

from django.db import models
from django.utils import timezone

from admin_ui.accounts.models import User
from assistants.models.assistant import Assistant
from assistants.models.begun import Holder
from assistants.models.fields import JSONTextField


class ShownDraft(Holder, models.Model):
    """A draft as a page showed it: a form sent from there is read against this.

    The draft itself moves on with every autosave, and another tab may replace or discard it.
    """

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    content = JSONTextField()
    texts = JSONTextField(default=dict, help_text="Long values that the history holds, by digest.")
    shown_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assistant", "user", "digest"], name="shown_draft_once")
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class Presence(models.Model):
    """An editor that is open in somebody's browser; gone when it is closed or falls silent."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["assistant", "seen_at"], name="presence_here")]

    def __str__(self) -> str:
        return self.tab

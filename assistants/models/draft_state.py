from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User
from assistants.models.assistant import Assistant
from assistants.models.begun import Holder
from assistants.models.fields import JSONTextField

STATE_KEPT_FOR = timedelta(days=2)


class StateReason(models.TextChoices):
    """Why an earlier state of a draft was kept."""

    PAUSE = "pause", _("A pause in typing")
    REPLACED = "replaced", _("Replaced")
    DISCARDED = "discarded", _("Discarded")
    MERGED = "merged", _("Combined with a newer version")
    TAKEN_OVER = "taken_over", _("Taken over")


class DraftState(Holder, models.Model):
    """An earlier state of somebody's draft, kept for a while so that they can bring it back.

    `kept_until` is empty while its author has not been told that a colleague put it away.
    """

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="states")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    base = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    content = JSONTextField()
    texts = JSONTextField(default=dict, help_text="Long values that the history holds, by digest.")
    digest = models.CharField(max_length=64)
    changes = JSONTextField(default=list, help_text="Summary against its base.")
    kind = models.CharField(max_length=10, help_text="As in the draft.")
    writers = models.CharField(max_length=200, blank=True, help_text="As in the draft.")
    writer_ids = models.JSONField(default=list, db_default=[], help_text="As in the draft.")
    size = models.PositiveIntegerField(help_text="Characters of its content.")

    reason = models.CharField(max_length=10, choices=StateReason.choices)
    by_name = models.CharField(max_length=200, help_text="Who saved, discarded or took over.")
    note = models.TextField(blank=True, help_text="Why a colleague discarded it.")
    taken_at = models.DateTimeField(default=timezone.now)
    kept_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["assistant", "user", "-taken_at", "-id"], name="state_of_draft"),
            models.Index(
                fields=["user", "assistant"], condition=Q(kept_until=None), name="state_untold"
            ),
            models.Index(fields=["kept_until"], name="state_expiring"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} of {self.assistant_id} by {self.user_id}"

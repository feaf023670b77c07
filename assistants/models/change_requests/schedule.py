from typing import ClassVar

from django.db import models
from django.utils import timezone

from admin_ui.accounts.models import User, Workspace
from assistants.models.assistant import Assistant
from assistants.models.change_requests.change_request import ChangeRequest, Round


class Schedule(models.Model):
    """A round that the service publishes when its time has come, or its return (`is_return`).

    What was chosen never changes: another choice is another row, and the newest one of a change
    request counts. `state`, `next_at`, `attempts` and `trouble` say how far it has got.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        STOPPED = "stopped"
        CANCELLED = "cancelled"

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    assistant = models.ForeignKey(
        Assistant, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    change_request = models.ForeignKey(
        ChangeRequest, on_delete=models.PROTECT, related_name="schedules"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="schedules")
    on_approval = models.BooleanField(help_text="With the last approval, which made this row.")
    is_return = models.BooleanField(
        default=False, db_default=False, help_text="Of the definition that comes back."
    )
    publish_at = models.DateTimeField()
    zone = models.CharField(
        max_length=64, blank=True, db_default="", help_text="In which the time was chosen."
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", help_text="As whom it is published."
    )
    user_name = models.CharField(max_length=200, help_text="The person's name at the time.")
    created_at = models.DateTimeField(default=timezone.now)

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    next_at = models.DateTimeField(null=True, help_text="When it is tried next, if ever.")
    attempts = models.PositiveIntegerField(default=0, help_text="How many were begun.")
    trouble = models.CharField(max_length=20, blank=True, help_text="Why the newest one failed.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["change_request"],
                condition=models.Q(next_at__isnull=False),
                name="one_schedule",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="schedule_due",
            ),
            models.Index(
                fields=["workspace", "assistant"],
                condition=models.Q(next_at__isnull=False),
                name="schedule_of_assistant",
            ),
        ]

    def __str__(self) -> str:
        return f"schedule {self.pk}"

    @property
    def is_for_later(self) -> bool:
        """Whether a time was chosen. What is published with the last approval may have none."""
        return self.publish_at > self.created_at

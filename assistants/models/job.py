from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User, Workspace
from assistants.models.connections.connection import Connection
from assistants.models.fields import JSONTextField


class Job(models.Model):
    """Reading all that a connection holds, a page at a time, so that it can be left and found.

    The holder of the lease does the next page: a poll of the page that shows the job, or a command.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="jobs")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    cursor = models.CharField(max_length=128, blank=True)
    seen_pks = JSONTextField(default=list, help_text="Our rows done with: [first, last] ranges.")
    calls = models.PositiveIntegerField(default=0, help_text="Calls made to the gateway.")
    not_before = models.DateTimeField(null=True, help_text="The gateway asked to wait until then.")
    waits = models.PositiveSmallIntegerField(default=0, help_text="Waits since it last got on.")
    pages = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list, help_text="Remote id and reason, at most 100.")
    error = models.CharField(max_length=40, blank=True, help_text="Kind of gateway error.")
    trace_id = models.CharField(
        max_length=64, blank=True, help_text="On each revision of what it brings in."
    )
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=models.Q(status="running"),
                name="one_running_job",
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection} ({self.status})"

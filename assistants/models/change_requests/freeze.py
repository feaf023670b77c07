from typing import ClassVar

from django.db import models
from django.utils import timezone

from admin_ui.accounts.models import User, Workspace


class FreezeWindow(models.Model):
    """A time in which nothing of a workspace is published, unless an admin gives a reason."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64, help_text="In which the times were chosen.")
    reason = models.CharField(max_length=300)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    user_name = models.CharField(max_length=200, help_text="The person's name at the time.")
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, help_text="When somebody ended or cancelled it.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-ends_at"], name="freeze_by_end")]

    def __str__(self) -> str:
        return self.reason

    @property
    def is_to_come(self) -> bool:
        """Whether it has not begun."""
        return self.starts_at > timezone.now()

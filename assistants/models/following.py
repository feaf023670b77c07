from typing import ClassVar

from django.db import models

from admin_ui.accounts.models import User
from assistants.models.assistant import Assistant
from assistants.models.revision import Revision


class Follow(models.Model):
    """Whether a person hears what happens to an assistant, once they decided that.

    Without a row, those hear of it who have a draft of it, or ever made or wrote a change.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    assistant = models.ForeignKey(
        Assistant, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    is_on = models.BooleanField(default=True, help_text="False where the person has unfollowed.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assistant", "user"], name="one_follow_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.assistant}"


class LongDoubt(models.Model):
    """A change that was in doubt for ten minutes, of which people were told."""

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.revision_id)

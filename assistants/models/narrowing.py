from django.db import models

from admin_ui.accounts.models import Member
from assistants.models.assistant import Assistant


class Narrowing(models.Model):
    """What a member may change, where that is less than their role allows.

    `Member.is_narrowed` is true exactly while there is a row, so that nobody else pays a query.
    The database checks no reference: servers of the release before delete members and drafts
    without knowing of these rows, and a primary key is never used twice.
    """

    member = models.OneToOneField(
        Member, on_delete=models.CASCADE, related_name="narrowing", db_constraint=False
    )
    every_assistant = models.BooleanField(default=False)
    assistants = models.ManyToManyField(Assistant, related_name="+", db_constraint=False)
    every_field = models.BooleanField(default=False)
    fields = models.JSONField(default=list, help_text="Names of fields of a definition.")

    def __str__(self) -> str:
        return f"narrowing of member {self.member_id}"

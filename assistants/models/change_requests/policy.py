from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User, Workspace
from assistants.approval.rules import Policy, Rule
from assistants.models.assistant import Assistant
from assistants.models.change_requests.change_request import ChangeRequest, Round
from assistants.models.revision import Revision


class ApprovalPolicy(models.Model):
    """What approvals a workspace asks for, or one assistant in addition. Only inserted.

    The newest row of each counts; older ones still do for change requests opened before it.
    """

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    assistant = models.ForeignKey(
        Assistant, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    rules = models.JSONField(default=list, help_text="Each as `Rule.to_json` gives it.")
    free = models.JSONField(default=list, help_text="Fields published without approval.")
    is_looser = models.BooleanField(default=False, help_text="Than the one before it.")
    reason = models.TextField(blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(max_length=200, help_text="The person's name at the time.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "assistant", "-id"], name="policy_in_force")
        ]

    def __str__(self) -> str:
        return f"policy {self.pk}"

    @property
    def policy(self) -> Policy:
        return Policy(tuple(map(Rule.of, self.rules)), frozenset(self.free))


class Clearance(models.Model):
    """How a change passed the approval policy, or that it is live without approval. Only inserted.

    A change that needed no approval and belongs to no change request has none.
    """

    class Kind(models.TextChoices):
        APPROVED = "approved", _("Approved")
        NOT_NEEDED = "not_needed", _("Reviewed, no approval needed")
        OVERRIDDEN = "overridden", _("Published without approval, by an admin")
        WITHOUT = "without", _("Live without approval")

    FREEZE_ONLY = "freeze_only"
    """In place of the kind, of an override where only a freeze window held."""
    LOOK = models.Case(
        models.When(kind=Kind.OVERRIDDEN, fields=[], then=models.Value(FREEZE_ONLY)),
        default=models.F("kind"),
    )

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="clearances")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    change_request = models.ForeignKey(
        ChangeRequest, on_delete=models.PROTECT, null=True, related_name="clearances"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="+")
    is_return = models.BooleanField(
        default=False, db_default=False, help_text="Of what the round says comes back."
    )
    approvers = models.JSONField(default=list, help_text="Names of those whose approvals counted.")
    reason = models.TextField(blank=True, help_text="Why it was published without approval.")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(max_length=200, blank=True)
    is_own = models.BooleanField(
        default=False, help_text="Whether who overrode the policy wrote a part of the change."
    )
    fields = models.JSONField(default=list, help_text="Those that needed approval and had none.")
    digest = models.CharField(max_length=64, help_text="Of this and of the revision.")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.kind

    @property
    def look(self) -> str:
        """Its kind as a list shows it, as `LOOK` finds it."""
        is_overridden = self.kind == self.Kind.OVERRIDDEN
        return self.FREEZE_ONLY if is_overridden and not self.fields else self.kind

"""Addresses outside that hear what happens in a workspace, and each message to them."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User, Workspace
from assistants.models.fields import JSONTextField

TEST_KIND = "test"
"""The kind of a message that an admin sends to try a webhook; the others are of `NoticeKind`."""


class Webhook(models.Model):
    """An address that gets messages about what happens in a workspace."""

    class Format(models.TextChoices):
        STANDARD = "standard", _("Standard Webhooks")
        SLACK = "slack", _("Slack")
        TEAMS = "teams", _("Microsoft Teams")

    class Reason(models.TextChoices):
        """Why nothing is sent."""

        PERSON = "person", _("An admin disabled it.")
        GONE = "gone", _("The receiver answered that it no longer exists (410).")
        FAILING = "failing", _("Every message failed for five days.")

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    format = models.CharField(max_length=10, choices=Format.choices)
    host = models.CharField(max_length=300, help_text="Of the address, with its port.")
    address_end = models.CharField(max_length=10, blank=True, help_text="Its last characters.")
    sealed = models.TextField(help_text="Encrypted: the address and the secrets that sign.")
    earlier_secret_until = models.DateTimeField(
        null=True, help_text="Until when the secret before this one signs too."
    )
    kinds = models.JSONField(default=list, help_text="What it hears of, as `NoticeKind`.")
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="Attempts that failed in a row.")
    failing_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True, help_text="Nothing is tried before.")
    delivered_at = models.DateTimeField(null=True, help_text="When it last took a message.")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    newest_delivery: int | None = None
    """Of what its page reads: the id of its newest message."""

    def __str__(self) -> str:
        return self.name

    @property
    def is_signed(self) -> bool:
        """Whether receivers can check who sent a message."""
        return self.format == self.Format.STANDARD

    @property
    def secret_mark(self) -> str:
        """Another one after each new secret."""
        until = self.earlier_secret_until
        return until.isoformat() if until else ""

    @property
    def shown_address(self) -> str:
        """Where it goes, as people may see it: the address itself may be a secret."""
        return f"{self.host}/…{self.address_end}"


class WebhookDelivery(models.Model):
    """One message to one webhook. A worker sends it until it is taken, or given up."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    message_id = models.CharField(max_length=40, unique=True, help_text="The same in each attempt.")
    happening = models.BigIntegerField(null=True, help_text="The id of the `Happening`, if any.")
    kind = models.CharField(max_length=30, help_text="A `NoticeKind`, or `TEST_KIND`.")
    subject = models.CharField(max_length=300)
    body = JSONTextField(help_text="What is sent.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0, help_text="How many were begun.")
    tries = models.PositiveIntegerField(default=0, help_text="Those since it was queued last.")
    next_at = models.DateTimeField(null=True, help_text="When it is tried next, while it waits.")
    leased_until = models.DateTimeField(null=True, help_text="While a worker sends it.")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "happening"], name="one_delivery_each")
        ]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "-id"], name="delivery_newest"),
            models.Index(fields=["webhook", "state", "-id"], name="delivery_by_state"),
            models.Index(
                fields=["webhook", "next_at"],
                condition=models.Q(state="pending"),
                name="delivery_due",
            ),
            models.Index(fields=["created_at"], name="delivery_created"),
        ]

    def __str__(self) -> str:
        return self.message_id


class WebhookAttempt(models.Model):
    """One attempt to send a message: inserted before it, completed after it.

    One that is never completed belongs to a worker that was killed; the message may have arrived.
    """

    delivery = models.ForeignKey(
        WebhookDelivery, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="Of HTTP.")
    error = models.CharField(max_length=40, blank=True, help_text="Kind of failure, if no answer.")
    words = models.CharField(max_length=200, blank=True, help_text="What the receiver said.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "number"], name="one_attempt_each")
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.number}"

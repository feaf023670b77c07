"""The models of allowed domains. Other code takes them from `accounts.models`."""

from django.db import models
from django.utils import timezone


class AllowedDomain(models.Model):
    """A domain whose people may join a workspace as viewers, without an invitation."""

    workspace = models.ForeignKey(
        "accounts.Workspace", on_delete=models.CASCADE, related_name="allowed_domains"
    )
    domain = models.CharField(max_length=253, help_text="In lower case and ASCII.")
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "domain"], name="one_row_per_domain")
        ]
        indexes = [models.Index(fields=["domain"], name="allowed_domain")]

    def __str__(self) -> str:
        return self.domain


class JoinLink(models.Model):
    """A link that was mailed to an address of an allowed domain; the newest one, until used."""

    email = models.EmailField(unique=True, help_text="In lower case.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token.")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.email

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import Workspace


class Connection(models.Model):
    """A named endpoint with credentials and a profile, such as "Production via Portkey"."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="connections")
    name = models.CharField(_("name"), max_length=100)
    profile = models.CharField(_("profile"), max_length=20)
    base_url = models.CharField(_("base URL"), max_length=500, blank=True)
    credentials = models.TextField(blank=True, help_text="Encrypted; never shown again.")
    options = models.JSONField(default=dict, blank=True)
    is_default = models.BooleanField(default=False)
    from_environment = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    checked_at = models.DateTimeField(null=True, help_text="When it last answered.")
    trouble = models.CharField(max_length=40, blank=True, help_text="Kind of the last failure.")
    trouble_since = models.DateTimeField(null=True)
    feed_cursor = models.BigIntegerField(
        default=0, help_text="How far the registry's record of writes has been read."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="connection_name"),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(is_default=True),
                name="one_default_connection",
            ),
        ]

    def __str__(self) -> str:
        return self.name

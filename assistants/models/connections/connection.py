from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import Workspace

LONGEST_PAUSE = timedelta(minutes=5)
"""How long a connection that does not answer is left alone at most."""


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
    archived_at = models.DateTimeField(null=True, help_text="Since when nothing is sent over it.")

    checked_at = models.DateTimeField(null=True, help_text="When it last answered.")
    trouble = models.CharField(max_length=40, blank=True, help_text="Kind of the last failure.")
    trouble_since = models.DateTimeField(null=True)
    feed_cursor = models.BigIntegerField(
        default=0, help_text="How far the registry's record of writes has been read."
    )
    timeouts = models.PositiveSmallIntegerField(
        default=0, help_text="Calls in a row that got no answer in time."
    )
    paused_until = models.DateTimeField(null=True, help_text="It is not asked before that.")
    pause_holds_all = models.BooleanField(
        default=False, help_text="Not only page checks, which wait shorter than others."
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

    @property
    def is_in_process(self) -> bool:
        """Whether it is the built-in registry, which no network can keep from answering."""
        return self.profile == "registry"

    @property
    def next_try(self) -> datetime | None:
        """When it is tried next, while it is left alone because it did not answer; else None.

        A pause that seems longer than one can be is over: a clock has been put back.
        """
        until, now = self.paused_until, timezone.now()
        return until if until is not None and now < until <= now + LONGEST_PAUSE else None

"""The model of an API key. Other code takes it from `accounts.models`."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiKey(models.Model):
    """A key with which an application calls one workspace; only its hash is kept.

    It opens either the registry at `/v1` or, for a service account, the JSON API at `/api/`.
    """

    class Opens(models.TextChoices):
        API = "api", _("The JSON API at /api/")
        REGISTRY = "v1", _("The OpenAI Assistants API at /v1")

    workspace = models.ForeignKey(
        "accounts.Workspace", on_delete=models.CASCADE, related_name="api_keys"
    )
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, help_text="First characters, to recognise it by.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key.")
    can_write = models.BooleanField(default=False)
    opens = models.CharField(
        max_length=10,
        choices=Opens,
        default=Opens.REGISTRY,
        db_default=Opens.REGISTRY.value,
    )
    service = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        related_name="service_keys",
        help_text="The service account it belongs to.",
    )
    is_exempt = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether it needs no approval to write.",
    )
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.CharField(
        max_length=45, blank=True, default="", db_default="", help_text="A network address."
    )
    revoked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, help_text="Refused from then on; null is never.")
    networks = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Where it may be used, as CIDR with spaces between; empty is everywhere.",
    )
    assistant_ids = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="The assistants it may use, by ID with spaces between; empty is all.",
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The key made instead.",
    )

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

"""The models of directories. Other code takes them from `accounts.models`."""

from django.db import models
from django.utils import timezone

from admin_ui.accounts.permissions import Role


class Directory(models.Model):
    """Where an organisation keeps its people, such as Entra ID. It has a token for SCIM.

    It speaks for its domains: accounts with addresses of others do not exist for it.
    """

    name = models.CharField(max_length=100, unique=True)
    domains = models.TextField(help_text="In lower case and ASCII, with spaces between.")
    prefix = models.CharField(max_length=12, help_text="First characters of the token.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token.")
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Its token is refused from then on.")

    def __str__(self) -> str:
        return self.name

    def speaks_for(self, email: str) -> bool:
        return email.isascii() and email.rpartition("@")[2].lower() in self.domains.split()


class DirectoryUser(models.Model):
    """An account that a directory manages, and what it calls it."""

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="directory_rows"
    )
    external_id = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "user"], name="one_row_per_directory")
        ]
        indexes = [models.Index(fields=["directory", "external_id"], name="directory_external")]

    def __str__(self) -> str:
        return f"{self.directory_id} {self.user_id}"


class DirectoryGroup(models.Model):
    """A group of a directory; with a workspace, its people have that role there."""

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="groups")
    display_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=254, blank=True)
    workspace = models.ForeignKey(
        "accounts.Workspace", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    role = models.CharField(max_length=10, choices=Role.choices, blank=True)
    people = models.ManyToManyField("accounts.User", related_name="directory_groups")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "display_name"], name="one_group_per_name")
        ]

    def __str__(self) -> str:
        return self.display_name


class DirectoryGrant(models.Model):
    """A role that groups gave somebody, and the one they had before; "" for none."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices)
    before = models.CharField(max_length=10, choices=Role.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "workspace"], name="one_grant_per_workspace")
        ]

    def __str__(self) -> str:
        return self.role

"""People, workspaces, and the roles of people in workspaces."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.directories.tables import Directory as Directory  # noqa: PLC0414
from admin_ui.accounts.directories.tables import DirectoryGrant as DirectoryGrant  # noqa: PLC0414
from admin_ui.accounts.directories.tables import DirectoryGroup as DirectoryGroup  # noqa: PLC0414
from admin_ui.accounts.directories.tables import DirectoryUser as DirectoryUser  # noqa: PLC0414
from admin_ui.accounts.domains.tables import AllowedDomain as AllowedDomain  # noqa: PLC0414
from admin_ui.accounts.domains.tables import JoinLink as JoinLink  # noqa: PLC0414
from admin_ui.accounts.keys.api_key import ApiKey as ApiKey  # noqa: PLC0414  # for others
from admin_ui.accounts.permissions import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; `password=None` makes one who must set a password by link first."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class Theme(models.TextChoices):
    """Light or dark, on every page and in every browser of a person."""

    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    """How high the rows of lists are."""

    COMFORTABLE = "comfortable", _("Comfortable")
    COMPACT = "compact", _("Compact")


def shown_name(empty: models.Expression = RawSQL("''", ())) -> Lower:  # noqa: B008
    """Return what lists of people sort by: the name, or the address of a person without one.

    `empty` is written out, since SQLite finds no index of an expression with a parameter.
    """
    name = NullIf(models.F("name"), empty)
    return Lower(Coalesce(name, models.F("email"), output_field=models.CharField()))


class User(AbstractBaseUser):
    """A person who signs in by email, or a service account. Deactivated rather than deleted."""

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    is_owner = models.BooleanField(default=False, help_text="Admin in every workspace.")
    is_service = models.BooleanField(
        default=False, db_default=False, help_text="A program with API keys, which never signs in."
    )
    date_joined = models.DateTimeField(default=timezone.now)
    vouched_by = models.CharField(
        max_length=254, blank=True, help_text="Who made the link that created the account."
    )
    link_seed = models.CharField(
        max_length=40, blank=True, help_text="Makes only the newest password link work."
    )
    session_epoch = models.PositiveIntegerField(
        default=0, help_text="Counts how often all sessions and password links were ended."
    )

    zone = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Empty is the browser's."
    )
    language = models.CharField(max_length=20, blank=True, default="", db_default="")
    theme = models.CharField(
        max_length=10,
        choices=Theme,
        blank=True,
        default="",
        db_default="",
        help_text="Empty is what each browser remembers.",
    )
    density = models.CharField(
        max_length=15,
        choices=Density,
        default=Density.COMFORTABLE,
        db_default=Density.COMFORTABLE.value,
    )
    hides_steps = models.BooleanField(
        default=False, db_default=False, help_text="Has closed the first steps on Home."
    )
    last_active_on = models.DateField(
        null=True, blank=True, help_text="The last day, in UTC, on which they used the dashboard."
    )

    may_have_copies = True
    """False where a page that only reads knows that no form is kept for the person (`stash`)."""

    has_second_factor: bool | None = None
    unread_notices: int | None = None
    """Whether they have an app or a passkey, and how many unread notices, where a page knows."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_ci")]
        indexes = [
            # Spares PostgreSQL sorting a whole team. SQLite sorts it, which takes as long.
            models.Index(shown_name(models.Value("")), name="user_by_shown_name"),
            # The few whom a team does not list as members.
            models.Index(
                fields=["email"],
                condition=models.Q(is_owner=True) | models.Q(is_service=True),
                name="user_owner_or_service",
            ),
        ]

    def __str__(self) -> str:
        if self.is_service:
            return f"service account {self.name}"  # as the history keeps it
        return self.name or self.email

    @property
    def audit_name(self) -> str:
        """What security events call them: a person by the address, which only they have."""
        return str(self) if self.is_service else self.email

    @property
    def last_known_day(self) -> date | None:
        """The last day on which they used the dashboard, or signed in before that was recorded."""
        signed_in = self.last_login.astimezone(UTC).date() if self.last_login else None
        return self.last_active_on or signed_in

    def get_session_auth_hash(self) -> str:
        if self.is_service:  # no session is ever that of a service account
            return get_random_string(32)
        return self._of_this_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._of_this_epoch, super().get_session_auth_fallback_hash())

    def _of_this_epoch(self, hashed: str) -> str:
        return f"{hashed}{self.session_epoch}" if self.session_epoch else hashed


class Workspace(models.Model):
    """The tenant: people, connections and assistants belong to exactly one."""

    slug = models.SlugField(unique=True, max_length=50)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(
        null=True, blank=True, help_text="Nobody opens it from then on."
    )
    requires_note = models.BooleanField(
        default=False, db_default=False, help_text="Whether each change by a member needs a note."
    )
    note_hint = models.CharField(
        max_length=300, blank=True, db_default="", help_text="What a note should say."
    )

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A user's role in a workspace."""

    has_others, waiting_reviews = False, 0
    """Known on the pages of a workspace: other workspaces, and reviews that wait for the person."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    is_narrowed = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether they may change only some assistants, or only some fields.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_member_per_user")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    @property
    def can_be_narrowed(self) -> bool:
        """Whether their rights can be limited: an admin's could be given back at once."""
        return self.role != Role.ADMIN and not self.user.is_owner


class InvitationRows(models.QuerySet["Invitation"]):
    def listed(self) -> "InvitationRows":
        """Return what is neither accepted nor revoked: one for an address, if any."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> "InvitationRows":
        """Return what can be accepted now."""
        return self.listed().filter(declined_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An offer to join a workspace, made to one email address and accepted by its owner.

    The token of its link is kept as a hash, and is `None` where a link has yet to be made. It is
    `revoked_at` too when another one replaces it, or when somebody takes it off the list.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(help_text="In lower case.")
    name = models.CharField(max_length=150, blank=True, help_text="For a new account.")
    role = models.CharField(max_length=10, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True, null=True, help_text="SHA-256.")
    mailed = models.BooleanField(default=False, help_text="Only the address was given the link.")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        """Whether it has been declined or has expired, so that only another link helps."""
        return self.declined_at is not None or self.has_expired


class Stash(models.Model):
    """A form that a person typed and that could not be stored where it belongs; see `stash`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    tab = models.CharField(
        max_length=500,
        blank=True,
        default="",
        help_text="The open page that sent the form, or what its note is about; empty for neither.",
    )
    body = models.BinaryField(help_text="The url-encoded form, compressed.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "path", "tab"], name="one_stash_per_tab")
        ]

    def __str__(self) -> str:
        return self.path


class OpenSession(models.Model):
    """A browser in which a person is signed in, as their account page lists it.

    The session itself is Django's; when that ends, this row means nothing any more.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=45, blank=True, help_text="Of the newest use.")
    started_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.browser} {self.system}".strip()

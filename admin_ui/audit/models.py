"""Security events: who did what to whom and from where, only ever added to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """What happened, as stored."""

    SIGN_IN = "sign_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Failed to sign in")
    LOCKED_OUT = "locked_out", _("Sign-in refused for a while")
    PASSWORD = "password", _("Password changed")
    WRONG_CURRENT = "wrong_current", _("Wrong current password")
    WRONG_CODE = "wrong_code", _("Wrong code of a second factor")
    FACTOR_ADDED = "factor_added", _("Second factor or passkey added")
    FACTOR_REMOVED = "factor_removed", _("Second factor or passkey removed")
    FACTORS_RESET = "factors_reset", _("Second factor reset")
    RECOVERY_CODES = "recovery_codes", _("Recovery codes made")
    RECOVERY_CODE_USED = "recovery_code_used", _("Recovery code used")
    IDENTITY_LINKED = "identity_linked", _("Account connected with an identity provider")
    SESSIONS_ENDED = "sessions_ended", _("Signed out in other browsers")
    LINK = "link", _("Password link created")
    ACCOUNT = "account", _("Account created")
    PROFILE = "profile", _("Name, address or time zone changed")
    DEACTIVATED = "deactivated", _("Account deactivated")
    REACTIVATED = "reactivated", _("Account reactivated")
    OWNER = "owner", _("Owner added or removed")
    INVITED = "invited", _("Invitation created")
    INVITATION_REVOKED = "invitation_revoked", _("Invitation revoked")
    INVITATION_DECLINED = "invitation_declined", _("Invitation declined")
    JOINED = "joined", _("Joined the workspace")
    DOMAIN = "domain", _("Domain allowed to join, or withdrawn")
    ROLE = "role", _("Role changed")
    NARROWED = "narrowed", _("Limits on what a member can change")
    LEFT = "left", _("Removed from the workspace")
    KEY_CREATED = "key_created", _("API key created")
    KEY_REVOKED = "key_revoked", _("API key revoked")
    KEY_REPLACED = "key_replaced", _("API key replaced")
    CONNECTION_CREATED = "connection_created", _("Connection added")
    CONNECTION_CHANGED = "connection_changed", _("Connection changed")
    CONNECTION_REMOVED = "connection_removed", _("Connection removed")
    FILE_ADDED = "file_added", _("File uploaded")
    STORE_MADE = "store_made", _("Vector store created")
    DRAFT_MOVED = "draft_moved", _("Someone else's draft handed over or discarded")
    METADATA_KEY = "metadata_key", _("Metadata key described or removed")
    KEYS_ROTATED = "keys_rotated", _("Credentials encrypted with the newest key")
    SERVICE_ACCOUNT = "service_account", _("Service account created, changed or deleted")
    DIRECTORY = "directory", _("Directory or one of its groups changed")
    WORKSPACE = "workspace", _("Workspace created")
    WORKSPACE_CHANGED = "workspace_changed", _("Workspace changed, archived or reopened")
    WEBHOOK = "webhook", _("Webhook added, changed or deleted")
    FREEZE = "freeze", _("Freeze window added or ended")
    APPROVALS = "approvals", _("Approval policy changed")
    APPROVAL_OVERRIDDEN = "approval_overridden", _("Published without approval")
    EXPORT = "export", _("Exported")
    ERASED = "erased", _("Text erased from the history")
    HISTORY_IMPORTED = "history_imported", _("History imported")
    LOG_CUT = "log_cut", _("Oldest events moved to a file")


class AuditEvent(models.Model):
    """One security event. Events of a workspace form a chain, those of the instance another.

    `actor_name` and `about` are kept as text, so that an event reads the same for ever.
    """

    workspace = models.ForeignKey(
        "accounts.Workspace", on_delete=models.PROTECT, null=True, related_name="+"
    )
    chain = models.PositiveBigIntegerField(help_text="The workspace's id, 0 for the instance.")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=30, help_text="One of `EventKind`.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=254, help_text="Email address, or a program's name.")
    about = models.CharField(max_length=254, help_text="Who or what it was done to.")
    details = models.JSONField(default=dict)
    address = models.CharField(max_length=45, blank=True, help_text="Network address of the actor.")
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_audit_number")]
        indexes = [
            models.Index(fields=["chain", "-at", "-number"], name="audit_by_time"),
            models.Index(fields=["chain", "kind", "-at", "-number"], name="audit_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class AuditChain(models.Model):
    """The end of a chain: its row is held while an event is added, so that numbers have no gap."""

    chain = models.PositiveBigIntegerField(primary_key=True)
    last_number = models.PositiveBigIntegerField(default=0)
    last_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.chain)


class AuditCut(models.Model):
    """Where a chain begins, since older events were moved to a file. A trigger lets the database
    delete those events and no others."""

    chain = models.PositiveBigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(
        help_text="Of the last event that was moved, and so how many were."
    )
    digest = models.CharField(max_length=64, help_text="Of that event.")
    cut_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.chain} up to {self.number}"


class AuditForward(models.Model):
    """How far the events of a chain were sent to a receiver outside."""

    receiver = models.CharField(max_length=64, help_text="SHA-256 of its address.")
    chain = models.PositiveBigIntegerField()
    number = models.PositiveBigIntegerField(help_text="Of the last event that it has.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receiver", "chain"], name="one_place_per_receiver")
        ]

    def __str__(self) -> str:
        return f"{self.chain} up to {self.number}"


class Budget(models.Model):
    """How often something was tried lately: one count for all processes.

    Failures that no event tells yet are counted in `unreported`, so that many make one event.
    """

    key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of what is counted.")
    count = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(null=True, help_text="When `count` began.")
    expires_at = models.DateTimeField(help_text="When the last try no longer counts.")
    earlier = models.PositiveIntegerField(default=0, help_text="Tries before `count` began.")
    earlier_until = models.DateTimeField(null=True, help_text="When those no longer count.")
    kind = models.CharField(max_length=30, blank=True, help_text="Of the event that tells of it.")
    about = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=45, blank=True)
    unreported = models.PositiveIntegerField(default=0)
    report_at = models.DateTimeField(null=True, help_text="When the next event may be added.")

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], name="budget_expires"),
            models.Index(
                fields=["report_at"],
                condition=models.Q(unreported__gt=0),
                name="budget_unreported",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"


class KnownNetwork(models.Model):
    """A network from which a person has signed in before."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=45)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "network"], name="one_row_per_network")
        ]
        indexes = [models.Index(fields=["last_at"], name="known_network_last")]

    def __str__(self) -> str:
        return self.network

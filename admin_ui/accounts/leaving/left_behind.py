"""API keys and invitations of somebody who leaves: each is revoked unless it is kept."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.invitations.invitations import end_invitation
from admin_ui.accounts.keys.keys import keys_in_force, revoke_api_key
from admin_ui.accounts.leaving.belongings import Belonging, BelongingChoice, Belongings
from admin_ui.accounts.models import ApiKey, Invitation, User, Workspace
from admin_ui.accounts.permissions import KEY_READS, KEY_WRITES, Action
from admin_ui.display.times import dated

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Revocable(Belongings):
    """Rows of one table that name who made them, and that can be revoked."""

    keep: "StrPromise"

    @abstractmethod
    def in_force(self) -> QuerySet[Any]:
        """Return the rows of everybody that can still be revoked."""

    @abstractmethod
    def name(self, row: Any) -> str:
        """Return what the row is called on the page."""

    @abstractmethod
    def facts(self, row: Any) -> Sequence[str]:
        """Return what helps to decide about the row."""

    @abstractmethod
    def needs(self, row: Any, /) -> frozenset[Action]:
        """Return what a role must allow for the row to be worth no more than the role."""

    @abstractmethod
    def revoke(self, row: Any) -> None:
        """End what the row allows."""

    def of(self, user: User, workspace: Workspace | None) -> list[Belonging]:
        rows = self.in_force().filter(created_by=user).select_related("workspace")
        if workspace is not None:
            rows = rows.filter(workspace=workspace)
        choices = (
            BelongingChoice("revoke", _("Revoke it")),
            BelongingChoice("keep", str(self.keep)),
        )
        return [
            Belonging(
                kind=self.kind,
                pk=row.pk,
                workspace=row.workspace,
                name=self.name(row),
                facts=self.facts(row),
                choices=choices,
                needs=self.needs(row),
            )
            for row in rows.order_by("workspace", "pk")
        ]

    def decide(self, belonging: Belonging, value: str) -> None:
        row = self.in_force().select_related("workspace").filter(pk=belonging.pk).first()
        if row is not None and value == "revoke":
            self.revoke(row)


class Keys(Revocable):
    """API keys in force that the person made; an application may depend on each.

    Those of a service account stay with it.
    """

    kind = "key"
    title = gettext_lazy("API keys they created")
    help = gettext_lazy(
        "Each key works until it is revoked or expires. Revoke those that no application needs."
    )
    keep = gettext_lazy("Keep it active")

    def in_force(self) -> QuerySet[ApiKey]:
        return keys_in_force().filter(service=None)

    def name(self, row: ApiKey) -> str:
        return row.name

    def facts(self, row: ApiKey) -> Sequence[str]:
        may = _("may read and write") if row.can_write else _("may only read")
        used = _("last used") if row.last_used_at else _("never used")
        return [f"{row.prefix}…", may, format_html("{} {}", used, dated(row.last_used_at))]

    def needs(self, row: ApiKey) -> frozenset[Action]:
        return KEY_WRITES if row.can_write else KEY_READS

    def revoke(self, row: ApiKey) -> None:
        revoke_api_key(key=row)


class Invitations(Revocable):
    """Links that the person made, and that somebody else may still use."""

    kind = "invitation"
    title = gettext_lazy("Invitations they created")
    help = gettext_lazy("Each link works until it is used or revoked, or expires.")
    keep = gettext_lazy("Keep it open")

    def in_force(self) -> QuerySet[Invitation]:
        return Invitation.objects.open()

    def name(self, row: Invitation) -> str:
        return row.email

    def facts(self, row: Invitation) -> Sequence[str]:
        return [row.get_role_display()]

    def needs(self, _row: Invitation) -> frozenset[Action]:
        return frozenset({Action.MANAGE_TEAM})

    def revoke(self, row: Invitation) -> None:
        end_invitation(row)

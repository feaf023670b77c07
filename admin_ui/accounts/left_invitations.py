"""Open invitations that somebody who leaves has made: one kind of belongings."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from admin_ui.accounts.belongings import Belonging, Belongings, Choice
from admin_ui.accounts.models import Invitation, User, Workspace
from admin_ui.audit.models import Kind
from admin_ui.audit.record import record


class Invitations(Belongings):
    """Links that the person made, and that somebody else may still use."""

    kind = "invitation"
    title = _lazy("Invitations they made")
    help = _lazy("Each link works until it is accepted, revoked or over.")

    def of(self, user: User, workspace: Workspace | None) -> list[Belonging]:
        rows = Invitation.objects.filter(
            created_by=user, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
        )
        if workspace is not None:
            rows = rows.filter(workspace=workspace)
        choices = (Choice("revoke", _("Revoke it")), Choice("keep", _("Keep it open")))
        return [
            Belonging(
                kind=self.kind,
                pk=row.pk,
                workspace=row.workspace,
                name=row.email,
                facts=[str(row.get_role_display())],
                choices=choices,
            )
            for row in rows.select_related("workspace").order_by("workspace", "pk")
        ]

    def decide(self, belonging: Belonging, value: str) -> None:
        rows = Invitation.objects.filter(pk=belonging.pk, accepted_at=None, revoked_at=None)
        if value == "revoke" and rows.update(revoked_at=timezone.now()):
            record(Kind.INVITATION_REVOKED, workspace=belonging.workspace, about=belonging.name)

"""API keys of somebody who leaves: listed for a decision, as one kind of belongings."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from admin_ui.accounts.belongings import Belonging, Belongings, Choice
from admin_ui.accounts.keys import keys_in_force, revoke_api_key
from admin_ui.accounts.models import ApiKey, User, Workspace
from admin_ui.times import ago


class Keys(Belongings):
    """API keys in force that the person made; an application may depend on each."""

    kind = "key"
    title = _lazy("API keys they created")
    help = _lazy("A key works without an account. Revoke what no application needs.")

    def of(self, user: User, workspace: Workspace | None) -> list[Belonging]:
        rows = keys_in_force().filter(created_by=user).select_related("workspace")
        if workspace is not None:
            rows = rows.filter(workspace=workspace)
        choices = (Choice("revoke", _("Revoke it")), Choice("keep", _("Keep it in force")))
        return [
            Belonging(
                kind=self.kind,
                pk=key.pk,
                workspace=key.workspace,
                name=key.name,
                facts=_facts(key),
                choices=choices,
            )
            for key in rows.order_by("workspace", "pk")
        ]

    def decide(self, belonging: Belonging, value: str) -> None:
        key = keys_in_force().select_related("workspace").filter(pk=belonging.pk).first()
        if key is not None and value == "revoke":
            revoke_api_key(key=key)


def _facts(key: ApiKey) -> list[str]:
    may = _("may read and write") if key.can_write else _("may only read")
    used = _("last used") if key.last_used_at else _("never used")
    return [f"{key.prefix}…", may, format_html("{} {}", used, ago(key.last_used_at))]

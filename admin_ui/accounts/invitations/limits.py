"""How many invitations a workspace can make, since each may be a mail to a stranger."""

from datetime import timedelta

from admin_ui.accounts.models import Workspace
from admin_ui.audit.budgets import Limit, count_try, seconds_to_wait

INVITATIONS_TO_ADDRESS = Limit("invitations to an address", most=5, within=timedelta(days=1))
INVITATIONS_OF_WORKSPACE = Limit("invitations of a workspace", most=100, within=timedelta(hours=1))


class TooManyInvitations(Exception):
    """The `limit` allows no invitation for `seconds`; nothing was changed."""

    def __init__(self, limit: Limit, seconds: int) -> None:
        super().__init__(f"{limit.name}: {limit.most} in {limit.within}")
        self.limit = limit
        self.seconds = seconds

    @property
    def is_of_address(self) -> bool:
        """Whether the workspace can still invite other addresses."""
        return self.limit == INVITATIONS_TO_ADDRESS


def count_invitation(workspace: Workspace, email: str) -> None:
    """Count one more invitation, or raise `TooManyInvitations`. The workspace is held."""
    spent = [
        (INVITATIONS_TO_ADDRESS, INVITATIONS_TO_ADDRESS.key(str(workspace.pk), email)),
        (INVITATIONS_OF_WORKSPACE, INVITATIONS_OF_WORKSPACE.key(str(workspace.pk))),
    ]
    for limit, key in spent:
        if seconds := seconds_to_wait([(limit, key)]):
            raise TooManyInvitations(limit, seconds)
    count_try(spent)

"""Two people at the same moment: links used, accepted and revoked at once."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from admin_ui.accounts.invitations import invitations
from admin_ui.accounts.models import Invitation, Member, User, Workspace
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.services import save_account
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
VICTIM = "victim@example.com"
MOMENT = 0.5
"""Seconds for which the first one holds what they have written, before committing it."""


def invited(workspace: Workspace) -> Invitation:
    return invitations.invite(
        actor=SYSTEM, workspace=workspace, email=VICTIM, role=Role.VIEWER, shows_link=True
    ).invitation


def one_after_the_other(first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """Do `second` while `first` is done but not committed; returns what each ended in."""
    ends = ["", ""]
    written = threading.Event()

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                work()
                if number == 0:
                    written.set()
                    time.sleep(MOMENT)
            ends[number] = "done"
        except Exception as error:
            ends[number] = type(error).__name__
        finally:
            written.set()
            connection.close()

    threads = [threading.Thread(target=run, args=(0, first))]
    threads[0].start()
    written.wait()
    threads.append(threading.Thread(target=run, args=(1, second)))
    threads[1].start()
    for thread in threads:
        thread.join()
    return ends


def use(invitation: Invitation, password: str) -> Callable[[], Any]:
    return lambda: invitations.accept_with_new_account(
        invitation=invitation, name="N", password=password
    )


@pytest.mark.parametrize("left_over", [False, True])
def test_links_of_two_workspaces_used_at_once_make_one_account(cast: Cast, left_over: bool) -> None:
    """Main's admin kept the link, and uses it just as the victim joins elsewhere."""
    if left_over:
        User.objects.create_user(VICTIM)
    kept, hers = invited(cast.workspace), invited(cast.stranger.workspace)
    assert one_after_the_other(use(hers, "hers"), use(kept, "his")) == ["done", "NotInvited"]
    victim = User.objects.get(email=VICTIM)
    assert victim.check_password("hers")
    assert victim.memberships.get().workspace == cast.stranger.workspace


@pytest.mark.parametrize("has_account", [False, True])
def test_what_is_revoked_at_that_moment_is_not_accepted(cast: Cast, has_account: bool) -> None:
    invitation = invited(cast.workspace)
    accept = use(invitation, "hers")
    if has_account:
        user, _ = save_account(email=VICTIM, password="hers")
        accept = partial(
            invitations.accept_invitation, user=user, invitation=invitation, holds_link=True
        )
    revoke = lambda: invitations.revoke_invitation(actor=SYSTEM, invitation=invitation)  # noqa: E731
    assert one_after_the_other(revoke, accept) == ["done", "InvitationClosed"]
    assert not Member.objects.filter(user__email=VICTIM).exists()


def test_what_is_accepted_at_that_moment_is_not_revoked(cast: Cast) -> None:
    invitation = invited(cast.workspace)
    revoke = lambda: invitations.revoke_invitation(actor=SYSTEM, invitation=invitation)  # noqa: E731
    assert one_after_the_other(use(invitation, "hers"), revoke) == ["done", "InvitationClosed"]
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


def test_a_new_link_made_at_that_moment_ends_the_old_one(cast: Cast) -> None:
    old = invited(cast.workspace)
    ends = one_after_the_other(lambda: invited(cast.workspace), use(old, "hers"))
    assert ends == ["done", "InvitationClosed"]


def test_two_tabs_accept_once(cast: Cast) -> None:
    user, _ = save_account(email=VICTIM, password="hers")
    invitation = invited(cast.workspace)
    accept = partial(
        invitations.accept_invitation, user=user, invitation=invitation, holds_link=True
    )
    assert one_after_the_other(accept, accept) == ["done", "InvitationClosed"]
    assert Member.objects.filter(user=user).count() == 1


def test_of_many_who_use_a_link_at_once_one_creates_the_account(cast: Cast) -> None:
    invitation = invited(cast.workspace)
    came_in: list[int] = []
    ready = threading.Barrier(4)

    def use(number: int) -> None:
        try:
            ready.wait()
            invitations.accept_with_new_account(
                invitation=invitation, name=f"N{number}", password=f"passphrase {number}"
            )
            came_in.append(number)
        except (invitations.InvitationClosed, invitations.NotInvited):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = came_in
    assert User.objects.get(email=VICTIM).check_password(f"passphrase {winner}")

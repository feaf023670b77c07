"""Inviting many people at once: what each line of a list leads to, and doing it.

A line that cannot be invited never stops the others. A list is sent as a `batch`, whose second
sending finds the invitations of the first.
"""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from admin_ui.accounts.invitations.invitations import AlreadyInvited, make_invitation
from admin_ui.accounts.invitations.limits import TooManyInvitations
from admin_ui.accounts.invitations.links import link_with, token_digest, token_of_batch
from admin_ui.accounts.invitations.sending import send_invitation
from admin_ui.accounts.models import Invitation, Member
from admin_ui.accounts.permissions import ALLOWED, Role, allowed_to
from admin_ui.accounts.selectors import sends_mail
from admin_ui.accounts.services import AlreadyMember, check_actor
from admin_ui.tasks.enqueue import enqueue


@dataclass(frozen=True)
class Entry:
    """A person in a list: the number of the line, and what was read of it.

    `given` is the text as written. `problem` says in a sentence why it is not an address. A `role`
    of None is one that does not exist; `given_role` is its text.
    """

    number: int
    given: str
    email: str = ""
    name: str = ""
    role: Role | None = None
    given_role: str = ""
    problem: str = ""


class LineStatus(StrEnum):
    GOOD = "good"
    INVITED = "invited"
    LISTED = "listed"
    MEMBER = "member"
    TWICE = "twice"
    ROLE = "role"
    BAD = "bad"
    LIMITED = "limited"
    ENDED = "ended"


@dataclass(frozen=True)
class Line:
    """What an entry leads to.

    `invitation` is the one made, or the one that is open. `link` is there where a person has to
    hand it over. `first` is the number of the line with the same address.
    """

    entry: Entry
    status: LineStatus
    invitation: Invitation | None = None
    link: str = ""
    first: int = 0
    limit: TooManyInvitations | None = None


def may_give(actor: Member, role: Role | None) -> bool:
    """Return whether `actor` may give a role: none that may do more than their own."""
    return role is not None and ALLOWED[role] <= allowed_to(actor)


def check_list(*, actor: Member, entries: Iterable[Entry], batch: str = "") -> list[Line]:
    """Return what inviting these people would do, in two queries; changes nothing.

    With `batch`, invitations that it has made already are `INVITED`. Raises `NotAllowed`.
    """
    check_actor(actor, actor.workspace)
    entries = list(entries)
    emails = {entry.email for entry in entries if not entry.problem}
    own = {token_digest(_token(actor, batch, email)) for email in emails} if batch else set[str]()
    listed = Q(accepted_at=None, revoked_at=None, email__in=emails)
    found = Invitation.objects.filter(listed | Q(digest__in=own), workspace=actor.workspace)
    team = Member.objects.filter(workspace=actor.workspace, user__email__in=emails)
    known = _Known(
        actor=actor,
        batch=batch,
        members=set(team.values_list("user__email", flat=True)),
        # What this batch has made counts, even if it has ended and another one is open.
        invitations={row.email: row for row in sorted(found, key=lambda row: row.digest in own)},
    )
    lines: list[Line] = []
    first: dict[str, int] = {}
    for entry in entries:
        if not entry.problem and entry.email in first:
            lines.append(Line(entry, LineStatus.TWICE, first=first[entry.email]))
            continue
        line = known.line(entry)
        lines.append(line)
        if line.status not in (LineStatus.BAD, LineStatus.ROLE):
            first[entry.email] = entry.number
    return lines


def invite_several(
    *, actor: Member, entries: Iterable[Entry], again: Collection[int], batch: str
) -> list[Line]:
    """Invite everybody in the list who can be; returns what each line led to.

    `again` has the IDs of open invitations to replace; others stay as they are. Each person is
    invited in a transaction of their own. With mail, a task sends each link. Raises `NotAllowed`.
    """
    lines = check_list(actor=actor, entries=entries, batch=batch)
    full: TooManyInvitations | None = None
    for place, line in enumerate(lines):
        is_wanted = line.invitation is not None and line.invitation.pk in again
        if line.status is not LineStatus.GOOD and not (
            line.status is LineStatus.LISTED and is_wanted
        ):
            continue
        if full is not None:
            lines[place] = replace(line, status=LineStatus.LIMITED, limit=full)
            continue
        lines[place] = done = _invite(actor, line.entry, again, batch)
        if done.limit and not done.limit.is_of_address:
            full = done.limit
    return lines


def _invite(actor: Member, entry: Entry, again: Container[int], batch: str) -> Line:
    token, mailed = _token(actor, batch, entry.email), sends_mail()
    try:
        with transaction.atomic():
            row = make_invitation(
                actor=actor,
                workspace=actor.workspace,
                email=entry.email,
                role=Role(entry.role or ""),
                name=entry.name,
                token=token,
                mailed=mailed,
                replaces=again,
            )
            if mailed:
                enqueue(send_invitation, row.pk, batch)
    except AlreadyMember:
        return Line(entry, LineStatus.MEMBER)
    except AlreadyInvited as error:  # since the list was checked; by the same batch, perhaps
        return _of_invitation(actor, batch, entry, error.invitation)
    except TooManyInvitations as error:
        return Line(entry, LineStatus.LIMITED, limit=error)
    return _of_invitation(actor, batch, entry, row)


@dataclass(frozen=True)
class _Known:
    """What the database says about the addresses of a list."""

    actor: Member
    batch: str
    members: set[str]
    invitations: dict[str, Invitation]

    def line(self, entry: Entry) -> Line:
        if entry.problem:
            return Line(entry, LineStatus.BAD)
        if entry.email in self.members:
            return Line(entry, LineStatus.MEMBER)
        if not may_give(self.actor, entry.role):
            return Line(entry, LineStatus.ROLE)
        if row := self.invitations.get(entry.email):
            return _of_invitation(self.actor, self.batch, entry, row)
        return Line(entry, LineStatus.GOOD)


def _of_invitation(actor: Member, batch: str, entry: Entry, row: Invitation) -> Line:
    token = _token(actor, batch, entry.email)
    if not batch or row.digest != token_digest(token):
        return Line(entry, LineStatus.LISTED, row)
    if row.revoked_at or row.accepted_at or row.is_over:
        return Line(entry, LineStatus.ENDED, row)
    return Line(entry, LineStatus.INVITED, row, link="" if row.mailed else link_with(token))


def _token(actor: Member, batch: str, email: str) -> str:
    return token_of_batch(batch, maker=actor.user.pk, workspace=actor.workspace.pk, email=email)

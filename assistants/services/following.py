"""Who hears what happens to an assistant: its followers."""

from collections.abc import Collection

from django.db.models import QuerySet

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening
from assistants.models import Assistant, Draft, Follow
from assistants.selectors.one_assistant import is_followed_by, made_change

FOLLOWED_KINDS = frozenset(
    {
        NoticeKind.PUBLISHED,
        NoticeKind.DELETED,
        NoticeKind.SCHEDULED,
        NoticeKind.FAILED,
        NoticeKind.REFUSED,
        NoticeKind.CHANGED_OUTSIDE,
        NoticeKind.IN_DOUBT,
        NoticeKind.WITHOUT_APPROVAL,
        NoticeKind.OVERRIDDEN,
    }
)
"""What followers hear of. A discussion concerns those who take part in it."""


def is_following(*, user: User, assistant: Assistant) -> bool:
    """Return whether `user` hears what happens to `assistant`. One query."""
    rows = Assistant.objects.filter(pk=assistant.pk)
    return rows.filter(is_followed_by(user.pk)).exists()


def set_follow(*, user: User, assistant: Assistant, is_on: bool) -> None:
    """Follow `assistant`, or hear of it no more, also if one writes it."""
    Follow.objects.update_or_create(user=user, assistant=assistant, defaults={"is_on": is_on})


def followers(happening: Happening) -> set[int]:
    """Return the ids of those who follow the assistant of a happening, if it is about one."""
    pk = happening.details.get("assistant")
    if pk is None or happening.kind not in FOLLOWED_KINDS:
        return set()
    chosen = dict(Follow.objects.filter(assistant_id=pk).values_list("user_id", "is_on"))
    drafting = Draft.objects.filter(assistant_id=pk).values_list("user_id", flat=True)
    found = {*chosen, *drafting, *_wrote(pk, happening.workspace_id)}
    return {user for user in found if chosen.get(user, True)}


def _wrote(assistant: int, workspace: int) -> QuerySet[Member, int]:
    """Return the ids of members, and of owners, who made or wrote a change of an assistant.

    Looked up for each of them in an index, so that ten thousand changes cost no more than one.
    """
    members = Member.objects.filter(made_change(assistant, "user"), workspace=workspace)
    owners = User.objects.filter(made_change(assistant, "pk"), is_owner=True)
    return members.values_list("user_id", flat=True).union(owners.values_list("pk", flat=True))


def forget_follows(user: User, workspace: Workspace | None, kept: Collection[int]) -> None:
    """Let a person who loses `workspace`, or all but the `kept` ones, follow nothing there."""
    rows = Follow.objects.filter(user=user).exclude(assistant__workspace__in=kept)
    (rows.filter(assistant__workspace=workspace) if workspace else rows).delete()

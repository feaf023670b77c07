"""Who hears what happens to an assistant: its followers."""

from collections.abc import Collection

from admin_ui.accounts.models import User, Workspace
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening
from assistants.models import Assistant, Draft, Follow

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
    """Return whether `user` hears what happens to `assistant`."""
    chosen = Follow.objects.filter(user=user, assistant=assistant).first()
    if chosen is not None:
        return chosen.is_on
    return Draft.objects.filter(user=user, assistant=assistant).exists()


def set_follow(*, user: User, assistant: Assistant, is_on: bool) -> None:
    """Follow `assistant`, or hear of it no more, also after a publish of one's own."""
    Follow.objects.update_or_create(user=user, assistant=assistant, defaults={"is_on": is_on})


def followers(happening: Happening) -> set[int]:
    """Return the ids of those who follow the assistant of a happening, if it is about one."""
    pk = happening.details.get("assistant")
    if pk is None or happening.kind not in FOLLOWED_KINDS:
        return set()
    chosen = dict(Follow.objects.filter(assistant_id=pk).values_list("user_id", "is_on"))
    drafting = Draft.objects.filter(assistant_id=pk).values_list("user_id", flat=True)
    return {user for user in {*chosen, *drafting} if chosen.get(user, True)}


def follow_what_was_published(happening: Happening) -> None:
    """Let those who wrote or published a change follow its assistant, unless they decided.

    Of a change request only its publisher does: the others may have reviewed it.
    """
    if happening.kind != NoticeKind.PUBLISHED or "assistant" not in happening.details:
        return
    wrote = [happening.actor_id] if "change_request" in happening.details else happening.people
    rows = [
        Follow(user_id=user, assistant_id=happening.details["assistant"])
        for user in filter(None, wrote)
    ]
    Follow.objects.bulk_create(rows, ignore_conflicts=True)


def forget_follows(user: User, workspace: Workspace | None, kept: Collection[int]) -> None:
    """Let a person who loses `workspace`, or all but the `kept` ones, follow nothing there."""
    rows = Follow.objects.filter(user=user).exclude(assistant__workspace__in=kept)
    (rows.filter(assistant__workspace=workspace) if workspace else rows).delete()

"""Drafts of people who can no longer edit them: taking over, handing over, discarding.

While its author can edit, only the author decides; a publisher can only publish it.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.leaving.belongings import Belonging, BelongingChoice, Belongings, Undecided
from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.accounts.services import lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.display.isolation import isolated
from admin_ui.display.times import dated
from assistants.models import Assistant, Draft, Presence
from assistants.selectors.left import editors_of, has_left
from assistants.services.editing.drafts import forget_untouched
from assistants.services.errors import DraftMoved, HasDraft, NotLeft
from assistants.services.ledger.record import lock_assistant, plain
from assistants.wording import summary

LEAVE, DISCARD, GIVE = "leave", "discard", "give-"


def writers_of(draft: Draft, *, author: User) -> str:
    """Return the names, for the history, of the people other than `author` who wrote `draft`."""
    names = [draft.writers, "" if draft.user_id == author.pk else str(draft.user)]
    return ", ".join(filter(None, names)) if draft.writers else ""


def take_over(*, author: Member, assistant: Assistant, user: User) -> Draft:
    """Make the draft of `user`, who has left, the author's own. Returns it.

    Raises `NotAllowed`, `NotLeft`, `Draft.DoesNotExist`, and `HasDraft` when the author has a draft
    of this assistant already, which is never overwritten.
    """
    with transaction.atomic():
        draft = _hold_left(author, assistant, user)
        return _move(draft, author.user)


def discard_left(*, author: Member, assistant: Assistant, user: User, seen: str) -> None:
    """Drop the draft of `user`, who has left, and the assistant too if it is only this draft.

    `seen` is the digest of what the author was shown. Raises `NotAllowed`, `NotLeft`,
    `Draft.DoesNotExist`, and `DraftMoved` if it has changed since.
    """
    with transaction.atomic():
        draft = _hold_left(author, assistant, user)
        if draft.known_digest != seen:
            raise DraftMoved(draft)
        _drop(draft)


def _hold_left(author: Member, assistant: Assistant, user: User) -> Draft:
    if not can(author, Action.PUBLISH) or author.workspace_id != assistant.workspace_id:
        raise NotAllowed(Action.PUBLISH)
    lock_actor(author, Action.PUBLISH)
    row = lock_assistant(assistant.pk)
    draft = Draft.objects.select_related("user", "base").get(assistant=row, user=user)
    draft.assistant = row
    if not has_left(draft):
        raise NotLeft
    return draft


def _move(draft: Draft, to: User) -> Draft:
    """Give `draft`, whose assistant is locked, to somebody else; the history will name both."""
    if Draft.objects.filter(assistant=draft.assistant_id, user=to).exists():
        raise HasDraft
    before = draft.user
    draft.writers = plain(", ".join(filter(None, [draft.writers, str(before)])), 200)
    draft.user, draft.tab, draft.turn, draft.updated_at = to, "", 0, timezone.now()
    draft.save(update_fields=["user", "writers", "tab", "turn", "updated_at"])
    _record(draft, {"from": before.email, "to": to.email})
    return draft


def _drop(draft: Draft) -> None:
    _record(draft, {"from": draft.user.email, "discarded": True})
    draft.delete()
    forget_untouched(draft.assistant)


def _record(draft: Draft, details: dict[str, object]) -> None:
    about = plain(str(draft.assistant), 254)
    numbers = {"assistant": draft.assistant_id}
    workspace = draft.assistant.workspace
    record(EventKind.DRAFT_MOVED, workspace=workspace, about=about, details=details | numbers)


class Drafts(Belongings):
    """Open drafts of a person who leaves."""

    kind = "draft"
    title = gettext_lazy("Open drafts")
    help = gettext_lazy(
        "Nobody else can edit these. If you leave a draft, a publisher can later publish it, take"
        " it over or discard it."
    )

    def hold(self, user: User, workspace: Workspace | None) -> None:
        rows = Assistant.objects.select_for_update(of=("self",)).order_by("pk")
        rows = rows.filter(pk__in=_drafts(user, workspace).values("assistant"))
        list(rows.values_list("pk", flat=True))

    def of(self, user: User, workspace: Workspace | None) -> list[Belonging]:
        rows = _drafts(user, workspace).select_related("assistant__workspace", "base")
        found = list(rows.order_by("-updated_at", "pk"))
        editors = editors_of({row.assistant.workspace_id for row in found})
        others = Draft.objects.filter(assistant__in=[row.assistant_id for row in found])
        taken = set(others.values_list("assistant", "user"))
        return [self._belonging(row, editors, taken) for row in found]

    def _belonging(
        self, draft: Draft, editors: list[Member], taken: set[tuple[int, int]]
    ) -> Belonging:
        assistant = draft.assistant
        choices = [BelongingChoice(LEAVE, _("Leave it for a publisher to decide"))]
        choices += [
            BelongingChoice(
                f"{GIVE}{to.user_id}",
                _("Hand it over to %(person)s") % {"person": isolated(to.user)},
            )
            for to in editors
            if to.workspace_id == assistant.workspace_id
            and to.user_id != draft.user_id
            and (assistant.pk, to.user_id) not in taken
        ]
        choices.append(BelongingChoice(DISCARD, _("Discard it")))
        never = _("Never published: discarding it deletes the assistant.")
        facts = [
            summary(draft.changes) if assistant.last_number else never,
            dated(draft.updated_at),
        ]
        review = reverse("assistants:review", args=[assistant.workspace.slug, assistant.pk])
        return Belonging(
            kind=self.kind,
            pk=draft.pk,
            workspace=assistant.workspace,
            name=str(assistant),
            facts=[fact for fact in facts if fact],
            choices=choices,
            mark=draft.known_digest[:16],
            url=f"{review}?drafter={draft.user_id}",
        )

    def decide(self, belonging: Belonging, value: str) -> None:
        if value == LEAVE:
            return
        draft = Draft.objects.select_related("assistant__workspace", "user").get(pk=belonging.pk)
        if value == DISCARD:
            _drop(draft)
            return
        try:
            _move(draft, User.objects.get(pk=int(value.removeprefix(GIVE))))
        except HasDraft as error:
            raise Undecided([belonging]) from error

    def forget(self, user: User, workspace: Workspace | None) -> None:
        rows = Presence.objects.filter(user=user)
        (rows.filter(assistant__workspace=workspace) if workspace else rows).delete()


def _drafts(user: User, workspace: Workspace | None) -> QuerySet[Draft]:
    rows = Draft.objects.filter(user=user)
    return rows.filter(assistant__workspace=workspace) if workspace else rows

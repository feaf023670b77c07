"""Drafts of people who leave: handed over, discarded, or left for a publisher to decide."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.leaving.belongings import Belonging, BelongingChoice, Belongings, Undecided
from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.display.isolation import isolated
from admin_ui.display.times import dated
from assistants.models import Assistant, Draft, DraftState, Presence
from assistants.selectors.left import editors_of
from assistants.services.editing.colleagues import drop_draft, move_draft
from assistants.services.errors import HasDraft
from assistants.wording import summary

LEAVE, DISCARD, GIVE = "leave", "discard", "give-"


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
            drop_draft(draft)
            return
        try:
            move_draft(draft, User.objects.get(pk=int(value.removeprefix(GIVE))))
        except HasDraft as error:
            raise Undecided([belonging]) from error

    def forget(self, user: User, workspace: Workspace | None) -> None:
        for model in (Presence, DraftState):
            rows: QuerySet[Any] = model._default_manager.filter(user=user)
            (rows.filter(assistant__workspace=workspace) if workspace else rows).delete()


def _drafts(user: User, workspace: Workspace | None) -> QuerySet[Draft]:
    rows = Draft.objects.filter(user=user)
    return rows.filter(assistant__workspace=workspace) if workspace else rows

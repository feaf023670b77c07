"""Drafts: one person's unpublished definition of one assistant. No gateway is called here.

Code that writes or drops a draft locks the assistant's row, as publishing does at its end. So no
save slips in between reading a draft and dropping it.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from admin_ui.accounts.guard import stash
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.accounts.services import lock_actor
from admin_ui.compiled import CompiledQuery
from assistants.definition import Definition
from assistants.diff import summarise
from assistants.models import Assistant, Connection, Draft, Revision, ShownDraft
from assistants.models.begun import refer
from assistants.services.connections.saving import check_allowed
from assistants.services.editing import copies
from assistants.services.editing.states import forget_untouched, keep_before_drop, keep_before_save
from assistants.services.errors import DraftMoved
from assistants.services.ledger.outcomes import describe_draft
from assistants.services.ledger.reading import live_definition, newest_outcome
from assistants.services.ledger.record import lock_assistant, plain
from assistants.services.rights.checks import check_changes


@dataclass(frozen=True)
class EditorTab:
    """The open page that saves a draft. It keeps two pages from overwriting each other.

    `tab` names the page, `turn` counts its saves, and `seen` is the start of the digest of the
    draft that it showed ("" for none). If `seen` is None, any draft is overwritten. `typed` is the
    tab of the copy that the page was shown with; None ends all copies.
    """

    tab: str = ""
    turn: int = 0
    seen: str | None = None
    typed: str | None = ""

    def overtaken(self, draft: Draft) -> bool:
        """Return whether a later save of the same page is stored already."""
        return bool(self.tab) and draft.tab == self.tab and draft.turn > self.turn

    def is_behind(self, draft: Draft) -> bool:
        """Return whether another page has saved since this one was shown."""
        if self.seen is None or (self.tab and draft.tab == self.tab):
            return False
        return not self.seen or not draft.known_digest.startswith(self.seen)


ANYWHERE = EditorTab()
"""No page in a browser but a service or a script, which replaces any draft."""
ASKED = EditorTab(typed=None)
"""The person has confirmed that any draft and copy is replaced."""


def save_draft(
    *,
    author: Member,
    assistant: Assistant,
    definition: Definition,
    base: Revision | None,
    began: Definition | None = None,
    kind: str = "edit",
    page: EditorTab = ANYWHERE,
    typed: QueryDict | None = None,
    replaces: bool = False,
    writers: str | None = None,
) -> Draft:
    """Store `definition` as the author's draft of `assistant`, in place of an earlier one.

    `base` is the revision that was live when the person began, and `began` is its definition if the
    caller has read it. `typed` is the whole form if a part of it fits no definition; it is kept as
    typed beside the draft. Copies that this save supersedes end. A save that a later save of the
    same page has overtaken changes nothing. What was there is kept as an earlier state: now and
    then, or in any case if the save `replaces` another text. `writers` are those of the new one.
    Raises `NotAllowed` (also for a changed field that is not theirs, unless the draft has it), and
    `DraftMoved` if another page has saved since `page` was shown.
    """
    _may_edit(author)
    began = began or definition_of(base)
    changes, parts = summarise(began, definition), refer(definition)
    with transaction.atomic():
        actor = lock_actor(author, Action.EDIT_DRAFT)
        row = lock_assistant(assistant.pk)
        draft = draft_of(user=author.user, assistant=row)
        if draft is None:
            draft = Draft(assistant=row, user=author.user)
        elif page.overtaken(draft):
            return draft
        elif page.is_behind(draft):
            raise DraftMoved(draft)
        else:
            replaces = replaces or page.typed is None
            keep_before_save(draft, digest=parts.digest, by=author.user, replaces=replaces)
        held = [draft.definition] if actor.is_narrowed and draft.pk else []
        check_changes(actor, row, definition, began, *held, action=Action.EDIT_DRAFT)
        draft.base, draft.changes = base, changes
        draft.writers = draft.writers if writers is None else writers
        draft.hold(parts)
        draft.kind, draft.tab, draft.turn = kind, page.tab, page.turn
        draft.updated_at = timezone.now()
        draft.save()
        if row.live_id is None:
            describe_draft(row, definition)
        _follow(author, row, page, typed)
    return draft


def _follow(
    author: Member, row: Assistant, page: EditorTab, typed: QueryDict | None = None
) -> None:
    """End the copies that the save of `page` supersedes.

    These are its own and the one that it was shown with. Copies of another page stay, unless the
    person was asked about all of them.
    """
    path = copies.editor_path(author.workspace, row)
    if page.typed is None:
        stash.drop_forms(author.user, path)
    else:
        stash.drop_forms_of_tabs(author.user, path, page.typed, page.tab)
    if typed is not None:
        stash.keep_form_at(author.user, path, typed)


def discard_draft(
    *, author: Member, assistant: Assistant, page: EditorTab = ANYWHERE, is_asked: bool = True
) -> None:
    """Drop the author's draft, and the assistant too if it never was more than this draft.

    It is kept as an earlier state; now and then only, unless a person asked. Raises `NotAllowed`,
    and `DraftMoved` if another page has saved since `page` was shown.
    """
    _may_edit(author)
    with transaction.atomic():
        row = lock_assistant(assistant.pk)
        draft = draft_of(user=author.user, assistant=row)
        if draft is not None and page.is_behind(draft):
            raise DraftMoved(draft)
        if draft is not None and page.overtaken(draft):
            return
        if draft is not None:
            keep_before_drop(draft, by=author.user, is_asked=is_asked)
            draft.delete()
        _follow(author, row, page)
        forget_untouched(row, by=author.user)


def drop_if(*, user: User, assistant: Assistant, says: Definition) -> None:
    """Drop the draft of `user` if it equals `says`, so that nothing typed is lost."""
    with transaction.atomic():
        draft = draft_of(user=user, assistant=lock_assistant(assistant.pk))
        if draft is not None and draft.definition == says:
            draft.delete()


def new_assistant(
    *,
    author: Member,
    connection: Connection,
    definition: Definition,
    page: EditorTab = ANYWHERE,
    typed: QueryDict | None = None,
) -> Assistant:
    """Add an assistant that is only the author's draft; publishing creates it on its remote.

    `page` and `typed` are as for `save_draft`. A page begins one assistant: if it has done so, this
    saves the draft of that one.

    Raises `NotAllowed`, also for another workspace's connection.
    """
    check_allowed(author, connection, Action.CREATE)
    with transaction.atomic():
        lock_actor(author, Action.CREATE)  # so that the same save sent twice waits for itself
        begun = draft_of_tab(author, page.tab)
        assistant = begun.assistant if begun else _add_row(author, connection)
        draft = save_draft(
            author=author,
            assistant=assistant,
            definition=definition,
            base=None,
            page=page,
            typed=typed,
        )
    return draft.assistant


def _add_row(author: Member, connection: Connection) -> Assistant:
    return Assistant.objects.create(
        workspace=author.workspace,
        connection=connection,
        created_by=author.user,
        changed_by=plain(str(author.user), 200),
    )


def draft_of_tab(author: Member, tab: str) -> Draft | None:
    """Return the draft that the page `tab` of `author` saves, if any; "" is no page."""
    mine = Draft.objects.filter(user=author.user, assistant__workspace=author.workspace)
    found = mine.filter(tab=tab).select_related("assistant__connection")
    return found.first() if tab else None


def choose_connection(*, author: Member, assistant: Assistant, connection: Connection) -> None:
    """Choose `connection` for an assistant that was never sent; do nothing for any other.

    Raises `NotAllowed`, also for another workspace's connection.
    """
    check_allowed(author, connection, Action.CREATE)
    mine = Assistant.objects.filter(workspace_id=author.workspace_id)
    mine.filter(pk=assistant.pk, last_number=0).update(connection=connection)


def duplicate_as_draft(*, author: Member, assistant: Assistant, name: str) -> Assistant:
    """Begin a new assistant, named `name`, from what is live or from the newest draft.

    A copy of one whose connection is archived is begun on the default connection.
    """
    source, connection = current_definition(assistant), assistant.connection
    if connection.archived_at is not None:
        connection = Connection.objects.get(workspace=assistant.workspace_id, is_default=True)
    wanted = source.replace(name=name)
    return new_assistant(author=author, connection=connection, definition=wanted)


def current_definition(assistant: Assistant) -> Definition:
    """Return what is live, or the newest draft if the assistant was never published."""
    if assistant.live_id is not None:
        return live_definition(assistant)
    draft = assistant.drafts.order_by("-updated_at").first()
    return draft.definition if draft else Definition.parse({})


def definition_of(revision: Revision | None) -> Definition | None:
    """Return what the remote held after `revision`, which may differ from what was sent."""
    if revision is None:
        return None
    outcome = newest_outcome(revision)
    return outcome.definition if outcome else revision.definition


def _may_edit(author: Member) -> None:
    if not can(author, Action.EDIT_DRAFT):
        raise NotAllowed(Action.EDIT_DRAFT)


def draft_of(*, user: User, assistant: Assistant) -> Draft | None:
    """Return the person's draft of `assistant`, with its base and the given `assistant` object."""
    found = _DRAFTS(user.pk, assistant.pk)
    if not found:
        return None
    found[0].assistant = assistant
    return found[0]


def _drafts_of(user: int, assistant: int) -> QuerySet[Draft]:
    rows = Draft.objects.select_related("base").filter(user=user, assistant=assistant)
    return rows.defer(*(f"base__{column}" for column in Revision.HEAVY))


_DRAFTS = CompiledQuery(_drafts_of)


SHOWN_KEPT = 20
"""Shown drafts that are kept for each person and assistant, the newest."""
SHOWN_NOTED_EVERY = timedelta(minutes=1)
"""The precision of the time at which a page with such a draft was open."""


def remember_shown(*, user: User, assistant: Assistant, definition: Definition) -> None:
    """Keep the draft that a page shows, for as long as its form may be sent.

    For a page that stays open, it writes only once in `SHOWN_NOTED_EVERY`.
    """
    mine, now = ShownDraft.objects.filter(assistant=assistant, user=user), timezone.now()
    kept = mine.filter(digest=definition.digest)
    if kept.filter(shown_at__gt=now - SHOWN_NOTED_EVERY).exists() or kept.update(shown_at=now):
        return
    shown = ShownDraft(assistant=assistant, user=user)
    shown.hold(refer(definition))
    ShownDraft.objects.bulk_create([shown], ignore_conflicts=True)
    beyond = mine.order_by("-shown_at", "-pk").values_list("pk", flat=True)[SHOWN_KEPT:]
    ShownDraft.objects.filter(pk__in=list(beyond)).delete()


def find_shown(*, user: User, assistant: Assistant, digest: str) -> Definition | None:
    """Return the draft that a page of `user` showed, by the start of its digest."""
    mine = ShownDraft.objects.filter(assistant=assistant, user=user, digest__startswith=digest)
    found = mine.first()
    return found.shown if found else None

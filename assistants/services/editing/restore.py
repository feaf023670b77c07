"""Restoring: an old definition or parts of it become a draft, to be published as a revision."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.definition import LONG_TEXTS, PAGE_LIMITS, Definition, changed_fields
from assistants.diff import MergedLines, Pick, choosable_lines, join_picks
from assistants.diff.lines import only_in_one
from assistants.models import Assistant, Draft, Kind, Revision
from assistants.selectors.past.erased import lacks_text
from assistants.services.editing.drafts import ASKED, definition_of, save_draft
from assistants.services.errors import MOST_CLASHES, NoTarget, TextErased
from assistants.unwanted import BLACK

_KEPT = Pick("theirs")


def restore_as_draft(
    *, author: Member, assistant: Assistant, revision: Revision, seen: str | None = None
) -> Draft:
    """Make the definition of `revision` the author's draft, based on what is live now.

    Publishing it adds a new revision of kind `restore`; the history is not undone. This replaces
    the author's draft, if there is one, and ends its copies kept as typed: ask first. `seen` is the
    digest of the draft that they were asked about ("" for none, None for any). Raises `NotAllowed`,
    `NoTarget` for a revision of another assistant and for one that changed documents only,
    `TextErased`, and `DraftMoved` if the draft is not `seen`.
    """
    if not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    definition = definition_of(revision)
    is_about_documents = revision.kind == Kind.DOCUMENTS
    if revision.assistant_id != assistant.pk or definition is None or is_about_documents:
        raise NoTarget
    check_complete(revision)
    return save_draft(
        author=author,
        assistant=assistant,
        definition=definition,
        base=assistant.live,
        kind=Kind.RESTORE,
        page=replace(ASKED, seen=seen),
    )


@dataclass(frozen=True)
class OlderParts:
    """What an older definition has other than live: fields, and places of long texts."""

    live: Definition
    older: Definition
    has_erased: bool = False
    """Whether a text was erased from the older one: what held it cannot be put back."""

    @cached_property
    def fields(self) -> list[str]:
        """The names of the fields that differ, in display order."""
        return changed_fields(self.live, self.older)

    @cached_property
    def texts(self) -> Mapping[str, tuple[MergedLines, ...]]:
        """The long texts that can be put back place by place, by field; `mine` are older lines.

        A text that differs in more places, or lines, than a page shows is put back as a whole only.
        """
        found = {}
        for field in set(LONG_TEXTS).intersection(self.fields):
            live, older = self.live.value(field), self.older.value(field)
            if not isinstance(live, str) or not isinstance(older, str):
                continue
            if sum(map(len, only_in_one(live, older))) <= PAGE_LIMITS.change:
                stretches = tuple(choosable_lines(live, older))
                places = [stretch for stretch in stretches if stretch.is_clash]
                lines = [line for place in places for line in (*place.mine, *place.theirs)]
                if len(places) <= MOST_CLASHES and sum(map(len, lines)) <= PAGE_LIMITS.change:
                    found[field] = stretches
        return found

    def lacks_text(self, value: Any) -> bool:
        """Return whether a text was erased from a value of the older definition."""
        return self.has_erased and BLACK in json.dumps(value, ensure_ascii=False)

    def put_back(
        self, fields: Collection[str], picks: Mapping[str, Sequence[Pick | None]]
    ) -> Definition:
        """Return live with these fields as they were, and in texts the places with a pick.

        `picks` has one for each place of a text in `texts`; None leaves it as it is live. Raises
        `TextErased` if what is put back lacks a text.
        """
        parts = {
            field: join_picks(self.texts[field], [pick or _KEPT for pick in places])
            for field, places in picks.items()
        }
        whole = {field: self.older.value(field) for field in self.fields if field in fields}
        if self.lacks_text({**parts, **whole}):
            raise TextErased
        return self.live.replace(**{**parts, **whole})


def restore_parts_as_draft(
    *, author: Member, assistant: Assistant, definition: Definition, seen: str | None = None
) -> Draft:
    """Make `definition`, which `OlderParts.put_back` made, the author's draft.

    It is based on what is live now, and publishing it is an edit. It replaces drafts and copies,
    and raises, as `restore_as_draft` does.
    """
    if not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    return save_draft(
        author=author,
        assistant=assistant,
        definition=definition,
        base=assistant.live,
        page=replace(ASKED, seen=seen),
    )


def check_complete(revision: Revision) -> None:
    """Raise `TextErased` for a revision from whose definition a text was erased."""
    if lacks_text(revision):
        raise TextErased

"""The starting point of an edit: what the form shows, and its base."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from admin_ui.accounts.models import User
from assistants.definition import Definition
from assistants.forms.definition_form import DefinitionForm
from assistants.models import Assistant, Draft, Outcome, Revision
from assistants.selectors.versions import live_side, shown_definition
from assistants.services.editing.drafts import EditorTab, find_shown
from assistants.services.editing.presence import new_tab, own_tab

DIGEST_LENGTH = 16
LONGEST_TAB = 64
NOTHING = Definition.parse({})


@dataclass(frozen=True)
class StartingPoint:
    """The starting point of a person's form.

    `base` is the revision that was live when the person began (None before the first publish), and
    `base_definition` its definition. `original` is what the form shows. `known` is false if a form
    names a starting point that does not exist. `page` is the open page. `stale` is true if the
    draft was saved elsewhere after the page was shown.
    """

    draft: Draft | None
    base: Revision | None
    base_definition: Definition | None
    original: Definition
    page: EditorTab
    known: bool = True
    stale: bool = False
    is_anothers: bool = False
    """Whether somebody else opened the page in this browser; then `page` keeps its name, so that it
    stays theirs."""
    closed: frozenset[str] = frozenset()
    """The fields that the person may not change."""

    def form(self, data: Mapping[str, str] | None = None) -> DefinitionForm:
        return DefinitionForm(self.original, data, base=self.base_definition, closed=self.closed)

    @property
    def digest(self) -> str:
        """The fields with which the page sends what it showed."""
        return self.original.digest[:DIGEST_LENGTH]

    @property
    def is_revision(self) -> bool:
        """Whether the form shows its base, and not a draft."""
        return self.original is self.base_definition


def starting_point(
    *,
    assistant: Assistant,
    user: User,
    draft: Draft | None,
    data: Mapping[str, str] | None = None,
    again: bool = False,
    by_button: bool = False,
    closed: frozenset[str] = frozenset(),
) -> StartingPoint:
    """Return the starting point of a form of `user`, who has this `draft`.

    `data` is the posted form. Its fields `base` (the number of a revision, empty for none),
    `original` and `seen` (digests), `tab` and `turn` identify the page and what it showed. A script
    may omit them; then the start is the draft, or what is live. With `again`, the form is shown on
    a new page of `user`. With `by_button`, a save that others have overtaken is not late: its
    answer was reloaded and shows an older text. From then on it counts as another page.
    """
    data = data or {}
    current = draft.base if draft else assistant.live
    base, known = _base(assistant, data.get("base"), current)
    base_definition = live_side(assistant, base) if base else None
    sent_from = tab_of(data, user)
    if draft is not None and by_button and sent_from.overtaken(draft):
        sent_from = replace(sent_from, tab=new_tab(user), turn=0)
    stale = draft is not None and sent_from.is_behind(draft)
    is_anothers = bool(data.get("tab")) and not sent_from.tab and not again
    page = sent_from
    if is_anothers:
        page = replace(sent_from, tab=data["tab"][:LONGEST_TAB])
    elif again or not page.tab:
        seen = sent_from.seen if stale else draft.known_digest if draft else ""
        page = EditorTab(new_tab(user), 0, (seen or "")[:DIGEST_LENGTH], typed=sent_from.tab)
    original = _original(data, assistant, user, draft, base_definition)
    if original is None:
        original, known = _shown_first(assistant, draft, base_definition), False
    return StartingPoint(
        draft, base, base_definition, original, page, known, stale, is_anothers, closed
    )


def _original(
    data: Mapping[str, str],
    assistant: Assistant,
    user: User,
    draft: Draft | None,
    base_definition: Definition | None,
) -> Definition | None:
    """Return what the form showed; None if no page of this person has shown that."""
    digest = data.get("original", "")
    if not digest:
        named = "base" in data and draft is not None and data["base"] != _number(draft.base)
        if named and base_definition is not None:
            return base_definition
        return _shown_first(assistant, draft, base_definition)
    known = (base_definition, draft.shown if draft else None, NOTHING)
    for definition in known:
        if definition is not None and definition.digest.startswith(digest):
            return definition
    if not re.fullmatch("[0-9a-f]+", digest):
        return None
    return find_shown(user=user, assistant=assistant, digest=digest)


def _shown_first(
    assistant: Assistant, draft: Draft | None, base_definition: Definition | None
) -> Definition:
    if draft is not None:
        return draft.shown
    return base_definition or shown_definition(assistant)


def taken(data: Mapping[str, str]) -> dict[str, str]:
    """Return a form of somebody else's page as if the person's own page had sent it.

    It has seen no draft, so it replaces none unless the person confirms.
    """
    theirs = ("base", "original", "tab", "turn", "typed")
    return {name: value for name, value in data.items() if name not in theirs} | {"seen": ""}


def tab_of(data: Mapping[str, str], user: User) -> EditorTab:
    """Return the page that sent a form."""
    tab, turn = own_tab(user, data.get("tab", "")), data.get("turn", "")
    seen = data.get("seen", data.get("original") or None)
    typed: str | None = own_tab(user, data.get("typed", ""))
    if "replace" in data:
        seen = typed = None
    number = int(turn) if re.fullmatch("[0-9]{1,9}", turn) else 0
    return EditorTab(tab, number, seen, typed)


def _number(revision: Revision | None) -> str:
    return str(revision.number) if revision else ""


def _base(
    assistant: Assistant, named: str | None, current: Revision | None
) -> tuple[Revision | None, bool]:
    """Return the revision that a form names as its base, and whether it exists."""
    if named is None or named == _number(current):
        return current, True
    if not named:
        return None, True
    if not (named.isascii() and named.isdigit() and len(named) < 10):
        return assistant.live, False
    applied = Outcome.objects.filter(
        revision__number=int(named), assistant=assistant, version__isnull=False
    ).select_related("revision")
    outcome = applied.first()
    return (outcome.revision, True) if outcome else (assistant.live, False)

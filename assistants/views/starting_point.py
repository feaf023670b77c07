"""Where an edit starts: what the form shows, and what it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass

from admin_ui.accounts.models import User
from assistants.definition import Definition
from assistants.forms.definition_form import DefinitionForm
from assistants.models import Assistant, Draft, Outcome, Revision
from assistants.services.drafts import current_definition, definition_of, draft_of

DIGEST_LENGTH = 16


@dataclass(frozen=True)
class StartingPoint:
    """What a person's form of an assistant builds on.

    `base` is the revision that was live when they began (None before the first publish) and
    `base_definition` what it holds; `original` is what the form shows. `known` is false when a form
    named a base that never was live; `stale` is true when the draft was saved somewhere else after
    the form was shown.
    """

    draft: Draft | None
    base: Revision | None
    base_definition: Definition | None
    original: Definition
    known: bool = True
    stale: bool = False

    def form(self, data: Mapping[str, str] | None = None) -> DefinitionForm:
        return DefinitionForm(self.original, data, base=self.base_definition)

    @property
    def digest(self) -> str:
        """What the page carries so that its form is read against what it showed."""
        return self.original.digest[:DIGEST_LENGTH]


def starting_point(
    *, assistant: Assistant, user: User, data: Mapping[str, str] | None = None
) -> StartingPoint:
    """Find what the form of `user` builds on; `data` is the form as posted, if it was.

    The fields `base` (the number of a revision, empty for none) and `original` (a digest) say what
    the page showed. A script may leave both out: then it is the draft, or else what is live.
    """
    data = data or {}
    draft = draft_of(user=user, assistant=assistant)
    current = draft.base if draft else assistant.live
    base, known = _base(assistant, data.get("base"), current)
    base_definition = definition_of(base)
    shown = data.get("original", "")
    if draft is None:
        original = base_definition or current_definition(assistant)
        return StartingPoint(None, base, base_definition, original, known)
    mine = draft.definition
    stale = bool(shown) and not mine.digest.startswith(shown) and "replace" not in data
    from_base = base_definition is not None and (
        base_definition.digest.startswith(shown) if shown else base != draft.base
    )
    original = base_definition if from_base and base_definition else mine
    return StartingPoint(draft, base, base_definition, original, known, stale)


def _base(
    assistant: Assistant, named: str | None, current: Revision | None
) -> tuple[Revision | None, bool]:
    """Return the revision that a form named as its base, and whether that makes sense."""
    if named is None or named == str(current.number if current else ""):
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

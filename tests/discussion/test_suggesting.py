"""Suggestions go into the author's draft, singly or all at once, and never over other text."""

import pytest

from admin_ui.accounts.permissions import NotAllowed
from assistants.approval.flow import Move
from assistants.models import Assistant, ChangeRequest, DraftState, ThreadStep
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.refusals import TalkRefused, Why
from assistants.services.change_requests.suggesting import (
    accept_all,
    accept_suggestion,
    decline_suggestion,
)
from assistants.services.change_requests.talking import withdraw_comment
from assistants.services.editing.drafts import discard_draft, draft_of, save_draft
from tests.conftest import Cast
from tests.discussion.conftest import TEXT, Suggest, draft_text, send_round

pytestmark = pytest.mark.django_db(transaction=True)


def edit(cast: Cast, assistant: Assistant, text: str) -> None:
    draft = draft_of(user=cast.editor.user, assistant=assistant)
    assert draft
    wanted = draft.definition.replace(instructions=text)
    save_draft(author=cast.editor, assistant=assistant, definition=wanted, base=draft.base)


def replaced(*edits: tuple[int, int, list[str]]) -> str:
    """`TEXT` with lines from a first to a last one replaced, named from the end backwards."""
    lines = TEXT.split("\n")
    for first, last, new in edits:
        lines[first - 1 : last] = new
    return "\n".join(lines)


def test_a_suggestion_is_accepted_into_the_draft(
    cast: Cast, assistant: Assistant, suggest: Suggest
) -> None:
    step = suggest(2, 3, "Refund within ten days.")
    draft = accept_suggestion(author=cast.editor, step=step)
    assert draft_text(cast, assistant) == replaced((2, 3, ["Refund within ten days."]))
    assert (draft.writers, draft.writer_ids) == ("Vera", [cast.viewer.user.pk])
    step = ThreadStep.objects.get(pk=step.pk)
    assert (step.end.kind, step.end.digest) == ("accepted", draft.known_digest)
    assert step.thread.is_resolved
    assert DraftState.objects.get().definition.value("instructions") == TEXT
    assert accept_suggestion(author=cast.editor, step=step) == draft, "sent twice"
    with pytest.raises(TalkRefused) as refused:
        decline_suggestion(author=cast.editor, step=step)
    assert refused.value.why is Why.ENDED


def test_it_finds_its_lines_where_the_draft_has_them_now(
    cast: Cast, assistant: Assistant, suggest: Suggest
) -> None:
    step = suggest(6, 7, "")
    edit(cast, assistant, "Before all.\n" + TEXT + "\nAfter all.")
    accept_suggestion(author=cast.editor, step=step)
    assert draft_text(cast, assistant) == "Before all.\n" + replaced((6, 7, [])) + "\nAfter all."


def test_nothing_is_overwritten_where_the_lines_have_changed(
    cast: Cast, assistant: Assistant, suggest: Suggest
) -> None:
    step = suggest(2, 3, "Refund within ten days.")
    changed = replaced((3, 3, ["Ask for the name first."]))
    edit(cast, assistant, changed)
    with pytest.raises(TalkRefused) as refused:
        accept_suggestion(author=cast.editor, step=step)
    assert refused.value.why is Why.GONE
    assert draft_text(cast, assistant) == changed
    assert not ThreadStep.objects.filter(ends=step).exists()
    draft = draft_of(user=cast.editor.user, assistant=assistant)
    assert draft
    assert (draft.writers, draft.writer_ids) == ("", [])


def test_all_are_accepted_at_once_but_those_that_overlap(
    cast: Cast, assistant: Assistant, suggest: Suggest, request_of_emil: ChangeRequest
) -> None:
    first = suggest(2, 3, "Refund within ten days.")
    overlaps = suggest(3, 4, "Ask for nothing.", cast.admin)
    last = suggest(7, 7, "Be polite.\nBe brief.", cast.publisher)
    declined = suggest(5, 5, "# Voice")
    decline_suggestion(author=cast.editor, step=declined)
    withdrawn = suggest(1, 1, "# Money back")
    withdraw_comment(author=cast.viewer, step=withdrawn)
    done = accept_all(author=cast.editor, request=request_of_emil)
    assert (done.count, done.refused) == (2, {overlaps.pk: Why.OVERLAPS})
    assert draft_text(cast, assistant) == replaced(
        (7, 7, ["Be polite.", "Be brief."]), (2, 3, ["Refund within ten days."])
    )
    assert done.draft
    assert done.draft.writers == "Vera, Pia"
    assert done.draft.writer_ids == [cast.viewer.user.pk, cast.publisher.user.pk]
    kinds = {step.ends_id: step.kind for step in ThreadStep.objects.filter(ends__isnull=False)}
    assert kinds == {
        first.pk: "accepted",
        last.pk: "accepted",
        declined.pk: "declined",
        withdrawn.pk: "withdrawn",
    }
    again = accept_all(author=cast.editor, request=request_of_emil)
    assert (again.count, again.refused) == (0, {overlaps.pk: Why.GONE})


def test_suggestions_of_earlier_rounds_are_followed(
    cast: Cast, assistant: Assistant, suggest: Suggest, request_of_emil: ChangeRequest
) -> None:
    step = suggest(6, 6, "Answer in English.")
    send_round(cast.editor, request_of_emil.assistant, "# Start\n" + TEXT)
    accept_suggestion(author=cast.editor, step=step)
    assert draft_text(cast, assistant) == "# Start\n" + replaced((6, 6, ["Answer in English."]))


def test_without_a_draft_one_is_begun_from_the_newest_round(
    cast: Cast, assistant: Assistant, suggest: Suggest
) -> None:
    step = suggest(2, 2, "Refund within ten days.")
    discard_draft(author=cast.editor, assistant=assistant)
    draft = accept_suggestion(author=cast.editor, step=step)
    assert draft.base_id == assistant.live_id
    assert draft_text(cast, assistant) == replaced((2, 2, ["Refund within ten days."]))


def test_the_authors_own_suggestion_names_no_other_writer(cast: Cast, suggest: Suggest) -> None:
    draft = accept_suggestion(
        author=cast.editor, step=suggest(2, 2, "Refund within ten days.", cast.editor)
    )
    assert (draft.writers, draft.writer_ids) == ("", [])


@pytest.mark.parametrize("who", ["viewer", "publisher", "admin", "stranger"])
def test_only_the_author_accepts_and_declines(
    cast: Cast, assistant: Assistant, suggest: Suggest, request_of_emil: ChangeRequest, who: str
) -> None:
    step, author = suggest(2, 2, "x"), getattr(cast, who)
    with pytest.raises(NotAllowed):
        accept_suggestion(author=author, step=step)
    with pytest.raises(NotAllowed):
        accept_all(author=author, request=request_of_emil)
    with pytest.raises(NotAllowed):
        decline_suggestion(author=author, step=step)
    assert draft_text(cast, assistant) == TEXT
    assert ThreadStep.objects.count() == 1


def test_a_closed_change_request_takes_none(
    cast: Cast, suggest: Suggest, request_of_emil: ChangeRequest
) -> None:
    step = suggest(2, 2, "x")
    decide(member=cast.editor, request=request_of_emil, move=Move.WITHDRAW, seen=1)
    for act in (
        lambda: accept_suggestion(author=cast.editor, step=step),
        lambda: accept_all(author=cast.editor, request=request_of_emil),
        lambda: decline_suggestion(author=cast.editor, step=step),
    ):
        with pytest.raises(TalkRefused) as refused:
            act()
        assert refused.value.why is Why.CLOSED

"""Both sides changed the same lines of a text: each place is chosen, and nothing typed is lost."""

import re
from typing import Any

import pytest
from django.http import HttpResponse

from assistants.models import Assistant, Revision
from assistants.services.editing.drafts import draft_of, save_draft
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import as_browser, fields_of
from tests.pages.schema_form import text_of

pytestmark = pytest.mark.django_db

BASE = "# Tone\nBe kind.\nA\n# Refunds\nRefund in 30 days.\nB\n# End\nSay goodbye.\nD\nC"
MINE = BASE.replace("kind", "very kind").replace("30", "20").replace("C", "C, mine")
THEIRS = (
    BASE.replace("kind", "kind and brief")
    .replace("30 days.", "10 days.\nAsk first.")
    .replace("goodbye", "bye")
)


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    """One of which Emil has a draft, and Pia has published something else since."""
    row = make_assistant(cast.workspace, instructions=BASE)
    wanted = live_definition(row).replace(instructions=MINE)
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    return change(row, by=cast.publisher.user, instructions=THEIRS)


def address(cast: Cast, assistant: Assistant) -> str:
    return f"/w/main/assistants/{assistant.pk}/review/?drafter={cast.editor.user.pk}"


def opened(cast: Cast, assistant: Assistant, who: str = "editor") -> HttpResponse:
    return cast.client(who).get(address(cast, assistant))


def choose(
    cast: Cast, assistant: Assistant, who: str = "editor", **picks: str
) -> tuple[HttpResponse, Any]:
    """Send the page with `mine`, `theirs`, `both` or a text for places 1 and 2."""
    fields = fields_of(opened(cast, assistant, who))
    for place, pick in picks.items():
        number = place.removeprefix("place")
        is_side = pick in ("mine", "theirs", "both")
        fields[f"pick-instructions-{number}"] = pick if is_side else "written"
        if not is_side:
            fields[f"written-instructions-{number}"] = pick
    sent = as_browser({**fields, "action": "resolve"})
    response = cast.client(who).post(address(cast, assistant), sent)
    draft = draft_of(user=cast.editor.user, assistant=assistant)
    assert draft
    return response, draft.definition.value("instructions")


@pytest.mark.parametrize("who", ["editor", "publisher", "admin"])
def test_each_place_is_chosen_and_the_other_lines_are_kept(
    cast: Cast, assistant: Assistant, who: str
) -> None:
    response, text = choose(cast, assistant, who, place1="mine", place2="theirs")

    assert response.status_code == 303
    assert text == (
        "# Tone\nBe very kind.\nA\n# Refunds\nRefund in 10 days.\nAsk first.\nB\n# End\nSay bye."
        "\nD\nC, mine"
    )
    review = text_of(opened(cast, assistant, who))
    assert "C, mine" in re.sub(r"</?ins>", "", review)
    assert "pick-instructions" not in review


@pytest.mark.parametrize(
    ("picks", "expected"),
    [
        ({"place1": "both", "place2": "mine"}, "Be very kind.\nBe kind and brief."),
        ({"place1": "Be yourself.\n\nBe kind.", "place2": "both"}, "Be yourself.\n\nBe kind."),
        ({"place1": "", "place2": "theirs"}, "# Tone\nA"),
    ],
)
def test_both_and_ones_own_words(
    cast: Cast, assistant: Assistant, picks: dict[str, str], expected: str
) -> None:
    response, text = choose(cast, assistant, **picks)
    assert response.status_code == 303
    assert expected in text


def test_the_page_says_who_where_and_what(cast: Cast, assistant: Assistant) -> None:
    page = text_of(opened(cast, assistant))
    assert "changed on both sides in 2 places" in page
    assert "Lines that only one side changed are kept without asking." in page
    assert page.count("v2 by Pia") == 2
    assert page.count("your draft") == 2
    assert page.count('Original <span class="who">v1</span>') == 2
    for heading in ("Tone", "Refunds"):
        assert re.search(rf"below\s*<bdi>“{heading}”</bdi>", page)
    assert "Be <ins>very </ins>kind." in page
    assert 'name="choice-instructions"' not in page
    by_colleague = text_of(opened(cast, assistant, "publisher"))
    assert by_colleague.count("draft by Emil") == 2
    assert "Keep the draft" in by_colleague


def test_a_missing_choice_is_named_at_its_place_and_all_that_was_typed_is_kept(
    cast: Cast, assistant: Assistant
) -> None:
    response, text = choose(cast, assistant, place2="Refund\nat once.")

    assert (response.status_code, text) == (422, MINE)
    page = text_of(response)
    assert "1 choice is missing. Nothing was changed." in page
    assert 'href="#id_pick-instructions-1">' in page
    assert page.count("Choose what to keep here.") == 1
    for shown in (response, opened(cast, assistant)):  # also after a reload
        fields = fields_of(shown)
        assert fields["pick-instructions-2"] == "written"
        assert fields["written-instructions-2"] == "Refund\nat once."
        assert "pick-instructions-1" not in fields
    assert "missing" not in text_of(opened(cast, assistant)), "a reload asks anew"


def test_what_is_typed_is_kept_with_each_pause_and_only_for_who_typed_it(
    cast: Cast, assistant: Assistant
) -> None:
    fields = fields_of(opened(cast, assistant))
    typed = {"pick-instructions-1": "written", "written-instructions-1": "Half a sen"}
    path = address(cast, assistant)
    kept = cast.client("editor").post(path, {**fields, **typed, "action": "keep"})
    assert (kept.status_code, kept["X-Kept"]) == (204, "true")

    again = fields_of(opened(cast, assistant))
    assert typed.items() <= again.items()
    assert "Half a sen" not in text_of(opened(cast, assistant, "publisher"))

    choose(cast, assistant, place1="mine", place2="mine")
    change(assistant, by=cast.publisher.user, instructions=THEIRS.replace("brief", "short"))
    assert "Half a sen" not in text_of(opened(cast, assistant)), "it ends with the choice"


def test_choices_for_another_text_are_not_taken_and_what_was_written_is_shown(
    cast: Cast, assistant: Assistant
) -> None:
    fields = fields_of(opened(cast, assistant))
    change(assistant, by=cast.publisher.user, instructions=THEIRS.replace("10 days", "9 days"))
    picks = {
        "pick-instructions-1": "mine",
        "pick-instructions-2": "written",
        "written-instructions-2": "Two weeks.",
    }

    response = cast.client("editor").post(
        address(cast, assistant), {**fields, **picks, "action": "resolve"}
    )

    assert response.status_code == 409
    page = text_of(response)
    assert "Pia has published v3" in page
    assert "You wrote this for an earlier version of the text." in page
    assert "Two weeks." in page
    assert not [name for name in fields_of(response) if name.startswith("pick-")]


def test_a_draft_that_moved_on_has_other_places(cast: Cast, assistant: Assistant) -> None:
    fields = fields_of(opened(cast, assistant))
    base = Revision.objects.get(assistant=assistant, number=1)
    moved = live_definition(assistant).replace(instructions=MINE.replace("very", "really"))
    save_draft(author=cast.editor, assistant=assistant, definition=moved, base=base)
    picks = {"pick-instructions-1": "mine", "pick-instructions-2": "mine", "action": "resolve"}

    response = cast.client("editor").post(address(cast, assistant), {**fields, **picks})

    assert response.status_code == 409
    draft = draft_of(user=cast.editor.user, assistant=assistant)
    assert draft
    assert draft.definition == moved


def test_lines_that_are_given_up_are_offered_in_the_editor(
    cast: Cast, assistant: Assistant
) -> None:
    choose(cast, assistant, place1="both", place2="both")
    edit = f"/w/main/assistants/{assistant.pk}/edit/"
    client = cast.client("editor")
    assert "?typed=" not in client.get(edit).content.decode(), "nothing was given up"

    moved = change(assistant, by=cast.publisher.user, instructions=BASE)
    draft = draft_of(user=cast.editor.user, assistant=moved)
    assert draft
    choose(cast, moved, "publisher", place1="theirs", place2="mine")
    [query] = re.findall(r"\?typed=\d+", client.get(edit).content.decode())
    kept = fields_of(client.get(edit + query), edit)
    assert kept["instructions"] == draft.definition.value("instructions")


def test_a_description_goes_by_line_too_and_a_name_as_a_whole(cast: Cast) -> None:
    base = {"name": "Support", "description": "One.\nTwo.\nThree."}
    row = make_assistant(cast.workspace, **base)
    mine = {"name": "Help", "description": "One, mine.\nTwo.\nThree."}
    wanted = live_definition(row).replace(**mine)
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    row = change(row, name="Desk", description="One, theirs.\nTwo.\nThree, theirs.")
    fields = fields_of(opened(cast, row))
    picks = {"pick-description-1": "mine", "choice-name": "theirs", "action": "resolve"}

    assert cast.client("editor").post(address(cast, row), {**fields, **picks}).status_code == 303

    draft = draft_of(user=cast.editor.user, assistant=row)
    assert draft
    assert draft.definition.value("description") == "One, mine.\nTwo.\nThree, theirs."
    assert draft.definition.value("name") == "Desk"


def many(word: str) -> str:
    return "\n".join(f"{word} {n}\nsame {n}" for n in range(51))


def test_a_text_with_too_many_places_is_chosen_as_a_whole(cast: Cast) -> None:
    row = make_assistant(cast.workspace, instructions=many("line"))
    wanted = live_definition(row).replace(instructions=many("mine"))
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    row = change(row, instructions=many("theirs"))

    page = text_of(opened(cast, row))

    assert "The sides differ in more than 50 places, or the text is very long." in page
    assert 'name="choice-instructions"' in page
    fields = {**fields_of(opened(cast, row)), "choice-instructions": "mine", "action": "resolve"}
    assert cast.client("editor").post(address(cast, row), fields).status_code == 303


def test_a_line_that_both_added_in_different_places_is_pointed_out(cast: Cast) -> None:
    row = make_assistant(cast.workspace, instructions="a\nb\nc")
    wanted = live_definition(row).replace(instructions="Be <b>.\na\nb\nc")
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    row = change(row, instructions="a\nb\nBe <b>.\nc")

    page = opened(cast, row).content.decode()
    assert page.count("each in a different place. Keep it in one of them.") == 2
    assert "Be <b>" not in page
    _response, text = choose(cast, row, place1="mine", place2="mine")
    assert text == "Be <b>.\na\nb\nc"


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
def test_others_choose_nothing(cast: Cast, assistant: Assistant, who: str, status: int) -> None:
    path = address(cast, assistant)
    assert cast.client(who).get(path).status_code == status
    picks = {"pick-instructions-1": "theirs", "action": "resolve", "note": ""}
    assert cast.client(who).post(path, picks).status_code == status

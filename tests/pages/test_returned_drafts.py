"""A colleague's draft, returned, taken over or discarded by a publisher; what its author sees."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent, EventKind
from assistants.definition import LIMITS, Definition
from assistants.models import Assistant, Draft, DraftState
from assistants.services.editing.colleagues import discard_theirs, return_draft, take_over
from assistants.services.editing.drafts import new_assistant
from assistants.services.errors import DraftMoved, NoReason
from assistants.tasks.cleaning import clean_up
from tests.conftest import Cast
from tests.pages.editing import keep, open_form
from tests.pages.reading import fields_of
from tests.pages.reviewing import address, text_of, write_draft
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/w/main/"
ACTIONS = ("return", "take-over", "discard")


def of_emil(cast: Cast, assistant: Assistant, what: str) -> str:
    return f"/w/main/assistants/{assistant.pk}/drafts/{cast.editor.user.pk}/{what}/"


def review_of_emil(cast: Cast, assistant: Assistant) -> str:
    return f"{address(assistant)}?drafter={cast.editor.user.pk}"


def act(cast: Cast, assistant: Assistant, what: str, **form: str) -> Any:
    """Let Pia open the page and confirm it with these fields."""
    client = cast.client("publisher")
    page = of_emil(cast, assistant, what)
    at_review = what == "take-over"
    source = client.get(review_of_emil(cast, assistant) if at_review else page)
    fields = {"seen": fields_of(source, page if at_review else "")["seen"]}
    return client.post(page, {**fields, **form})


# Who may


def test_the_review_offers_all_three_to_publishers(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    page = text_of(cast.client("publisher").get(review_of_emil(cast, live)))
    for what in ACTIONS:
        assert of_emil(cast, live, what) in page
    mine = text_of(cast.client("editor").get(address(live)))
    assert "/drafts/" not in mine


@pytest.mark.parametrize("what", ACTIONS)
@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("stranger", 404), ("viewer", 403), ("editor", 403)],
)
def test_nobody_else_may(cast: Cast, live: Assistant, who: str, status: int, what: str) -> None:
    draft = write_draft(cast.publisher, live, name="By Pia")
    path = f"/w/main/assistants/{live.pk}/drafts/{cast.publisher.user.pk}/{what}/"
    form = {"seen": draft.known_digest, "note": "Why"}
    assert cast.client(who).post(path, form).status_code == status
    assert Draft.objects.get().user == cast.publisher.user
    assert not Draft.objects.get().is_returned


def test_nobody_does_it_with_their_own(cast: Cast, live: Assistant) -> None:
    draft = write_draft(cast.publisher, live, name="By Pia")
    client = cast.client("publisher")
    for what in ACTIONS:
        path = f"/w/main/assistants/{live.pk}/drafts/{cast.publisher.user.pk}/{what}/"
        form = {"seen": draft.known_digest, "note": "Why"}
        assert client.post(path, form).status_code == 404, what
    assert Draft.objects.get() == draft


def test_services_refuse_editors_and_other_workspaces(cast: Cast, live: Assistant) -> None:
    draft = write_draft(cast.publisher, live, name="By Pia")
    asked = {"assistant": live, "user": cast.publisher.user, "seen": draft.known_digest}
    for author in (cast.editor, cast.viewer, cast.stranger):
        with pytest.raises(NotAllowed):
            return_draft(author=author, note="Why", **asked)
        with pytest.raises(NotAllowed):
            take_over(author=author, **asked)
        with pytest.raises(NotAllowed):
            discard_theirs(author=author, note="Why", **asked)


# Returning


def test_a_returned_draft_stays_with_its_author_who_sees_the_note(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.editor, live, name="By Emil")
    answer = act(cast, live, "return", note="Say <b>refund</b>, please.")
    assert answer.status_code == 303
    assert Draft.objects.get().user == cast.editor.user

    emil = cast.client("editor")
    for page in (HOME, address(live, "edit"), address(live, "edit"), address(live)):
        shown = text_of(emil.get(page))
        assert "Pia returned your draft" in shown, page
        assert "Say &lt;b&gt;refund&lt;/b&gt;, please." in shown, page
    pia = cast.client("publisher")
    assert "Returned" in text_of(pia.get(HOME))
    assert "Say &lt;b&gt;refund" in text_of(pia.get(review_of_emil(cast, live)))


def test_the_author_has_seen_it(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    act(cast, live, "return", note="Why so short?")
    emil = cast.client("editor")
    answer = emil.post(f"{address(live, 'earlier')}got-it/")
    assert answer["Location"] == address(live, "edit")
    assert "Pia returned" not in text_of(emil.get(address(live, "edit")))
    assert "Pia returned" not in text_of(emil.get(HOME))
    review = text_of(cast.client("publisher").get(review_of_emil(cast, live)))
    assert "Why so short?" in review, "the publisher sees what was asked for"


def test_typing_and_reloading_keep_the_note_until_the_change_is_saved(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.editor, live, name="By Emil")
    act(cast, live, "return", note="Why so short?")
    emil = cast.client("editor")
    form = {**open_form(emil, live), "turn": "1"}
    keep(emil, address(live, "edit"), form, name="Longer")
    assert "Why so short?" in text_of(emil.get(address(live, "edit")))
    form = {**open_form(emil, live), "action": "draft"}
    emil.post(address(live, "edit"), form)
    assert "Why so short?" not in text_of(emil.get(address(live, "edit")))


def test_saving_without_a_change_keeps_the_note(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    act(cast, live, "return", note="Why so short?")
    emil = cast.client("editor")
    emil.post(address(live, "edit"), {**open_form(emil, live), "action": "draft"})
    assert "Why so short?" in text_of(emil.get(address(live, "edit")))


@pytest.mark.parametrize("what", ["return", "discard"])
@pytest.mark.parametrize(("note", "words"), [("  ", "Write a note"), ("x" * 5_001, "5,001")])
def test_a_note_is_needed_and_bounded(
    cast: Cast, live: Assistant, what: str, note: str, words: str
) -> None:
    assert LIMITS.note == 5_000
    write_draft(cast.editor, live, name="By Emil")
    answer = act(cast, live, what, note=note)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert fields_of(answer)["note"] == note.strip()
    assert Draft.objects.get().user == cast.editor.user


def test_a_note_that_is_being_typed_is_kept(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    pia = cast.client("publisher")
    page = of_emil(cast, live, "return")
    form = {**fields_of(pia.get(page)), "note": "Half a sen", "action": "keep"}
    assert pia.post(page, form)["X-Kept"] == "true"
    assert fields_of(pia.get(page))["note"] == "Half a sen"
    assert not Draft.objects.get().is_returned
    act(cast, live, "return", note="Half a sentence.")
    assert fields_of(pia.get(page))["note"] == ""


# Races


@pytest.mark.parametrize("what", ["return", "discard"])
def test_what_the_author_types_meanwhile_is_shown_first(
    cast: Cast, live: Assistant, what: str
) -> None:
    write_draft(cast.editor, live, name="By Emil")
    pia = cast.client("publisher")
    page = of_emil(cast, live, what)
    form = {**fields_of(pia.get(page)), "note": "Because"}
    write_draft(cast.editor, live, name="Typed meanwhile")

    answer = pia.post(page, form)

    assert answer.status_code == 409
    shown = text_of(answer)
    assert "The draft has changed since you opened this page" in shown
    assert "Typed meanwhile" in shown
    assert fields_of(answer)["note"] == "Because"
    draft = Draft.objects.get()
    assert (draft.user, draft.is_returned) == (cast.editor.user, False)


def test_taking_over_what_was_not_seen_is_refused(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    pia = cast.client("publisher")
    review = review_of_emil(cast, live)
    seen = fields_of(pia.get(review), of_emil(cast, live, "take-over"))["seen"]
    write_draft(cast.editor, live, name="Typed meanwhile")
    for form in ({"seen": seen}, {"seen": ""}, {}):
        answer = pia.post(of_emil(cast, live, "take-over"), form)
        assert answer["Location"] == review
    shown = text_of(pia.get(review))
    assert "so it was not taken over. Review it again." in shown
    assert "Typed meanwhile" in shown
    assert Draft.objects.get().user == cast.editor.user


def test_the_author_goes_on_typing_in_an_open_page(cast: Cast, live: Assistant) -> None:
    """What they type becomes a draft of their own, and what was discarded stays to be had."""
    emil = cast.client("editor")
    form = open_form(emil, live)
    keep(emil, address(live, "edit"), {**form, "turn": "1"}, name="First")
    act(cast, live, "discard", note="Not now")
    keep(emil, address(live, "edit"), {**form, "turn": "2"}, name="First and more")
    assert Draft.objects.get().definition.value("name") == "First and more"
    assert DraftState.objects.get().definition.value("name") == "First"


# Taking over


def test_taking_over_names_both_and_tells_the_author(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    answer = act(cast, live, "take-over")
    assert answer["Location"] == address(live, "edit")
    draft = Draft.objects.get()
    assert (draft.user, draft.writers) == (cast.publisher.user, "Emil")
    emil = cast.client("editor")
    for page in (HOME, address(live, "edit")):
        assert "Pia took over your draft" in text_of(emil.get(page))
    pia = cast.client("publisher")
    assert pia.post(address(live), {"note": ""}).status_code == 303
    revision = fresh(live).live
    assert revision
    assert (revision.author_name, revision.drafter_name) == ("Pia", "Emil")


def test_both_drafts_stay_where_the_publisher_has_one(cast: Cast, live: Assistant) -> None:
    draft = write_draft(cast.editor, live, name="By Emil")
    write_draft(cast.publisher, live, name="By Pia")
    page = text_of(cast.client("publisher").get(review_of_emil(cast, live)))
    assert "/take-over/" not in page
    path = of_emil(cast, live, "take-over")
    cast.client("publisher").post(path, {"seen": draft.known_digest})
    assert Draft.objects.count() == 2
    assert not DraftState.objects.exists()


# Discarding


def test_a_discarded_draft_waits_until_its_author_has_seen_why(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    assert act(cast, live, "discard", note="Legal said no.").status_code == 303
    assert not Draft.objects.exists()
    event = AuditEvent.objects.get(kind=EventKind.DRAFT_MOVED)
    assert event.details["discarded"] is True
    state = DraftState.objects.get()
    assert (state.user, state.by_name, state.kept_until) == (cast.editor.user, "Pia", None)
    clean_up.func()
    assert DraftState.objects.exists(), "kept until its author has seen it"

    emil = cast.client("editor")
    for page in (HOME, address(live, "edit"), address(live, "edit"), address(live, "earlier")):
        shown = text_of(emil.get(page))
        assert "Legal said no." in shown, page
    emil.post(f"{address(live, 'earlier')}got-it/")
    assert "Legal said no." not in text_of(emil.get(address(live, "edit")))
    assert "Legal said no." not in text_of(emil.get(HOME))
    state.refresh_from_db()
    assert state.kept_until
    assert timedelta(days=1, hours=23) < state.kept_until - timezone.now() <= timedelta(days=2)
    assert not fresh(live).has_untold


def test_its_author_brings_it_back(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    act(cast, live, "discard", note="Legal said no.")
    emil = cast.client("editor")
    page = f"{address(live, 'earlier')}{DraftState.objects.get().pk}/"
    emil.post(page, fields_of(emil.get(page)))
    assert Draft.objects.get().definition.value("name") == "By Emil"
    assert "Legal said no." not in text_of(emil.get(address(live, "edit")))


def test_several_people_are_each_told_of_their_own(cast: Cast, live: Assistant) -> None:
    for author in (cast.editor, cast.admin):
        draft = write_draft(author, live, name=f"By {author.user.name}")
        discard_theirs(
            author=cast.publisher,
            assistant=live,
            user=author.user,
            seen=draft.known_digest,
            note=f"For {author.user.name}",
        )
    emil, ada = cast.client("editor"), cast.client("admin")
    assert "For Ada" not in text_of(emil.get(address(live, "edit")))
    emil.post(f"{address(live, 'earlier')}got-it/")
    assert fresh(live).has_untold
    assert "For Ada" in text_of(ada.get(address(live, "edit")))


def test_an_assistant_never_published_stays_until_its_author_has_had_it(
    cast: Cast, live: Any
) -> None:
    begun = new_assistant(
        author=cast.editor,
        connection=live.connection,
        definition=Definition.parse({"name": "Begun", "model": "m"}),
    )
    act(cast, begun, "discard", note="We have one already.")
    assert Assistant.objects.filter(pk=begun.pk).exists()
    emil = cast.client("editor")
    assert "We have one already." in text_of(emil.get(address(begun, "edit")))
    page = f"{address(begun, 'earlier')}{DraftState.objects.get().pk}/"
    emil.post(page, fields_of(emil.get(page)))
    assert open_form(emil, begun)["name"] == "Begun"

    act(cast, begun, "discard", note="We have one already.")
    emil.post(f"{address(begun, 'earlier')}got-it/")
    DraftState.objects.update(kept_until=timezone.now() - timedelta(seconds=1))
    clean_up.func()
    assert not Assistant.objects.filter(pk=begun.pk).exists()
    assert Assistant.objects.filter(pk=live.pk).exists()


def test_a_draft_is_not_discarded_unseen_by_the_service(cast: Cast, live: Assistant) -> None:
    draft = write_draft(cast.editor, live, name="By Emil")
    asked = {"author": cast.publisher, "assistant": live, "user": cast.editor.user}
    with pytest.raises(DraftMoved):
        discard_theirs(seen="", note="Why", **asked)
    with pytest.raises(NoReason):
        discard_theirs(seen=draft.known_digest, note="", **asked)
    assert not DraftState.objects.exists()

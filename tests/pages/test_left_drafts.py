"""Drafts of people who left: decided at their removal, or taken over and discarded afterwards."""

import re
from typing import Any

import pytest

from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.leaving.belongings import Decision, Undecided, belongings_of
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import NotAllowed, Role
from admin_ui.audit.models import AuditEvent, EventKind
from assistants.definition import Definition
from assistants.models import Assistant, Connection, Draft, Presence
from assistants.services.connections.client import registry_of
from assistants.services.editing.colleagues import discard_theirs, take_over
from assistants.services.editing.drafts import draft_of, new_assistant, save_draft
from assistants.services.errors import DraftMoved, HasDraft
from assistants.services.ledger.reading import live_definition
from tests import factories
from tests.accounts.deciding import form_of
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)

TEAM = "/w/main/team/"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def write(author: Member, assistant: Assistant, **fields: object) -> Draft:
    fresh = Assistant.objects.select_related("live", "connection").get(pk=assistant.pk)
    wanted = live_definition(fresh).replace(**fields)
    return save_draft(author=author, assistant=fresh, definition=wanted, base=fresh.live)


def remove(cast: Cast, member: Member, **decisions: str) -> None:
    """Remove somebody; `draft="discard"` decides about each draft, the rest takes the default."""
    found = belongings_of(member.user, cast.workspace)
    leaving.remove_member(
        actor=cast.admin,
        member=member,
        decisions={
            entry.field: Decision(decisions.get(entry.kind, entry.choices[0].value), entry.mark)
            for entry in found
        },
    )


def begun(cast: Cast, author: Member, name: str = "Begun") -> Assistant:
    """An assistant that only is this person's draft."""
    registry: Connection | None = registry_of(cast.workspace)
    assert registry
    definition = Definition.parse({"name": name, "model": "gpt-4o"})
    return new_assistant(author=author, connection=registry, definition=definition)


def moved() -> list[dict[str, Any]]:
    events = AuditEvent.objects.filter(kind=EventKind.DRAFT_MOVED).order_by("pk")
    return [event.details for event in events]


# At the removal


def test_the_removal_lists_drafts_and_leaves_them_by_default(cast: Cast, live: Assistant) -> None:
    write(cast.editor, live, name="Better")
    admin = cast.client("admin")
    page = text(admin.get(f"{TEAM}{cast.editor.pk}/remove/"))
    assert "Open drafts" in page
    assert f"/review/?drafter={cast.editor.user.pk}" in page
    assert admin.post(f"{TEAM}{cast.editor.pk}/remove/", form_of(page)).status_code == 303
    assert Draft.objects.get().user == cast.editor.user
    assert moved() == []


def test_a_draft_is_handed_over_and_the_history_names_both(cast: Cast, live: Assistant) -> None:
    draft = write(cast.editor, live, name="Better")
    admin = cast.client("admin")
    address = f"{TEAM}{cast.editor.pk}/remove/"
    fields = form_of(text(admin.get(address)))
    fields[f"what-draft-{draft.pk}"] = f"give-{cast.publisher.user.pk}"
    assert admin.post(address, fields).status_code == 303
    assert draft_of(user=cast.publisher.user, assistant=live)
    assert moved() == [{"from": "emil@example.com", "to": "pia@example.com", "assistant": live.pk}]

    publisher = cast.client("publisher")
    publisher.post(f"/w/main/assistants/{live.pk}/review/", {"note": ""})
    live.refresh_from_db()
    assert live.live
    assert (live.live.author_name, live.live.drafter_name) == ("Pia", "Emil")
    assert not Draft.objects.exists()
    assert "drafted by <bdi>Emil</bdi>" in text(
        publisher.get(f"/w/main/assistants/{live.pk}/history/")
    )


def test_a_colleague_publishes_what_was_handed_over_and_edited(cast: Cast, live: Assistant) -> None:
    other = factories.make_member(
        cast.workspace, Role.EDITOR, user=factories.make_user(name="Edda")
    )
    write(cast.editor, live, name="Better")
    remove(cast, cast.editor, draft=f"give-{other.user.pk}")
    write(other, live, name="Best")
    address = f"/w/main/assistants/{live.pk}/review/?drafter={other.user.pk}"
    assert cast.client("publisher").post(address, {}).status_code == 303
    live.refresh_from_db()
    assert live.live
    assert (live.live.author_name, live.live.drafter_name) == ("Pia", "Emil, Edda")
    assert live.live.drafter == other.user
    assert not Draft.objects.exists()


def test_all_drafts_at_once(cast: Cast, live: Assistant) -> None:
    write(cast.editor, live, name="Better")
    begun(cast, cast.editor)
    admin = cast.client("admin")
    address = f"{TEAM}{cast.editor.pk}/remove/"
    page = text(admin.get(address))
    assert "Never published: discarding it deletes the assistant." in page
    fields = form_of(page) | {"all-draft": "discard"}
    assert admin.post(address, fields).status_code == 303
    assert not Draft.objects.exists()
    assert list(Assistant.objects.all()) == [live]
    assert [entry["discarded"] for entry in moved()] == [True, True]


def test_a_draft_that_changed_meanwhile_is_shown_again(cast: Cast, live: Assistant) -> None:
    draft = write(cast.editor, live, name="Better")
    admin = cast.client("admin")
    address = f"{TEAM}{cast.editor.pk}/remove/"
    fields = form_of(text(admin.get(address))) | {f"what-draft-{draft.pk}": "discard"}
    write(cast.editor, live, name="Better still")
    response = admin.post(address, fields)
    assert response.status_code == 409
    assert "Decide again" in text(response)
    assert Draft.objects.get().definition.value("name") == "Better still"
    assert Member.objects.filter(pk=cast.editor.pk).exists()


def test_a_draft_is_never_handed_to_somebody_who_has_one(cast: Cast, live: Assistant) -> None:
    draft = write(cast.editor, live, name="Better")
    write(cast.publisher, live, name="Mine")
    admin = cast.client("admin")
    address = f"{TEAM}{cast.editor.pk}/remove/"
    page = text(admin.get(address))
    assert f'value="give-{cast.publisher.user.pk}"' not in page
    assert f'value="give-{cast.admin.user.pk}"' in page
    fields = form_of(page) | {f"what-draft-{draft.pk}": f"give-{cast.publisher.user.pk}"}
    assert admin.post(address, fields).status_code == 409
    assert Draft.objects.count() == 2


def test_presence_goes_with_the_person(cast: Cast, live: Assistant) -> None:
    for member, tab in ((cast.editor, "a"), (cast.publisher, "b")):
        Presence.objects.create(assistant=live, user=member.user, tab=tab)
    remove(cast, cast.editor)
    leaving.deactivate(actor=leaving.SYSTEM, user=cast.publisher.user)
    assert not Presence.objects.exists()


# Afterwards


def test_home_the_editor_and_the_review_say_that_somebody_left(cast: Cast, live: Assistant) -> None:
    write(cast.editor, live, name="Better")
    publisher = cast.client("publisher")
    review = f"/w/main/assistants/{live.pk}/review/?drafter={cast.editor.user.pk}"
    assert "Can no longer edit" not in text(publisher.get("/w/main/"))
    assert "Nobody can edit this draft now." not in text(publisher.get(review))
    remove(cast, cast.editor)
    assert "Can no longer edit" in text(publisher.get("/w/main/"))
    assert "They can no longer edit it." in text(
        publisher.get(f"/w/main/assistants/{live.pk}/edit/")
    )
    page = text(publisher.get(review))
    assert "Emil is no longer in Main." in page
    assert "Take over" in page


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("deactivated", "The account of Emil is deactivated."),
        ("viewer", "The role of Emil no longer allows editing."),
    ],
)
def test_the_review_says_why(cast: Cast, live: Assistant, how: str, sentence: str) -> None:
    write(cast.editor, live, name="Better")
    if how == "deactivated":
        leaving.deactivate(actor=leaving.SYSTEM, user=cast.editor.user)
    else:
        leaving.change_role(actor=cast.admin, member=cast.editor, role=Role.VIEWER)
    review = f"/w/main/assistants/{live.pk}/review/?drafter={cast.editor.user.pk}"
    assert sentence in text(cast.client("publisher").get(review))


def test_take_over(cast: Cast, live: Assistant) -> None:
    draft = write(cast.editor, live, name="Better")
    remove(cast, cast.editor)
    publisher = cast.client("publisher")
    address = f"/w/main/assistants/{live.pk}/drafts/{cast.editor.user.pk}/take-over/"
    response = publisher.post(address)
    assert response["Location"] == f"/w/main/assistants/{live.pk}/edit/"
    mine = draft_of(user=cast.publisher.user, assistant=live)
    assert mine
    assert (mine.pk, mine.writers) == (draft.pk, "Emil")
    assert "The history will name Emil too." in text(publisher.get(response["Location"]))
    assert publisher.post(address).status_code == 404
    assert len(moved()) == 1


def test_taking_over_never_overwrites_a_draft(cast: Cast, live: Assistant) -> None:
    write(cast.editor, live, name="Better")
    write(cast.publisher, live, name="Mine")
    remove(cast, cast.editor)
    publisher = cast.client("publisher")
    root = f"/w/main/assistants/{live.pk}/"
    review = f"{root}review/?drafter={cast.editor.user.pk}"
    page = text(publisher.get(review))
    assert "You already have a draft of this assistant" in page
    assert "/take-over/" not in page
    response = publisher.post(f"{root}drafts/{cast.editor.user.pk}/take-over/")
    assert response["Location"] == review
    assert "Both drafts are kept." in text(publisher.get(review))
    with pytest.raises(HasDraft):
        take_over(author=cast.publisher, assistant=live, user=cast.editor.user)
    names = {row.user: row.definition.value("name") for row in Draft.objects.all()}
    assert names == {cast.editor.user: "Better", cast.publisher.user: "Mine"}


def test_discard_shows_first_and_drops_just_that(cast: Cast, live: Assistant) -> None:
    draft = write(cast.editor, live, instructions="Be kind.\nBe thorough.")
    remove(cast, cast.editor)
    publisher = cast.client("publisher")
    address = f"/w/main/assistants/{live.pk}/drafts/{cast.editor.user.pk}/discard/"
    page = text(publisher.get(address))
    assert "Discard Emil's draft?" in page
    assert "<ins>thorough</ins>" in page
    assert publisher.post(address).status_code == 409, "what is lost was not shown"
    assert publisher.post(address, {"seen": "0" * 64}).status_code == 409
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert publisher.post(address, {"seen": draft.definition.digest}).status_code == 303
    assert not Draft.objects.exists()
    assert moved() == [{"from": "emil@example.com", "discarded": True, "assistant": live.pk}]


def test_discarding_the_draft_of_an_assistant_never_published(cast: Cast) -> None:
    assistant = begun(cast, cast.editor)
    remove(cast, cast.editor)
    draft = Draft.objects.get()
    address = f"/w/main/assistants/{assistant.pk}/drafts/{cast.editor.user.pk}/discard/"
    publisher = cast.client("publisher")
    assert "so discarding the draft also deletes it" in text(publisher.get(address))
    response = publisher.post(address, {"seen": draft.definition.digest})
    assert response["Location"] == "/w/main/assistants/"
    assert not Assistant.objects.exists()


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_services_refuse_whoever_may_not_publish(cast: Cast, live: Assistant, who: str) -> None:
    draft = write(cast.editor, live, name="Better")
    remove(cast, cast.editor)
    author: Member = getattr(cast, who)
    with pytest.raises(NotAllowed):
        take_over(author=author, assistant=live, user=draft.user)
    with pytest.raises(NotAllowed):
        discard_theirs(author=author, assistant=live, user=draft.user, seen=draft.definition.digest)


def test_discarding_what_changed_meanwhile_is_refused(cast: Cast, live: Assistant) -> None:
    draft = write(cast.editor, live, name="Better")
    remove(cast, cast.editor)
    with pytest.raises(DraftMoved):
        discard_theirs(author=cast.publisher, assistant=live, user=draft.user, seen="")


def test_an_undecided_draft_undoes_all_that_was_decided(cast: Cast, live: Assistant) -> None:
    write(cast.editor, live, name="Better")
    with pytest.raises(Undecided):
        leaving.remove_member(actor=cast.admin, member=cast.editor, decisions={})
    assert Member.objects.filter(pk=cast.editor.pk).exists()
    assert User.objects.get(pk=cast.editor.user.pk).is_active
    assert moved() == []

"""What is kept of the page of a new assistant, which has no address before it is saved."""

from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role
from assistants.models import Assistant, Draft
from tests.conftest import Cast
from tests.pages.editing import BACKGROUND
from tests.pages.play import remember, said
from tests.pages.reading import fields_of

pytestmark = pytest.mark.django_db

NEW = "/w/main/assistants/new/"


@pytest.fixture
def client(cast: Cast) -> Client:
    client = cast.client("editor")
    remember(client, cast.editor.user)
    return client


def keep(client: Client, fields: dict[str, str], *told: str, **typed: str) -> Any:
    fields |= typed | {"turn": str(int(fields["turn"]) + 1)}
    answer = client.post(f"{NEW}autosave/", fields, **BACKGROUND)
    assert (str(answer.status_code), *said(answer)) == told
    return answer


def shown(client: Client) -> tuple[str, str]:
    fields = fields_of(client.get(NEW), NEW)
    return fields["name"], fields["temperature"]


def test_what_is_begun_is_not_begun_again(cast: Cast, client: Client) -> None:
    fields = fields_of(client.get(NEW), NEW)
    client.cookies.pop("sessionid")
    keep(client, fields, "401", "-", "out", "back", name="Fresh", temperature="low")
    client.force_login(cast.editor.user)
    assert shown(client) == ("Fresh", "low")
    again = fields_of(client.get(NEW), NEW)
    keep(client, again, "200", "kept", temperature="lower")
    assert shown(client) == ("", "")
    assistant = Assistant.objects.get()
    page = f"/w/main/assistants/{assistant.pk}/edit/"
    assert fields_of(client.get(page), page)["temperature"] == "lower"
    # A save that was on its way to the old address is kept beside its draft as well.
    keep(client, again, "200", "kept", temperature="lowest")
    assert shown(client) == ("", "")
    assert fields_of(client.get(page), page)["temperature"] == "lowest"
    assert Assistant.objects.count() == 1


def test_the_page_that_was_left_leads_to_what_it_began(cast: Cast, client: Client) -> None:
    fields = fields_of(client.get(NEW), NEW)
    left = {"left": fields["tab"]}
    assert client.get(NEW, left).status_code == 200
    keep(client, fields, "200", "saved", name="Fresh")
    page = f"/w/main/assistants/{Assistant.objects.get().pk}/edit/"
    assert client.get(NEW, left)["Location"] == page
    assert cast.client("publisher").get(NEW, left).status_code == 200


def test_what_somebody_else_began_to_type_is_not_taken_unasked(cast: Cast, client: Client) -> None:
    fields = fields_of(client.get(NEW), NEW)
    client.force_login(cast.publisher.user)
    keep(client, fields, "409", "unsaved", "foreign", name="Whose?", model="gpt-5.2")
    answer = client.post(NEW, {**fields, "action": "review"})
    assert (answer.status_code, *said(answer)) == (409, "unsaved", "foreign")
    assert fields_of(answer, NEW)["name"] == "Whose?"
    assert fields_of(answer, NEW)["tab"] == fields["tab"], "the page stays theirs"
    assert not Assistant.objects.exists()

    answer = client.post(NEW, {**fields_of(answer, NEW), "action": "draft", "take": "1"})

    assert answer.status_code == 303
    assert Draft.objects.get().user == cast.publisher.user


def test_a_role_that_was_lowered_is_said_and_the_text_is_kept(cast: Cast, client: Client) -> None:
    fields = fields_of(client.get(NEW), NEW)
    Member.objects.filter(pk=cast.editor.pk).update(role=Role.VIEWER)
    keep(client, fields, "403", "-", "role", "back", name="Fresh")
    Member.objects.filter(pk=cast.editor.pk).update(role=Role.EDITOR)
    assert shown(client) == ("Fresh", "")


def test_two_that_were_typed_while_signed_out_are_both_there(cast: Cast, client: Client) -> None:
    first, second = (fields_of(client.get(NEW), NEW) for _ in range(2))
    client.cookies.pop("sessionid")
    keep(client, first, "401", "-", "out", "back", name="First")
    keep(client, second, "401", "-", "out", "back", name="Second")
    client.force_login(cast.editor.user)
    assert shown(client) == ("Second", "")
    client.post(NEW, {**fields_of(client.get(NEW), NEW), "action": "discard"})
    assert shown(client) == ("First", "")
    keep(client, fields_of(client.get(NEW), NEW), "200", "saved", description="Goes on")
    assert shown(client) == ("", "")

"""A second factor that roles need, by a setting of the installation."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.guard import sessions
from admin_ui.accounts.models import Stash, User
from tests.accounts.test_second_factor import set_up
from tests.conftest import Cast
from tests.factories import make_api_key
from tests.pages.past import make_assistant

pytestmark = pytest.mark.django_db
TEAM, ASKS = "/w/main/team/", "/account/second-factor/"
ROLES = ["viewer", "editor", "publisher", "admin"]


def led(cast: Cast, who: str, path: str = TEAM) -> bool:
    answer = cast.client(who).get(path)
    return answer.get("Location") == ASKS


@pytest.mark.parametrize("first", ["", *ROLES, "owner"])
def test_a_role_and_those_above_are_led_there(cast: Cast, settings: Any, first: str) -> None:
    settings.SECOND_FACTOR_FROM = first
    expected = ROLES[ROLES.index(first) :] if first in ROLES else []
    assert [who for who in ROLES if led(cast, who)] == expected
    User.objects.filter(pk=cast.viewer.user_id).update(is_owner=True)
    assert led(cast, "viewer") is bool(first), "an owner is above all"
    assert led(cast, "viewer", "/people/") is bool(first)
    assert not led(cast, "viewer", "/account/")


@pytest.mark.parametrize("forgets", [True, False])
def test_with_a_factor_one_goes_on(cast: Cast, settings: Any, forgets: bool) -> None:
    settings.SECOND_FACTOR_FROM = "publisher"
    client = cast.client("publisher")
    assert "Set up a second factor" in client.get(TEAM, follow=True).content.decode()
    set_up(client)
    if forgets:
        sessions._user_ids.clear()
    assert client.get(TEAM).status_code == 200
    assert client.get(ASKS)["Location"] == "/"
    Authenticator.objects.exclude(type="recovery_codes").delete()
    assert client.get(TEAM)["Location"] == ASKS, "codes alone are no factor"


def test_pages_make_no_query_more(cast: Cast, settings: Any) -> None:
    client = cast.client("publisher")
    set_up(client)
    counts = []
    for first in ("", "viewer"):
        settings.SECOND_FACTOR_FROM = first
        client.get(TEAM)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(TEAM).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_api_is_not_affected(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_FROM = "viewer"
    _row, secret = make_api_key(cast.workspace)
    headers = {"authorization": f"Bearer {secret}", "openai-beta": "assistants=v2"}
    client = cast.client("anonymous")
    assert client.get("/v1/assistants", headers=headers).status_code == 200


def test_strangers_and_people_without_the_right_are_told_nothing_new(
    cast: Cast, settings: Any
) -> None:
    settings.SECOND_FACTOR_FROM = "viewer"
    assert cast.client("stranger").get(TEAM).status_code == 404
    assert cast.client("viewer").get("/w/main/keys/").status_code == 403
    assert cast.client("viewer").get("/people/").status_code == 404


@pytest.mark.parametrize("behind", ["", "keep"])
def test_what_was_typed_is_kept(cast: Cast, settings: Any, behind: str) -> None:
    settings.SECOND_FACTOR_FROM = "editor"
    assistant = make_assistant(cast.workspace)
    page = f"/w/main/assistants/{assistant.pk}/edit/autosave/"
    form = {"tab": f"{cast.editor.user_id}-t1", "turn": "1", "instructions": "My text"}
    client = cast.client("editor")
    answer = client.post(page, form, headers={"X-Background": behind} if behind else {})
    assert Stash.objects.filter(user=cast.editor.user).count() == 1
    if behind:
        assert (answer.status_code, answer["X-Kept"]) == (403, "true")
        assert "Your role now needs a second factor." in answer.content.decode()
    else:
        assert answer["Location"] == ASKS
        assert "What you typed is kept." in client.get(ASKS).content.decode()


def test_a_header_opens_nothing(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_FROM = "viewer"
    for header in ({"X-Background": "true"}, {"HX-Request": "true"}):
        answer = cast.client("viewer").get(TEAM, headers=header)
        assert "vera@example.com" not in answer.content.decode()
        assert answer.status_code == 403 or answer["HX-Redirect"] == ASKS

"""One's own account: name, time zone, colours and rows, each for oneself only."""

from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.models import User
from admin_ui.audit.models import AuditEvent
from tests.conftest import Cast
from tests.pages.past import make_assistant

ACCOUNT = "/account/"
FORM = {"name": "Vera Lind", "zone": "Asia/Tokyo", "theme": "dark", "density": "compact"}


def text_of(client: Client, path: str = ACCOUNT) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin"])
def test_everybody_changes_their_own(cast: Cast, who: str) -> None:
    client, user = cast.client(who), getattr(cast, who).user
    assert 'href="/account/"' in text_of(client, "/w/main/team/")
    assert 'href="/accounts/password/change/"' in text_of(client)
    response = client.post(ACCOUNT, FORM)
    assert (response.status_code, response["Location"]) == (303, ACCOUNT)
    text = text_of(client)
    assert "Your account is saved." in text
    assert 'data-theme="dark"' in text
    assert 'data-density="compact"' in text
    assert '<option value="Asia/Tokyo" selected>Tokyo</option>' in text
    assert set(User.objects.exclude(pk=user.pk).values_list("zone", "theme")) == {("", "")}


def test_a_new_name_and_zone_are_recorded_and_colours_are_not(cast: Cast) -> None:
    client = cast.client("viewer")
    client.post(ACCOUNT, FORM)
    event = AuditEvent.objects.get(kind="profile")
    assert (event.actor, event.about) == (cast.viewer.user, cast.viewer.user.email)
    assert event.details == {
        "name": "Vera Lind", "zone": "Asia/Tokyo", "name_before": "Vera", "zone_before": "",
    }  # fmt: skip
    client.post(ACCOUNT, {**FORM, "theme": "light"})
    assert AuditEvent.objects.filter(kind="profile").count() == 1


def test_a_name_of_the_past_stays(cast: Cast) -> None:
    row = make_assistant(cast.workspace, by=cast.admin.user)
    cast.client("admin").post(ACCOUNT, {**FORM, "name": "Somebody Else"})
    assert "Ada" in text_of(cast.client("viewer"), f"/w/main/assistants/{row.pk}/history/")


def test_times_are_in_the_zone_chosen_else_in_the_browsers(cast: Cast) -> None:
    make_assistant(cast.workspace)
    client = cast.client("viewer")
    client.cookies["zone"] = "Europe/Vienna"
    assert "Europe/Vienna" in text_of(client, "/w/main/assistants/")
    client.post(ACCOUNT, FORM)
    for _visit in range(2):  # the second reads the session and the user in one query
        text = text_of(client, "/w/main/assistants/")
        assert "Asia/Tokyo" in text
        assert "Europe/Vienna" not in text
    assert "Europe/Vienna" in text_of(other_browser(cast), "/w/main/assistants/"), "nobody else's"
    client.post(ACCOUNT, {**FORM, "zone": ""})
    assert "Europe/Vienna" in text_of(client, "/w/main/assistants/")


def other_browser(cast: Cast) -> Client:
    client = cast.client("editor")
    client.cookies["zone"] = "Europe/Vienna"
    return client


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 151},
        {"name": "\x00"},
        {"zone": "Mars/Base"},
        {"zone": "../../etc/passwd"},
        {"theme": "pink"},
        {"density": "huge"},
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(cast: Cast, wrong: dict[str, str]) -> None:
    client = cast.client("viewer")
    response = client.post(ACCOUNT, {**FORM, **wrong})
    assert response.status_code == 422
    cast.viewer.user.refresh_from_db()
    assert (cast.viewer.user.name, cast.viewer.user.zone) == ("Vera", "")
    if "name" not in wrong:
        assert 'value="Vera Lind"' in response.content.decode()


def test_a_posted_right_is_ignored(cast: Cast) -> None:
    cast.client("viewer").post(ACCOUNT, {**FORM, "is_owner": "1", "email": "x@example.com"})
    cast.viewer.user.refresh_from_db()
    assert not cast.viewer.user.is_owner
    assert cast.viewer.user.email == "vera@example.com"


def test_a_language_can_be_chosen_where_there_are_several(cast: Cast, settings: Any) -> None:
    client = cast.client("viewer")
    assert 'name="language"' not in text_of(client), "a choice of one is none"
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    assert '<option value="de">Deutsch</option>' in text_of(client)
    client.post(ACCOUNT, {**FORM, "language": "de"})
    assert '<html lang="de"' in text_of(client, "/w/main/team/")
    assert '<html lang="en"' in text_of(cast.client("editor"), "/w/main/team/")


def test_a_script_sends_the_colours_in_the_background(cast: Cast) -> None:
    client = cast.client("viewer")
    headers = {"X-Background": "true"}
    assert client.post("/account/choose/", {"theme": "dark"}, headers=headers).status_code == 204
    assert 'data-theme="dark"' in text_of(client)

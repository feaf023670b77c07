"""A form sent after the session has ended is kept for who wrote it, and for nobody else."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.utils import timezone

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.middleware import LAST_USER_COOKIE
from admin_ui.accounts.models import Stash
from admin_ui.accounts.services import save_account
from tests.conftest import Cast

PASSWORD = "correct horse battery"
FORM = "application/x-www-form-urlencoded"
PAGE = "/w/main/assistants/7/edit/"
TYPED = {
    "name": "Ärztebüro 🙂",
    "instructions": "Line one\r\nLine two & more=+ " * 500,
    "a": ["1", "2"],
    "note": "",
}


@pytest.fixture
def browser(cast: Cast) -> Client:
    """A browser in which the editor has signed in, and whose session has then ended."""
    cache.clear()
    save_account(email=cast.editor.user.email, password=PASSWORD)
    client = Client(enforce_csrf_checks=True)
    sign_in(client, cast.editor.user.email)
    Session.objects.all().delete()
    return client


def sign_in(client: Client, email: str) -> None:
    client.get("/accounts/login/")
    data = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token(client)}
    assert client.post("/accounts/login/", data).status_code == 302


def token(client: Client) -> str:
    return client.cookies["csrftoken"].value


def send(client: Client, data: dict[str, Any] | None = None, **more: Any) -> Any:
    body = urlencode({**(data or TYPED), "csrfmiddlewaretoken": token(client)}, doseq=True)
    return client.post(PAGE, body, content_type=FORM, **more)


def test_what_was_typed_is_there_after_signing_in_again(browser: Client, cast: Cast) -> None:
    response = send(browser)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={PAGE}")
    assert "What you typed is kept" in browser.get(response["Location"]).content.decode()
    sign_in(browser, cast.editor.user.email)
    form = stash.take_form(cast.editor.user, PAGE)
    assert form is not None
    assert form.dict() == {**TYPED, "a": "2"}
    assert form.getlist("a") == ["1", "2"]
    assert stash.take_form(cast.editor.user, PAGE) is None, "given back once"


def test_peek_leaves_it_there(browser: Client, cast: Cast) -> None:
    send(browser)
    assert stash.newest_form(cast.editor.user, PAGE) == stash.take_form(cast.editor.user, PAGE)


def test_an_autosave_by_htmx_is_kept_as_well(browser: Client, cast: Cast) -> None:
    page = f"http://testserver{PAGE}"
    response = send(browser, headers={"HX-Request": "true", "HX-Current-URL": page})
    assert response["HX-Redirect"] == f"/accounts/login/?next={PAGE}"
    assert stash.take_form(cast.editor.user, PAGE) is not None


def test_after_signing_in_one_is_on_the_page_the_form_was_on(browser: Client) -> None:
    page = "http://testserver/w/main/team/?q=1"
    body = {"email": "a@example.com", "csrfmiddlewaretoken": token(browser)}
    response = browser.post("/w/main/team/add/", body, headers={"Referer": page})
    assert response["Location"] == "/accounts/login/?next=/w/main/team/%3Fq%3D1"


def test_nobody_else_gets_it(browser: Client, cast: Cast) -> None:
    send(browser)
    assert stash.take_form(cast.admin.user, PAGE) is None
    assert stash.take_form(cast.editor.user, "/w/main/assistants/8/edit/") is None


def test_it_is_not_readable_in_the_database(browser: Client) -> None:
    send(browser, {"note": "sk-very-secret"})
    body = bytes(Stash.objects.get().body)
    assert b"sk-very-secret" not in body
    assert b"note" not in body


def test_a_later_form_of_the_same_page_replaces_it(browser: Client, cast: Cast) -> None:
    send(browser, {"name": "first", "note": ""})
    send(browser, {"name": "second", "note": ""})
    form = stash.take_form(cast.editor.user, PAGE)
    assert form is not None
    assert form.dict() == {"name": "second", "note": ""}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda client: client.cookies.pop(LAST_USER_COOKIE),
        lambda client: client.cookies.__setitem__(LAST_USER_COOKIE, "1:forged:signature"),
        lambda client: client.cookies.__setitem__("csrftoken", "x" * 32),
    ],
    ids=["no cookie", "forged cookie", "no good CSRF token"],
)
def test_what_cannot_be_trusted_is_not_kept(browser: Client, spoil: Any) -> None:
    body = urlencode({**TYPED, "csrfmiddlewaretoken": token(browser)}, doseq=True)
    spoil(browser)
    response = browser.post(PAGE, body, content_type=FORM)
    assert response.status_code == 302
    assert not Stash.objects.exists()


def test_nothing_is_kept_after_signing_out(cast: Cast) -> None:
    cache.clear()
    save_account(email=cast.editor.user.email, password=PASSWORD)
    client = Client(enforce_csrf_checks=True)
    sign_in(client, cast.editor.user.email)
    client.post("/accounts/logout/", {"csrfmiddlewaretoken": token(client)})
    answer = send(client)
    assert not Stash.objects.exists()
    assert "could not be kept" in client.get(answer["Location"]).content.decode()


def test_nothing_is_kept_once_all_sessions_were_ended(browser: Client, cast: Cast) -> None:
    """Somebody may have copied the cookie: it names the sessions that it was given with."""
    type(cast.editor.user).objects.filter(pk=cast.editor.user.pk).update(session_epoch=1)
    send(browser)
    assert not Stash.objects.exists()


def test_nothing_is_kept_for_somebody_deactivated(browser: Client, cast: Cast) -> None:
    type(cast.editor.user).objects.filter(pk=cast.editor.user.pk).update(is_active=False)
    send(browser)
    assert not Stash.objects.exists()


def test_the_oldest_make_room(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    user = cast.editor.user
    monkeypatch.setattr(stash, "MOST_COPIES", 20)
    for number in range(20 + 2):
        keep(cast, f"/w/main/{number}/")
    assert Stash.objects.count() == 20
    assert stash.newest_form(user, "/w/main/0/") is None
    assert stash.newest_form(user, "/w/main/2/") is not None


def test_large_ones_make_room_earlier_but_the_newest_stays(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, other = cast.editor.user, cast.viewer.user
    stash.keep_form_at(other, "/w/main/0/", QueryDict("a=b"))
    keep(cast, "/w/main/0/")
    size = len(bytes(Stash.objects.get(user=user).body))
    monkeypatch.setattr(stash, "MOST_BYTES", size * 3)
    for number in range(1, 5):
        keep(cast, f"/w/main/{number}/")
    kept = Stash.objects.filter(user=user).values_list("path", flat=True)
    assert set(kept) == {f"/w/main/{number}/" for number in (2, 3, 4)}
    monkeypatch.setattr(stash, "MOST_BYTES", 1)
    keep(cast, "/w/main/5/")
    assert Stash.objects.filter(user=user).get().path == "/w/main/5/"
    assert Stash.objects.filter(user=other).exists()


def test_it_expires(cast: Cast) -> None:
    keep(cast, PAGE)
    Stash.objects.update(created_at=timezone.now() - stash.FORM_KEPT_FOR - timedelta(minutes=1))
    assert stash.take_form(cast.editor.user, PAGE) is None
    keep(cast, "/w/main/")
    assert Stash.objects.count() == 1, "what has expired is removed when something is kept"


def test_a_body_of_the_largest_definition_fits(cast: Cast) -> None:
    keep(cast, PAGE, {"instructions": "🙂" * 256_000, "note": ""})
    form = stash.take_form(cast.editor.user, PAGE)
    assert form is not None
    assert form["instructions"] == "🙂" * 256_000


def test_a_form_in_parts_is_kept_too(cast: Cast) -> None:
    request = RequestFactory().post(PAGE, {"note": "🙂", "a": ["1", "2"]})
    assert request.content_type == "multipart/form-data"
    assert stash.keep_form(cast.editor.user, request)
    form = stash.take_form(cast.editor.user, PAGE)
    assert form is not None
    assert dict(form.lists()) == {"note": ["🙂"], "a": ["1", "2"]}


def test_what_is_no_form_is_not_kept(cast: Cast) -> None:
    request = RequestFactory().post(PAGE, "{}", content_type="application/json")
    assert not stash.keep_form(cast.editor.user, request)
    request = RequestFactory().post("/w/" + "a" * 500, "note=b", content_type=FORM)
    assert not stash.keep_form(cast.editor.user, request)


def test_a_lost_encryption_key_loses_the_stash_but_breaks_nothing(
    cast: Cast, settings: Any
) -> None:
    keep(cast, PAGE)
    settings.ENCRYPTION_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    assert stash.take_form(cast.editor.user, PAGE) is None


def test_a_form_with_an_old_token_is_kept_for_who_signed_in_again(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.editor.user)
    body = urlencode({**TYPED, "csrfmiddlewaretoken": "x" * 32}, doseq=True)
    page = PAGE
    strange = client.post(page, body, content_type=FORM, headers={"Origin": "https://evil"})
    assert strange.status_code == 403
    assert not Stash.objects.exists()
    headers = {"Origin": "http://testserver", "Referer": f"http://testserver{page}"}
    response = client.post(page, body, content_type=FORM, headers=headers)
    assert response.status_code == 403
    assert f'href="{page}"' in response.content.decode()
    assert stash.take_form(cast.editor.user, page) is not None


def test_a_form_that_no_page_shows_again_is_not_kept_nor_said_to_be(
    browser: Client, cast: Cast
) -> None:
    for page in ("/w/main/connections/new/", "/w/main/team/add/", "/w/main/keys/"):
        body = {"name": "Typed", "api_key": "sk-1", "csrfmiddlewaretoken": token(browser)}
        told = browser.get(browser.post(page, body)["Location"]).content.decode()
        assert "so nothing was changed" in told
        assert "is kept" not in told
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.editor.user)
    page, headers = "/accounts/password/change/", {"Origin": "http://testserver"}
    answer = client.post(page, {"password1": "secret"}, headers=headers)
    assert answer.status_code == 403
    assert "Go back" in answer.content.decode()
    assert not Stash.objects.exists()


def keep(cast: Cast, path: str, data: dict[str, Any] | None = None) -> None:
    body = urlencode(data or TYPED, doseq=True)
    request = RequestFactory().post(path, body, content_type=FORM)
    assert stash.keep_form(cast.editor.user, request)


def test_the_editor_is_filled_in_again(cast: Cast) -> None:
    cache.clear()
    save_account(email=cast.editor.user.email, password=PASSWORD)
    client = Client()
    sign_in_page = {"login": cast.editor.user.email, "password": PASSWORD}
    client.post("/accounts/login/", sign_in_page)
    Session.objects.all().delete()
    new = "/w/main/assistants/new/"
    typed = {"name": "Returns desk", "instructions": "Be kind about late returns."}
    typed["tab"] = f"{cast.editor.user.pk}-a"
    assert client.post(new, typed)["Location"] == f"/accounts/login/?next={new}"
    assert client.post("/accounts/login/", {**sign_in_page, "next": new})["Location"] == new
    page = client.get(new).content.decode()
    assert 'value="Returns desk"' in page
    assert "Be kind about late returns." in page

"""The inbox: one's own notices of all workspaces, page by page, and marking them."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from admin_ui.notices import inbox
from admin_ui.notices.models import Notice
from tests import factories
from tests.conftest import Cast
from tests.notices.telling import tell

pytestmark = pytest.mark.django_db
INBOX = "/account/notices/"


def text_of(client: Client, path: str = INBOX) -> str:
    return client.get(path).content.decode()


def shown(client: Client, query: str = "") -> list[str]:
    """Return what the notices on a page say, by the last word."""
    said = re.findall(r'/account/notices/\d+/" dir="auto">([^<]+)<', text_of(client, INBOX + query))
    return [text.rpartition(" ")[2] for text in said]


def badge(client: Client, path: str = "/w/main/") -> str:
    found = re.search(r'<span class="count">([\d+]+)', text_of(client, path))
    return found[1] if found else ""


def test_everybody_sees_their_own_of_all_workspaces(cast: Cast) -> None:
    factories.make_member(cast.stranger.workspace, user=cast.editor.user)
    tell(cast, cast.editor, subject="One")
    tell(cast, cast.stranger, cast.editor, subject="Two", workspace=cast.stranger.workspace)
    tell(cast, cast.viewer, subject="Three")
    assert shown(cast.client("editor")) == ["Two", "One"]
    assert shown(cast.client("stranger")) == ["Two"]
    assert "Elsewhere" in text_of(cast.client("editor"))
    assert "Nothing unread" in text_of(cast.client("publisher"))
    assert "No notices yet" in text_of(cast.client("publisher"), f"{INBOX}?show=all")
    assert cast.client("anonymous").get(INBOX).status_code == 302


def test_opening_marks_as_read_and_leads_to_the_place(cast: Cast) -> None:
    client = cast.client("editor")
    tell(cast, cast.editor, subject="One")
    pk = Notice.objects.get().pk
    assert client.head(f"{INBOX}{pk}/").status_code == 303
    assert shown(client) == ["One"], "a look ahead reads nothing"
    answer = client.get(f"{INBOX}{pk}/")
    assert (answer.status_code, answer["Location"]) == (303, "/w/main/")
    assert (shown(client), shown(client, "?show=all")) == ([], ["One"])
    assert cast.client("viewer").get(f"{INBOX}{pk}/").status_code == 404


def test_marking_read_and_unread_comes_back_to_the_same_list(cast: Cast) -> None:
    client = cast.client("editor")
    tell(cast, cast.editor, cast.viewer, subject="One")
    mine = Notice.objects.get(user=cast.editor.user).pk
    theirs = Notice.objects.get(user=cast.viewer.user).pk
    answer = client.post(f"{INBOX}mark/", {"read": mine, "show": "all", "kind": "published"})
    assert answer["Location"] == f"{INBOX}?show=all&kind=published"
    assert shown(client) == []
    client.post(f"{INBOX}mark/", {"read": theirs})
    assert shown(cast.client("viewer")) == ["One"], "nobody marks for others"
    assert client.post(f"{INBOX}mark/", {"unread": mine})["Location"] == INBOX
    assert shown(client) == ["One"]
    for value in ("", "x", "9" * 30):
        assert client.post(f"{INBOX}mark/", {"read": value}).status_code == 303
    assert shown(client) == ["One"]


def test_all_are_marked_up_to_the_newest_one_seen(cast: Cast) -> None:
    client = cast.client("editor")
    for kind in ("published", "approved", "published"):
        tell(cast, cast.editor, subject=kind, kind=kind)
    newest = re.search(r'name="all" value="(\d+)"', text_of(client))
    assert newest
    tell(cast, cast.editor, subject="later")
    client.post(f"{INBOX}mark/", {"all": newest[1], "kind": "published"})
    assert shown(client) == ["later", "approved"]
    client.post(f"{INBOX}mark/", {"all": newest[1]})
    assert shown(client) == ["later"]


def test_pages_and_filters(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "NOTICES_A_PAGE", 2)
    client = cast.client("editor")
    for number, kind in enumerate(("published", "approved", "published", "published")):
        tell(cast, cast.editor, subject=str(number), kind=kind)
    Notice.objects.filter(happening__subject="2").update(read_at=timezone.now())
    assert shown(client) == ["3", "1"]
    assert shown(client, "?kind=published") == ["3", "0"]
    page = text_of(client, f"{INBOX}?show=all&kind=published")
    older = re.search(r'href="(\?[^"]+)" rel="next"', page)
    assert older
    assert shown(client, older[1].replace("&amp;", "&")) == ["0"]
    assert shown(client, "?kind=nonsense&show=nonsense&after=nonsense") == ["3", "1"]
    assert "No notices of this kind" in text_of(client, f"{INBOX}?kind=rejected")


AWAY = "/w/main/changes/"
"""A page that the test does not open."""


def test_the_number_is_on_every_page_and_ends_at_99(cast: Cast) -> None:
    client = cast.client("editor")
    assert badge(client) == ""
    rows = [tell(cast, cast.editor, path=AWAY) for _ in range(3)]
    for _visit in range(2):  # the second reads it with the session
        assert badge(client) == badge(client, "/account/") == "3"
    Notice.objects.bulk_create(
        Notice(user=cast.editor.user, happening=other, workspace=cast.workspace, kind="failed")
        for other in [tell(cast, path=AWAY) for _ in range(97)]
    )
    assert rows
    assert badge(client) == "99+"


def test_the_number_costs_no_query_and_a_page_always_the_same(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    client = cast.client("editor")
    tell(cast, cast.editor)
    with django_assert_num_queries(2):
        text_of(client)
    for number in range(20):
        tell(cast, cast.editor, subject=f"Number {number}")
    with django_assert_num_queries(2):
        assert len(shown(client)) == 21


def test_names_are_shown_as_text_with_marks(cast: Cast) -> None:
    tell(cast, cast.editor, subject="<b>bold</b> zero\u200bwidth")
    page = text_of(cast.client("editor"))
    assert "&lt;b&gt;bold" in page
    assert 'class="mark"' in page


def test_the_inbox_needs_the_second_factor_that_a_workspace_needs(
    cast: Cast, settings: Any
) -> None:
    settings.SECOND_FACTOR_FROM = "editor"
    for path in (INBOX, f"{INBOX}1/"):
        answer = cast.client("editor").get(path)
        assert answer["Location"] == "/account/second-factor/"
    assert cast.client("viewer").get(INBOX).status_code == 200

"""The list of the team: searched, filtered by role, and page by page, whatever its size."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.team import members
from tests.accounts.deciding import TEAM, owner_named, signed_in, text
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
ROLES = ("viewer", "editor", "publisher", "admin", "owner")
HTMX = {"HX-Request": "true"}


def client_of(cast: Cast, who: str) -> Client:
    return signed_in(owner_named("Otto")) if who == "owner" else cast.client(who)


def people(response: Any) -> list[str]:
    """Return who is listed, in order."""
    page = text(response)
    page = page[page.index('id="members"') :].partition("What each role may do")[0]
    return re.findall(r'<span dir="auto" class="strong">([^<]+)</span>', page)


def count_of(response: Any) -> str:
    found = re.search(r'<p class="table-count[^>]*> (.*?) </p>', text(response))
    assert found
    return found[1]


def crowd(workspace: Workspace, count: int, role: str = Role.VIEWER) -> None:
    """Add members with names and addresses in order, quickly."""
    users = [
        User(email=f"crowd{number:05}@example.org", name=f"Kim {number:05}", password="!")
        for number in range(count)
    ]
    made = User.objects.bulk_create(users)
    Member.objects.bulk_create([Member(workspace=workspace, user=user, role=role) for user in made])


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=ver", ["Vera"]),
        ("q=VERA", ["Vera"]),
        ("q=pia@example", ["Pia"]),
        ("q=  example   emil ", ["Emil"]),
        ("q=vera+emil", []),
        ("q=sam", []),
        ("q=%25", []),
        ("q=a_a", []),
        ("q=%00", ["Ada", "Emil", "Pia", "Vera"]),
        ("role=publisher", ["Pia"]),
        ("role=king", ["Ada", "Emil", "Pia", "Vera"]),
        ("role=admin&q=ada", ["Ada"]),
        ("role=admin&q=pia", []),
    ],
)
def test_search_and_filter(cast: Cast, who: str, query: str, names: list[str]) -> None:
    client = client_of(cast, who)
    owners = ["Otto"] if who == "owner" and query in ("q=%00", "role=king") else []
    for headers in ({}, HTMX):
        response = client.get(f"{TEAM}?{query}", headers=headers)
        assert people(response) == owners + names
    total = 5 if who == "owner" else 4
    shown = len(owners + names)
    filtered = query not in ("q=%00", "role=king")
    assert count_of(response) == (f"{shown} of {total} people" if filtered else f"{total} people")


def test_owners_are_searched_too(cast: Cast) -> None:
    client = signed_in(owner_named("Otto"))
    owner_named("Olga")
    assert people(client.get(f"{TEAM}?role=owner")) == ["Olga", "Otto"]
    assert people(client.get(f"{TEAM}?role=owner&q=olga")) == ["Olga"]
    assert people(client.get(f"{TEAM}?q=o")) == ["Olga", "Otto", "Ada", "Emil", "Pia", "Vera"]
    assert people(client.get(f"{TEAM}?role=viewer&q=o")) == ["Vera"]
    assert count_of(client.get(f"{TEAM}?q=otto")) == "1 of 6 people"


def test_an_owner_who_is_a_member_is_listed_and_counted_once(cast: Cast) -> None:
    User.objects.filter(pk=cast.viewer.user_id).update(is_owner=True)
    page = cast.client("admin").get(TEAM)
    assert people(page) == ["Vera", "Ada", "Emil", "Pia"]
    assert count_of(page) == "4 people"
    assert people(cast.client("admin").get(f"{TEAM}?role=viewer")) == []
    User.objects.filter(pk=cast.viewer.user_id).update(is_active=False)
    assert people(cast.client("admin").get(f"{TEAM}?role=viewer")) == ["Vera"]


def test_capitals_beyond_ascii(cast: Cast) -> None:
    User.objects.filter(pk=cast.viewer.user_id).update(name="Özlem Ünal")
    for words in ("özlem", "ÜNAL", "ünal öz", "Ünal"):
        assert people(cast.client("editor").get(TEAM, {"q": words})) == ["Özlem Ünal"]


def test_people_without_a_name_are_in_order_of_their_address(cast: Cast) -> None:
    User.objects.filter(pk=cast.viewer.user_id).update(name="", email="bert@example.com")
    found = people(cast.client("admin").get(TEAM))
    assert found == ["Ada", "bert@example.com", "Emil", "Pia"]


@pytest.mark.parametrize("who", ["viewer", "admin"])
def test_nobody_found_has_words_and_a_way_back(cast: Cast, who: str) -> None:
    response = cast.client(who).get(f"{TEAM}?q=nobody&role=viewer")
    assert "Nobody found" in text(response)
    assert f'href="{TEAM}">Show everybody' in text(response)
    assert count_of(response) == "0 of 4 people"
    assert 'value="nobody"' in text(response)
    assert '<option value="viewer" selected>' in text(response)


def test_htmx_gets_the_list_alone_and_its_address(cast: Cast) -> None:
    response = cast.client("viewer").get(f"{TEAM}?q=ve&role=&before=nonsense", headers=HTMX)
    assert response["HX-Push-Url"] == f"{TEAM}?q=ve"
    assert text(response).strip().startswith('<div id="members">')
    assert "HX-Request" in response["Vary"]
    again = cast.client("viewer").get(f"{TEAM}?q=", headers=HTMX)
    assert again["HX-Push-Url"] == TEAM
    restored = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "What each role may do" in text(cast.client("viewer").get(TEAM, headers=restored))


def walk(client: Client, query: str) -> tuple[list[list[str]], str]:
    """Follow "Next" from the first page to the last; return who is on each, and the last page."""
    pages, address = [], f"{TEAM}?{query}"
    while True:
        page = text(client.get(address))
        pages.append(people(client.get(address)))
        more = re.search(r'href="([^"]+)" rel="next"', page)
        if not more:
            return pages, page
        address = TEAM + more[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 124), ("role=viewer", 121), ("q=kim", 120), ("q=kim+1&role=viewer", 39)],
)
def test_pages_hold_everybody_once_with_a_filter_too(cast: Cast, query: str, count: int) -> None:
    crowd(cast.workspace, 120)
    client = cast.client("viewer")
    pages, last = walk(client, query)
    everybody = [name for page in pages for name in page]
    assert len(everybody) == len(set(everybody)) == count
    assert everybody == sorted(everybody, key=str.lower)
    assert {len(page) for page in pages[:-1]} <= {members.MEMBERS_A_PAGE}
    assert f"{count} of 124 people" in last or not query
    while back := re.search(r'href="([^"]+)" rel="prev"', last):
        pages.pop()
        last = text(client.get(TEAM + back[1].replace("&amp;", "&")))
        assert people(client.get(TEAM + back[1].replace("&amp;", "&"))) == pages[-1]
    assert len(pages) == 1


def test_owners_are_on_the_first_page_only(cast: Cast) -> None:
    crowd(cast.workspace, members.MEMBERS_A_PAGE)
    client = signed_in(owner_named("Otto"))
    pages, _last = walk(client, "")
    assert ["Otto" in page for page in pages] == [True, False]


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("query", ["", "?q=kim&role=viewer"])
def test_queries_and_rows_stay_the_same_with_more_members(
    cast: Cast,
    who: str,
    query: str,
    django_assert_num_queries: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = client_of(cast, who)
    # Session with its member, people of the page, their memberships, owners, count of members, who
    # has proven the address; for admins invitations, and whether there is another admin, which an
    # owner need not know.
    queries = {"admin": 8, "owner": 7}.get(who, 6)
    read: list[int] = []
    from_db = Member.from_db.__func__  # type: ignore[attr-defined]

    def counted(model: type[Member], *args: Any) -> Any:
        read.append(1)
        return from_db(model, *args)

    monkeypatch.setattr(Member, "from_db", classmethod(counted))
    crowd(cast.workspace, 3)
    for more in (1, 500):
        read.clear()
        with django_assert_num_queries(queries):
            client.get(TEAM + query)
        assert len(read) <= members.MEMBERS_A_PAGE + 2  # the reader, and one to see if more follow
        users = [User(email=f"more{more}-{n}@example.org", name=f"Kim {n}") for n in range(more)]
        made = User.objects.bulk_create(users)
        Member.objects.bulk_create([Member(workspace=cast.workspace, user=user) for user in made])
    read.clear()
    counts = bool(query)  # what is found on several pages
    with django_assert_num_queries(queries + counts):
        assert len(people(client.get(TEAM + query))) >= members.MEMBERS_A_PAGE
    assert len(read) <= members.MEMBERS_A_PAGE + 2


@pytest.mark.parametrize("query", ["", "?after=1~kim"])
def test_people_are_found_by_name_along_an_index(cast: Cast, query: str) -> None:
    crowd(cast.workspace, 500)
    client = cast.client("viewer")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as asked:
        client.get(TEAM + query)
    (read,) = (each["sql"] for each in asked if " LIMIT 26" in each["sql"])
    how = "QUERY PLAN " if connection.vendor == "sqlite" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {how}{read}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "user_by_shown_name" in plan, plan


def test_counts_are_grouped(cast: Cast) -> None:
    crowd(cast.workspace, 1_200)
    assert count_of(cast.client("viewer").get(TEAM)) == "1,204 people"
    assert count_of(cast.client("viewer").get(f"{TEAM}?role=viewer")) == "1,201 of 1,204 people"


def test_a_place_that_makes_no_sense_gives_the_first_page(cast: Cast) -> None:
    for place in ("after=", "after=x", "before=1", "after=1~\x00", "after=99999999999999999999~a"):
        assert people(cast.client("viewer").get(f"{TEAM}?{place}"))[0] == "Ada"


def test_a_long_search_is_cut(cast: Cast) -> None:
    response = cast.client("viewer").get(TEAM, {"q": "ä " * 5_000})
    assert response.status_code == 200
    assert "Nobody found" in text(response)

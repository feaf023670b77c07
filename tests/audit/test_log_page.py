"""The audit log on pages and as files: who may read it, what it shows, and how it is searched."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.models import User, Workspace
from admin_ui.audit.log import reading
from admin_ui.audit.log.wording import (
    FACTS,
    LABELS_OF_DETAILS,
    details_told,
    event_title,
    summary_of,
)
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.audit.record import INSTANCE_CHAIN, record
from tests.conftest import Cast
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LOG = "/w/main/audit/"
OF_INSTANCE = "/people/audit/"


@pytest.fixture
def owner(db: None) -> User:
    return make_user("olga@example.com", is_owner=True)


def events(workspace: Workspace, count: int, **fields: Any) -> None:
    """Add `count` events, a minute apart, the last now; only what the pages read is in them."""
    now = datetime(2026, 5, 3, 12, tzinfo=UTC)
    AuditEvent.objects.bulk_create(
        AuditEvent(
            workspace=workspace,
            chain=workspace.pk,
            number=1000 + number,
            at=now - timedelta(minutes=count - number),
            digest="-",
            **{
                "kind": EventKind.ROLE,
                "actor_name": "ada@example.com",
                "about": f"person-{number}@example.com",
                **fields,
            },
        )
        for number in range(count)
    )


def shown(response: Any) -> list[str]:
    return [event.about for event in response.context["page"].rows]


@pytest.mark.parametrize(
    ("who", "status"), [("viewer", 403), ("editor", 403), ("publisher", 403), ("admin", 200)]
)
def test_only_admins_read_the_log_of_a_workspace(cast: Cast, who: str, status: int) -> None:
    for query in ("", "?format=csv", "?format=jsonl"):
        assert cast.client(who).get(LOG + query).status_code == status


def test_strangers_and_other_admins_find_no_log(cast: Cast) -> None:
    for who in ("stranger", "admin"):
        assert cast.client(who).get("/w/nowhere/audit/").status_code == 404
    assert cast.client("stranger").get(LOG).status_code == 404
    assert cast.client("admin").get(OF_INSTANCE).status_code == 404


def test_a_log_shows_its_own_chain_only(cast: Cast, owner: User, client: Any) -> None:
    record(EventKind.ROLE, workspace=cast.workspace, about="here@example.com")
    record(EventKind.ROLE, workspace=cast.stranger.workspace, about="elsewhere@example.com")
    record(EventKind.SIGN_IN, about="everywhere@example.com")
    assert "here@example.com" in shown(cast.client("admin").get(LOG))
    assert not {"elsewhere@example.com", "everywhere@example.com"} & set(
        shown(cast.client("admin").get(LOG))
    )
    client.force_login(owner)
    assert "everywhere@example.com" in shown(client.get(OF_INSTANCE))
    assert "here@example.com" not in shown(client.get(OF_INSTANCE))


def test_an_event_names_who_what_and_the_values_before_and_after(cast: Cast) -> None:
    details = {"from": "viewer", "to": "publisher"}
    record(
        EventKind.ROLE,
        workspace=cast.workspace,
        actor=cast.admin.user,
        about="emil@example.com",
        details=details,
        address="192.0.2.7",
    )
    page = cast.client("admin").get(LOG).content.decode()
    for text in ("Role changed", "ada@example.com", "Viewer → Publisher", "192.0.2.7", "UTC"):
        assert text in page


def test_kind_days_and_text_select(cast: Cast) -> None:
    events(cast.workspace, 3)
    old = datetime(2025, 1, 31, 23, 30, tzinfo=UTC)
    AuditEvent.objects.create(
        workspace=cast.workspace,
        chain=cast.workspace.pk,
        number=999,
        at=old,
        kind=EventKind.KEY_CREATED,
        actor_name="ada@example.com",
        about="Support chat",
    )
    admin = cast.client("admin")
    assert shown(admin.get(LOG, {"kind": "key_created"})) == ["Support chat"]
    assert shown(admin.get(LOG, {"q": "SUPPORT ch"})) == ["Support chat"]
    assert shown(admin.get(LOG, {"since": "2025-01-31", "until": "2025-01-31"})) == ["Support chat"]
    assert shown(admin.get(LOG, {"until": "2025-01-30"})) == []
    admin.cookies["zone"] = "Europe/Vienna"  # there it was the first of February already
    assert "Support chat" in shown(admin.get(LOG, {"since": "2025-02-01", "until": "2025-02-01"}))


@pytest.mark.parametrize(
    "query",
    ["kind=nonsense", "since=2026-99-99", "until=9999-12-31", "after=x", "before=1~x", "q=%00"],
)
def test_what_makes_no_sense_selects_everything(cast: Cast, query: str) -> None:
    events(cast.workspace, 2)
    assert len(shown(cast.client("admin").get(f"{LOG}?{query}"))) >= 2


def test_pages_follow_one_another_with_the_same_filter(cast: Cast) -> None:
    events(cast.workspace, reading.EVENTS_A_PAGE + 5)
    admin = cast.client("admin")
    first = admin.get(LOG, {"kind": "role"})
    second = admin.get(LOG + first.context["page"].older)
    assert len(shown(first)) == reading.EVENTS_A_PAGE
    assert not set(shown(first)) & set(shown(second))
    assert len(shown(second)) == 5
    back = admin.get(LOG + second.context["page"].newer)
    assert shown(back) == shown(first)


def test_a_search_goes_on_where_it_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SCANNED", 10)
    events(cast.workspace, 25)
    admin = cast.client("admin")
    seen, query = [], "?q=person-3%40"
    for _page in range(4):
        response = admin.get(LOG + query)
        seen += shown(response)
        query = response.context["page"].older
        if not query:
            break
        assert "Search older events" in response.content.decode()
    assert seen == ["person-3@example.com"]
    assert not query


def test_a_search_ends_with_the_log(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    events(cast.workspace, 8)
    monkeypatch.setattr(
        reading, "SCANNED", AuditEvent.objects.filter(chain=cast.workspace.pk).count()
    )
    page = cast.client("admin").get(LOG, {"q": "person-0@"}).context["page"]
    assert [event.about for event in page.rows] == ["person-0@example.com"]
    assert (page.older, page.searched_to) == ("", None)


def test_a_search_looks_no_further_than_it_says(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    events(cast.workspace, 25)
    newest = [event.about for event in AuditEvent.objects.order_by("-at", "-number")]
    newest = newest[: newest.index("person-14@example.com") + 1]
    monkeypatch.setattr(reading, "SCANNED", len(newest) - 1)
    admin = cast.client("admin")
    for text, found in (("person-14@", []), ("person-15@", ["person-15@example.com"])):
        response = admin.get(LOG, {"q": text})
        assert shown(response) == found
        assert response.context["page"].searched_to is not None


def test_a_search_turns_back_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SCANNED", reading.EVENTS_A_PAGE + 5)
    events(cast.workspace, 2 * reading.EVENTS_A_PAGE)
    oldest = AuditEvent.objects.get(about="person-0@example.com")
    place = {"before": f"{oldest.number}~{oldest.at.isoformat()}"}
    found = shown(cast.client("admin").get(LOG, {"q": "person-", **place}))
    assert (found[0], found[-1]) == ("person-50@example.com", "person-1@example.com")


def test_the_queries_of_a_page_are_as_many_whatever_it_shows(cast: Cast) -> None:
    admin = cast.client("admin")
    with CaptureQueriesContext(connection) as few:
        admin.get(LOG)
    events(cast.workspace, 60)
    with CaptureQueriesContext(connection) as many:
        admin.get(LOG)
    assert (len(few), len(many)) == (2, 2)


def text_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_json_lines_hold_what_the_digests_cover(cast: Cast) -> None:
    event = record(
        EventKind.ROLE, workspace=cast.workspace, about="é@example.com", details={"to": "admin"}
    )
    response = cast.client("admin").get(LOG, {"format": "jsonl", "q": "é@"})
    lines = [json.loads(line) for line in text_of(response).splitlines()]
    assert response["Content-Disposition"] == 'attachment; filename="audit-main.jsonl"'
    assert [(line["about"], line["digest"]) for line in lines] == [("é@example.com", event.digest)]
    assert lines[0]["details"] == {"to": "admin"}
    assert lines[0]["previous"] == event.previous_digest


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_csv_has_no_formulas(cast: Cast, name: str) -> None:
    record(EventKind.KEY_CREATED, workspace=cast.workspace, about=name)
    rows = list(csv.DictReader(StringIO(text_of(cast.client("admin").get(f"{LOG}?format=csv")))))
    assert f"'{name}" in [row["about"] for row in rows]


def test_an_export_is_an_event_itself(cast: Cast) -> None:
    cast.client("admin").get(LOG, {"format": "csv", "kind": "role"})
    event = AuditEvent.objects.get(kind=EventKind.EXPORT)
    assert (event.actor, event.about) == (cast.admin.user, "audit log")
    assert event.details == {"format": "csv", "kind": "role"}


def test_an_export_is_read_in_pieces(cast: Cast) -> None:
    events(cast.workspace, 1200)
    text = text_of(cast.client("admin").get(f"{LOG}?format=jsonl"))
    assert len(text.splitlines()) == AuditEvent.objects.filter(chain=cast.workspace.pk).count()


def test_details_are_told_in_words() -> None:
    def told(**details: Any) -> list[str]:
        return details_told(AuditEvent(kind=EventKind.ROLE, details=details))

    assert told(**{"from": "viewer", "to": "admin"}) == ["Viewer → Admin"]
    assert told(name="Ada", name_before="A", zone="", zone_before="") == ["name: A → Ada"]
    assert told(owner=True, by_mail=False, removed=True) == ["an owner", "removed"]
    assert told(role="editor", expires_at=None, something_new=3) == [
        "role: Editor",
        "something new: 3",
    ]
    moment = "2026-11-28T18:54:24.197956Z"
    assert told(works_until=moment) == ["old key works until: 28 Nov 2026, 18:54 UTC"]
    for odd in ("2026-11-28", "soon", 3):
        assert told(expires_at=odd) == [f"expires: {odd}"]


def test_every_detail_that_code_records_has_a_label() -> None:
    import re
    from pathlib import Path

    root = Path(__file__).parent.parent.parent
    known = {*FACTS, *LABELS_OF_DETAILS, "to", "owner"}
    found: set[str] = set()
    for path in [*(root / "admin_ui").rglob("*.py"), *(root / "assistants").rglob("*.py")]:
        text = path.read_text()
        if "EventKind." in text:
            for braces in re.findall(r"details(?:=|\s*=\s*)\{([^}]*)\}", text):
                found |= set(re.findall(r'"(\w+)":', braces))
    assert found
    assert {name.removesuffix("_before") for name in found} - known == set()


def test_the_instance_has_its_own_chain(owner: User, client: Any) -> None:
    record(EventKind.OWNER, about="olga@example.com", details={"owner": True})
    client.force_login(owner)
    response = client.get(OF_INSTANCE)
    assert response.context["page"].rows[0].chain == INSTANCE_CHAIN
    assert "Owner added" in response.content.decode()
    assert "An owner" not in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "details", "title"),
    [
        (EventKind.WORKSPACE_CHANGED, {"archived": True}, "Workspace archived"),
        (EventKind.WORKSPACE_CHANGED, {"name_before": "A", "name": "B"}, "Workspace changed"),
        (EventKind.OWNER, {"owner": False}, "Owner removed"),
        (EventKind.SERVICE_ACCOUNT, {"removed": True}, "Service account deleted"),
        (EventKind.ROLE, {"from": "viewer", "to": "editor"}, "Role changed"),
    ],
)
def test_a_title_says_what_happened(kind: EventKind, details: dict[str, Any], title: str) -> None:
    event = AuditEvent(kind=kind, details=details)
    assert event_title(event) == title
    assert title.partition(" ")[2] not in details_told(event)


def test_an_address_gets_no_capital() -> None:
    event = AuditEvent(kind=EventKind.PROFILE, details={"from": "a@b.example", "to": "c@b.example"})
    assert summary_of(event) == "a@b.example → c@b.example"

"""Exact times: in the reader's zone with its name on the page and on paper, in data as UTC."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.models import ApiKey, Invitation, Role
from admin_ui.audit.models import AuditEvent
from admin_ui.display import zones
from admin_ui.display.times import ago, at, clock, dated, distance, exact, precise, time_left, utc
from assistants.models import Assistant, Draft, Revision
from tests.conftest import Cast
from tests.pages.past import change, make_assistant

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
KATHMANDU = "Asia/Kathmandu"  # no round hours, no short name


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "when", "shown", "title"),
    [
        ("UTC", "2026-03-10 15:00:09", "10 Mar 2026, 15:00 UTC", "10 Mar 2026, 15:00:09 UTC"),
        (
            "Europe/Vienna",
            "2026-11-26 13:05:09",
            "26 Nov 2026, 14:05 CET",
            "26 Nov 2026, 14:05:09 CET (UTC+1, Europe/Vienna)",
        ),
        # The day changes with the zone, and so does the year.
        (
            KATHMANDU,
            "2026-12-31 18:30:00",
            "1 Jan 2027, 00:15 UTC+5:45",
            "1 Jan 2027, 00:15:00 UTC+5:45 (Asia/Kathmandu)",
        ),
        (
            "America/Sao_Paulo",
            "2027-01-01 01:00:00",
            "31 Dec 2026, 22:00 UTC−3",
            "31 Dec 2026, 22:00:00 UTC−3 (America/Sao_Paulo)",
        ),
        (
            "America/St_Johns",
            "2026-01-05 12:00:00",
            "5 Jan 2026, 08:30 NST",
            "5 Jan 2026, 08:30:00 NST (UTC−3:30, America/St_Johns)",
        ),
        (
            "Europe/London",
            "2026-01-05 12:00:00",
            "5 Jan 2026, 12:00 GMT",
            "5 Jan 2026, 12:00:00 GMT (UTC, Europe/London)",
        ),
    ],
)
def test_a_time_is_told_with_its_zone(zone: str, when: str, shown: str, title: str) -> None:
    with timezone.override(zone):
        assert (exact(moment(when)), precise(moment(when))) == (shown, title)


@pytest.mark.parametrize(
    ("zone", "when", "shown"),
    [
        # Clocks go forward: there is no half past two.
        ("Europe/Vienna", "2026-03-29 00:59:59", "29 Mar 2026, 01:59 CET"),
        ("Europe/Vienna", "2026-03-29 01:00:00", "29 Mar 2026, 03:00 CEST"),
        # Clocks go back: half past two comes twice, and the name tells which it was.
        ("Europe/Vienna", "2026-10-25 00:30:00", "25 Oct 2026, 02:30 CEST"),
        ("Europe/Vienna", "2026-10-25 01:30:00", "25 Oct 2026, 02:30 CET"),
        ("America/New_York", "2026-11-01 05:30:00", "1 Nov 2026, 01:30 EDT"),
        ("America/New_York", "2026-11-01 06:30:00", "1 Nov 2026, 01:30 EST"),
        # By half an hour, in a zone without a short name, at the other end of the year.
        ("Australia/Lord_Howe", "2026-04-04 14:45:00", "5 Apr 2026, 01:45 UTC+11"),
        ("Australia/Lord_Howe", "2026-04-04 15:15:00", "5 Apr 2026, 01:45 UTC+10:30"),
        # At midnight: the day begins at one.
        ("America/Santiago", "2026-09-06 03:59:00", "5 Sep 2026, 23:59 UTC−4"),
        ("America/Santiago", "2026-09-06 04:00:00", "6 Sep 2026, 01:00 UTC−3"),
    ],
)
def test_the_hour_that_is_missing_or_comes_twice(zone: str, when: str, shown: str) -> None:
    with timezone.override(zone):
        assert exact(moment(when)) == shown


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ("2026-03-29 00:30", "2026-03-29 01:30", "1 hour ago"),  # two by the clock on the wall
        ("2026-03-29 00:45", "2026-03-29 01:15", "30 minutes ago"),
        ("2026-10-25 00:30", "2026-10-25 01:15", "45 minutes ago"),  # a quarter ahead on the wall
        ("2026-10-25 00:30", "2026-10-25 02:30", "2 hours ago"),
        ("2026-10-24 23:30", "2026-10-25 23:30", "yesterday"),
    ],
)
def test_distances_over_a_change_of_clocks(before: str, now: str, words: str) -> None:
    with timezone.override("Europe/Vienna"):
        one, other = timezone.localtime(moment(before)), timezone.localtime(moment(now))
        assert distance(one, other) == words
        assert f">{words}</time>" in ago(one, other), "no clock was put back"


def test_each_form_of_a_time_as_html() -> None:
    start = (
        'datetime="2026-03-10T15:00:00Z" title="10 Mar 2026, 16:00:00 CET (UTC+1, Europe/Vienna)"'
    )
    parts = "<span>10 Mar 2026, 16:00 CET</span>"
    with timezone.override("Europe/Vienna"):
        later = NOW + timedelta(hours=2)
        assert ago(NOW, later) == f"<time {start}>2 hours ago</time>"
        assert at(NOW) == f'<time class="exact" {start}>10 Mar 2026, 16:00 CET</time>'
        assert dated(NOW, later) == (
            f'<time class="exact dated" {start}>'
            f'<span class="distance">2 hours ago</span> {parts}</time>'
        )
        # From a week on the distance would be a date as well.
        assert dated(NOW, NOW + timedelta(days=6)).count("6 days ago") == 1
        assert dated(NOW, NOW + timedelta(days=7)) == at(NOW)
        # A clock was put back: nobody knows the distance.
        assert dated(NOW, NOW - timedelta(hours=1)) == at(NOW) == ago(NOW, NOW - timedelta(hours=1))
    assert (ago(None), dated(None)) == ("", "")


def test_what_is_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for ahead, words in (
        (timedelta(hours=1), "today"),
        (timedelta(hours=10), "tomorrow"),
        (timedelta(days=40), "in 40 days"),
    ):
        shown = time_left(NOW + ahead)
        assert f'<span class="distance">{words}</span> <span>{exact(NOW + ahead)}</span>' in shown
    assert time_left(NOW + timedelta(days=400)) == at(NOW + timedelta(days=400))
    assert time_left(NOW - timedelta(hours=2)) == dated(NOW - timedelta(hours=2), NOW)
    assert ">15:20 UTC</time>" in clock(NOW + timedelta(minutes=20))
    assert ">11 Mar 2026, 00:20 UTC</time>" in clock(NOW + timedelta(hours=9, minutes=20))


def test_data_says_utc() -> None:
    with timezone.override(KATHMANDU):
        assert utc(timezone.localtime(NOW)) == "2026-03-10T15:00:00Z"
        assert utc(NOW + timedelta(microseconds=7), "auto") == "2026-03-10T15:00:00.000007Z"


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Argentina/Ushuaia", "UTC", KATHMANDU])
def test_the_zone_of_a_browser_is_found(name: str) -> None:
    assert str(zones.zone_named(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Europe",
        "europe/berlin",
        "Europe/Berlin\n",
        "Europe/../Europe/Berlin",
        "../../../etc/passwd",
        "/etc/localtime",
        "localtime",
        "posixrules",
        "Factory",
        "Etc/Unknown",
        "<script>",
        "Europe/Berlin\0",
        "x" * 100_000,
    ],
)
def test_nothing_else_is_taken_for_a_zone(name: str) -> None:
    assert zones.zone_named(name) is None


def test_old_names_that_browsers_use_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(zones.RENAMED_ZONES.values()) <= available_timezones()
    known = frozenset(available_timezones() - set(zones.RENAMED_ZONES))  # as on a bare Debian
    monkeypatch.setattr(zones, "_known_names", lambda: known)
    assert {str(zones.zone_named(name)) for name in zones.RENAMED_ZONES} == set(
        zones.RENAMED_ZONES.values()
    )


def test_people_choose_among_current_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def offered(chosen: str = "") -> set[str]:
        regions = zones.zones_by_region(chosen)
        return {name for _region, places in regions for name, _label in places}

    assert {"Europe/Kyiv", "Asia/Kolkata", "America/Argentina/Ushuaia", "UTC"} <= offered()
    assert not offered() & {*zones.RENAMED_ZONES, "US/Pacific", "Etc/GMT+5", "Asia/Chungking"}
    assert offered("US/Pacific") - offered() == {"US/Pacific"}
    assert offered("US/Nowhere") == offered()
    current = offered()
    zones._current_names.cache_clear()
    monkeypatch.setattr(zones, "TZPATH", ())  # as on Windows: from the package
    assert offered() == current
    zones._current_names.cache_clear()


def test_a_request_is_answered_in_its_zone_and_the_next_one_is_not() -> None:
    answer = zones.ReaderZoneMiddleware(
        lambda _request: HttpResponse(timezone.get_current_timezone_name())
    )
    requests = RequestFactory()
    seen = []
    for name in (KATHMANDU, "nowhere", None):
        requests.cookies.clear()
        if name:
            requests.cookies[zones.ZONE_COOKIES[-1]] = name
        seen.append(answer(requests.get("/")).content.decode())
    assert seen == [KATHMANDU, "UTC", "UTC"]
    assert timezone.get_current_timezone_name() == "UTC"


def reader(cast: Cast, who: str = "admin") -> Client:
    client = cast.client(who)
    client.cookies[zones.ZONE_COOKIES[-1]] = KATHMANDU
    return client


def seen(client: Client, path: str) -> str:
    """What stands on the page, without what is in tags: titles are no help to a finger."""
    response = client.get(path)
    assert response.status_code == 200
    text = re.sub(r"<head>.*?</head>", "", response.content.decode(), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))
    return re.sub(r" ([,.;])", r"\1", text)


def told(moment: datetime) -> str:
    with timezone.override(KATHMANDU):
        return exact(moment)


def newest(assistant: Assistant) -> datetime:
    return Revision.objects.filter(assistant=assistant).latest("pk").created_at


def history(assistant: Assistant, _cast: Cast) -> tuple[str, str]:
    return f"assistants/{assistant.pk}/history/", f"just now {told(newest(assistant))}"


def version(assistant: Assistant, _cast: Cast) -> tuple[str, str]:
    return f"assistants/{assistant.pk}/history/2/", f"When just now {told(newest(assistant))}"


def comparison(assistant: Assistant, _cast: Cast) -> tuple[str, str]:
    first, second = Revision.objects.filter(assistant=assistant).order_by("pk")
    shown = f"v1: Emil, {told(first.created_at)} v2: Pia, {told(second.created_at)}"
    return f"assistants/{assistant.pk}/compare/1..2/", shown


def comparison_with_my_draft(assistant: Assistant, cast: Cast) -> tuple[str, str]:
    draft = Draft.objects.create(
        assistant=assistant, user=cast.admin.user, base=assistant.live, content={}
    )
    shown = f"Live (v2): Pia, {told(newest(assistant))} Your draft: {told(draft.updated_at)}"
    return f"assistants/{assistant.pk}/compare/live..draft/", shown


def review(assistant: Assistant, cast: Cast) -> tuple[str, str]:
    draft = Draft.objects.create(
        assistant=assistant, user=cast.admin.user, base=assistant.live, content={}
    )
    return f"assistants/{assistant.pk}/review/", f"Draft saved just now {told(draft.updated_at)}"


def review_of_another(assistant: Assistant, cast: Cast) -> tuple[str, str]:
    draft = Draft.objects.create(
        assistant=assistant, user=cast.editor.user, base=assistant.live, content={}
    )
    path = f"assistants/{assistant.pk}/review/?drafter={cast.editor.user.pk}"
    return path, f"Draft by Emil, saved just now {told(draft.updated_at)}"


def restore(assistant: Assistant, _cast: Cast) -> tuple[str, str]:
    first = Revision.objects.filter(assistant=assistant).earliest("pk")
    path = f"assistants/{assistant.pk}/restore/{first.number}/"
    return path, f"By Emil, just now {told(first.created_at)}"


def changes(assistant: Assistant, _cast: Cast) -> tuple[str, str]:
    return "changes/", f"just now {told(newest(assistant))}"


def keys(_assistant: Assistant, cast: Cast) -> tuple[str, str]:
    ahead = timezone.now() + timedelta(days=40)
    create_api_key(workspace=cast.workspace, name="App", can_write=False, expires_at=ahead)
    made = ApiKey.objects.get().created_at
    return "keys/", f"just now {told(made)} expires in 40 days {told(ahead)}"


def invitations(_assistant: Assistant, cast: Cast) -> tuple[str, str]:
    invite(actor=cast.admin, workspace=cast.workspace, email="nina@example.com", role=Role.EDITOR)
    row = Invitation.objects.get()
    return (
        "team/",
        f"just now {told(row.created_at)} by Ada Mailed valid until {told(row.expires_at)}",
    )


def members(_assistant: Assistant, cast: Cast) -> tuple[str, str]:
    return "team/", f"just now {told(cast.admin.created_at)}"


def delivery(assistant: Assistant, _cast: Cast) -> tuple[str, str]:
    change(assistant, status="unconfirmed", temperature=1)
    revision = Revision.objects.latest("pk")
    with timezone.override(KATHMANDU):
        end = re.sub("<[^>]*>", "", clock(revision.may_arrive_until))
    shown = f"The change may still arrive until {end}; each check looks for it."
    return f"assistants/{assistant.pk}/history/", shown


PAGES: list[Callable[[Assistant, Cast], tuple[str, str]]] = [
    history,
    version,
    comparison,
    comparison_with_my_draft,
    review,
    review_of_another,
    restore,
    changes,
    keys,
    invitations,
    members,
    delivery,
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_where_the_moment_matters_the_exact_time_is_on_the_page(
    cast: Cast, page: Callable[[Assistant, Cast], tuple[str, str]]
) -> None:
    assistant = make_assistant(cast.workspace, by=cast.editor.user)
    assistant = change(assistant, by=cast.publisher.user, model="gpt-5.2")
    path, expected = page(assistant, cast)
    assert expected in seen(reader(cast), f"/w/main/{path}")


def test_a_banner_tells_exactly_when_it_was_tried(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, by=cast.editor.user)
    change(assistant, by=cast.publisher.user, status="not_delivered", temperature=1)
    text = seen(reader(cast, "viewer"), f"/w/main/assistants/{assistant.pk}/")
    assert f"Pia, just now {told(newest(assistant))}" in text


def test_paper_says_when_a_version_was_made_and_when_it_was_printed(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    with timezone.override(KATHMANDU):
        made, day = precise(newest(assistant)), exact(timezone.now())[:-16]
    text = seen(reader(cast), f"/w/main/assistants/{assistant.pk}/history/1/")
    pattern = rf"Version 1, {re.escape(made)} · as of {re.escape(day)}.*UTC\+5:45 \({KATHMANDU}\)"
    assert re.search(pattern, text)


def test_paper_shows_what_the_screen_keeps_in_a_title() -> None:
    css = (settings.BASE_DIR / "static" / "css" / "print.css").read_text()
    assert re.search(r'time\[title\][^{]*::after \{\s*content: " \(" attr\(title\) "\)";', css)


@pytest.mark.parametrize("path", ["history/?format=json", "history/1/?format=json"])
def test_json_says_utc(cast: Cast, path: str) -> None:
    assistant = make_assistant(cast.workspace)
    data = reader(cast).get(f"/w/main/assistants/{assistant.pk}/{path}").json()
    [row] = data.get("revisions", [data])
    assert row["created_at"] == f"{newest(assistant):%Y-%m-%dT%H:%M:%S.%f}Z"


def test_a_comparison_as_json_says_utc(cast: Cast) -> None:
    assistant = change(make_assistant(cast.workspace), model="gpt-5.2")
    data = reader(cast).get(f"/w/main/assistants/{assistant.pk}/compare/1..2/?format=json").json()
    assert data["new"]["created_at"] == f"{newest(assistant):%Y-%m-%dT%H:%M:%S.%f}Z"


def test_a_last_day_ends_where_the_reader_is(cast: Cast) -> None:
    client = reader(cast)
    with timezone.override(KATHMANDU):
        day = timezone.localdate() + timedelta(days=3)
    fields = {"name": "App", "expires": "date", "expires_on": day.isoformat()}
    client.post("/w/main/keys/", fields)
    ends = datetime(day.year, day.month, day.day, 18, 15, tzinfo=UTC)
    assert ApiKey.objects.get().expires_at == ends
    assert AuditEvent.objects.latest("pk").details["expires_at"] == utc(ends)
    assert told(ends - timedelta(minutes=1)) == f"{day.day} {day:%b %Y}, 23:59 UTC+5:45"

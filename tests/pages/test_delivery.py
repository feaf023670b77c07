"""Unconfirmed, refused, stored differently, gone: what pages say, and offer to each role."""

import re

import pytest
from django.test import override_settings

from assistants.models import Assistant
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight
from tests.pages.trouble import address, asked_by, checked, page, put_in, text_of, unlooked
from tests.services.conftest import fresh
from tests.services.undelivered import held, in_doubt, tried
from tests.upstream import Upstream, refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]


@pytest.fixture(autouse=True)
def _nobody_has_looked() -> None:
    cache.clear()


@pytest.fixture
def assistant(published: Make, connection_to: Connection) -> Assistant:
    """An assistant on a gateway, published by Pia."""
    return published(connection_to)


def address(assistant: Assistant, page: str = "history/") -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}"


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.content.decode())


def page(cast: Cast, who: str, assistant: Assistant, path: str = "history/") -> str:
    """Return a page, or the one that it leads to, without what stands in its shell."""
    text = text_of(cast.client(who).get(address(assistant, path), follow=True))
    return text[text.index("<main") :]


def checked(cast: Cast, assistant: Assistant, before: str, who: str = "viewer") -> str:
    """Return what the check says that a page, as it was `before`, asks for behind itself."""
    asked = re.search(r'hx-get="([^"]*/check/[^"]*)"', before)
    assert asked
    return text_of(cast.client(who).get(asked[1].replace("&amp;", "&")))


def unlooked(assistant: Assistant) -> None:
    """Let the next page ask the gateway."""
    Assistant.objects.filter(pk=assistant.pk).update(checked_at=None)
    cache.clear()


# When to try again


def test_a_check_names_the_time_to_come_back(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    client = cast.client("editor")
    remote.fail_next("GET", FaultSpec(status=429, body="{}", retry_after="40"))
    text = text_of(client.post(address(assistant, "settle/"), follow=True))
    assert "so nothing was changed. Try again in 40 seconds." in text
    until = timezone.now() + timedelta(seconds=40)
    Assistant.objects.filter(pk=assistant.pk).update(slot=assistant.live_id, slot_until=until)
    text = text_of(client.post(address(assistant, "settle/"), follow=True))
    said = r"Someone is publishing this assistant right now\. That is over in (40|39) seconds at"
    assert re.search(said, text)


# The check behind a page


@pytest.mark.parametrize("path", ["", "history/", "history/1/", "code/", "compare/1..live/"])
def test_every_page_of_an_assistant_asks_the_gateway_behind_itself(
    cast: Cast, assistant: Assistant, remote: Upstream, path: str
) -> None:
    remote.requests.clear()
    unlooked(assistant)
    before = page(cast, "viewer", assistant, path)
    assert remote.requests == []

    after = checked(cast, assistant, before)

    assert [method for method, _, _ in remote.requests] == ["GET"]
    assert "Checked with the gateway just now" in after
    assert "Reload it" not in after
    checked(cast, assistant, before)
    assert len(remote.requests) == 1, "a look of a moment ago serves the next page too"
    editor = page(cast, "editor", assistant, "edit/")
    checked(cast, assistant, editor, "editor")
    assert len(remote.requests) == 2, "the editor asks each time"


def test_doubt_is_settled_by_whoever_looks_next(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"
    before = page(cast, "viewer", assistant)
    assert "It is not certain whether the last change arrived." in before

    after = checked(cast, assistant, before)

    assert "The change in doubt has arrived: v2 by Pia is live." in after
    assert "Reload it" in after
    assert "not certain" not in after
    assert "Live v2" in after
    assert "Unconfirmed" not in page(cast, "viewer", assistant)


def test_doubt_that_ends_badly_is_told_in_place(
    cast: Cast, assistant: Assistant, settings: Any
) -> None:
    in_doubt(cast, assistant, model="gpt-5.2")
    before = page(cast, "viewer", assistant)
    settings.LATE_LANDING_SECONDS = 0
    after = checked(cast, assistant, before)
    assert "The last change was not delivered." in after
    assert "The last change was not delivered. The live version is unchanged." in after


def asked_by(cast: Cast, assistant: Assistant, before: str, who: str = "editor") -> str:
    """Return what the editor, as it was `before`, is told when the check makes it ask."""
    base = before.split('name="base" value="')[1].split('"', maxsplit=1)[0]
    fields = {"base": base, "tab": f"{getattr(cast, who).user.pk}-a"}
    return text_of(cast.client(who).post(address(assistant, "here/"), fields))


def test_an_editor_with_text_in_it_is_told_and_never_reloaded(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    editor = page(cast, "editor", assistant, "edit/")
    remote.assistants.clear()
    after = checked(cast, assistant, editor, "editor")
    assert "Reload it" not in after
    after = asked_by(cast, assistant, editor)
    assert "The gateway no longer has this assistant." in after
    assert "Your text is kept." in after
    assert "Reload it" not in after


@pytest.mark.parametrize("path", ["history/", "edit/"])
def test_what_others_did_meanwhile_is_told(cast: Cast, assistant: Assistant, path: str) -> None:
    before = page(cast, "editor", assistant, path)
    wanted = live_definition(assistant).replace(model="gpt-5.2")
    publish(author=cast.admin, assistant=assistant, wanted=wanted, base=assistant.live)
    after = checked(cast, assistant, before, "editor")
    if path == "edit/":
        assert "published" not in after
        after = asked_by(cast, assistant, before)
        assert address(assistant, "compare/1..2/") in after
    assert "Ada has published v2" in after
    delete(author=cast.admin, assistant=fresh(assistant))
    after = checked(cast, assistant, before, "editor")
    if path == "edit/":
        after = asked_by(cast, assistant, before)
    assert "Ada deleted this assistant." in after


def test_a_mark_that_no_page_was_given_tells_nothing(cast: Cast, assistant: Assistant) -> None:
    for mark in ("", "x", "1-2-3", "1-1-live--", "9" * 5000):
        response = cast.client("viewer").get(address(assistant, "check/"), {"seen": mark})
        assert "Reload it" not in text_of(response)


def test_one_more_look_costs_a_constant_number_of_queries(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    client = cast.client("viewer")

    def cost() -> int:
        unlooked(assistant)
        with CaptureQueriesContext(connection) as captured:
            text_of(client.get(address(assistant, "check/"), {"seen": "1-1-live--"}))
        return len(captured)

    cost()
    few = cost()
    for number in range(25):
        tried(cast, assistant, remote, refused("No."), temperature=number / 50)
    many = cost()
    assert many - few <= 3, "the revision in trouble, its outcome, and the person's draft"


# What pages say about the newest attempt

STATES = ("unconfirmed", "not_delivered", "rejected", "late", "differs", "outside")


@pytest.mark.parametrize(
    ("state", "told", "editor", "publisher"),
    [
        ("unconfirmed", "not certain", "Check again", "Check again, Send again …"),
        ("not_delivered", "was not delivered", "", "Send again …"),
        ("rejected", "refused the last change", "", "Send again …"),
        ("late", "is taking too long", "Check again", "Check again"),
        ("differs", "stored something other", "", "Send again …, Accept stored version"),
        ("outside", "Changed outside", "See the difference", "See the difference, Mark as seen"),
    ],
)  # fmt: skip
def test_pages_say_what_is_the_matter_and_offer_what_the_role_may(
    cast: Cast, state: str, told: str, editor: str, publisher: str
) -> None:
    assistant = make_assistant(cast.workspace)
    put_in(state, cast, assistant)
    offered = {"viewer": "", "editor": editor, "publisher": publisher}
    for who, expected in offered.items():
        for path in ("", "history/", "history/1/", "code/"):
            text = page(cast, who, assistant, path)
            banner = text[text.index('id="delivery"') :].split("</div></div>")[0]
            assert told in banner, (who, path)
            buttons = re.findall(r'class="button small"[^>]*><svg.*?</svg>(.*?)</', tight(banner))
            assert ", ".join(buttons) == expected, (who, path)


@pytest.mark.parametrize("state", ["differs", "outside"])
def test_the_page_of_a_revision_does_not_lead_to_itself(cast: Cast, state: str) -> None:
    assistant = make_assistant(cast.workspace)
    put_in(state, cast, assistant)
    for number, leads in ((1, True), (2, False)):
        shown = page(cast, "publisher", assistant, f"history/{number}/")
        after = checked(cast, assistant, shown, "publisher")
        for text in (shown[shown.index('id="delivery"') :], after):
            assert (">Details</a>" in text) is leads
            assert ("See the difference" in text) is (leads and state == "outside")


def test_an_editor_is_told_once_that_it_was_changed_outside(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    wanted = live_definition(assistant).replace(name="Mine")
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    before = page(cast, "publisher", assistant, "edit/")
    held(remote, assistant)["model"] = "theirs"
    after = checked(cast, assistant, before, "publisher")
    after += asked_by(cast, assistant, before, "publisher")
    for text in (after, page(cast, "publisher", assistant, "edit/")):
        assert text.count("Changed outside this dashboard") == 1
        assert "Mark as seen" not in text
    assert "Mark as seen" in page(cast, "publisher", assistant)


def test_nothing_is_said_when_all_is_well(cast: Cast) -> None:
    assistant = change(make_assistant(cast.workspace), temperature=1)
    for path in ("", "history/", "history/2/", "code/"):
        assert '<div id="delivery" class="banners"></div>' in page(cast, "editor", assistant, path)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("create", "It is not certain whether this assistant was created."),
        ("recreate", "It is not certain whether this assistant was recreated."),
        ("delete", "It is not certain whether this assistant was deleted."),
    ],
)
def test_creating_and_deleting_in_doubt_is_called_so(cast: Cast, kind: str, told: str) -> None:
    assistant = make_assistant(cast.workspace)
    change(assistant, kind=kind, status="unconfirmed")
    text = page(cast, "viewer", assistant)
    assert told in text
    assert ("a publisher decides" in text) == (kind != "delete")


def test_whoever_has_a_draft_is_led_to_it(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    tried(cast, assistant, remote, refused("No such model."), model="gpt-5.2")
    text = page(cast, "editor", assistant)
    assert "No such model." in text
    link = f'<a class="button small" href="{address(assistant, "edit/")}">'
    assert link in text
    assert link not in page(cast, "admin", assistant), "she has none"
    assert link not in page(cast, "editor", assistant, "edit/"), "he is there already"


def test_checking_again_says_what_became_of_it(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    client = cast.client("editor")
    in_doubt(cast, assistant, model="gpt-5.2")
    client.post(address(assistant, "settle/"))
    text = text_of(client.get(address(assistant)))
    assert "Checked: the gateway does not have the change yet. It may still arrive" in text
    with override_settings(LATE_LANDING_SECONDS=0):
        client.post(address(assistant, "settle/"))
    assert "Checked: it was not delivered." in text_of(client.get(address(assistant)))
    in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"
    client.post(address(assistant, "settle/"))
    assert "Checked: it is settled. v2 is live." in text_of(client.get(address(assistant)))


# Sending again


@pytest.fixture
def refusal(cast: Cast, assistant: Assistant, remote: Upstream) -> Revision:
    return tried(cast, assistant, remote, refused("Not now."), model="gpt-5.2")


def send_again(cast: Cast, revision: Revision, **data: str) -> Any:
    path = f"history/{revision.number}/send-again/"
    return cast.client("admin").post(address(revision.assistant, path), data)


def said(cast: Cast, assistant: Assistant, response: Any) -> str:
    assert (response.status_code, response["Location"]) == (303, address(assistant))
    return page(cast, "admin", assistant)


def test_what_will_be_sent_is_shown_first(
    cast: Cast, assistant: Assistant, refusal: Revision, remote: Upstream
) -> None:
    text = page(cast, "publisher", assistant, "history/2/send-again/")
    assert '<del dir="auto">gpt-4o</del>' in text
    assert '<ins dir="auto">gpt-5.2</ins>' in text
    assert "For the fair" in text
    assert "Takes effect at once" in text
    assert remote.requests == []


def test_it_is_sent_again_and_told(cast: Cast, assistant: Assistant, refusal: Revision) -> None:
    client = cast.client("admin")
    response = client.post(address(assistant, "history/2/send-again/"))
    assert (response.status_code, response["Location"]) == (303, address(assistant))
    assert "Sent again and published as v2." in text_of(client.get(address(assistant)))
    client.post(address(assistant, "history/2/send-again/"))
    assert "Nothing was sent: the live version already matches" in text_of(
        client.get(address(assistant))
    )
    assert "Nothing to send" in page(cast, "admin", assistant, "history/2/send-again/")


def test_what_had_arrived_is_told_and_not_sent(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"
    remote.requests.clear()
    client = cast.client("admin")
    client.post(address(assistant, "history/2/send-again/"))
    assert "The change had already arrived" in text_of(client.get(address(assistant)))
    assert remote.count_of("POST") == 0


def test_where_live_has_moved_it_becomes_a_draft_to_be_reviewed(
    cast: Cast, assistant: Assistant, refusal: Revision, remote: Upstream
) -> None:
    held(remote, assistant)["model"] = "theirs"
    remote.requests.clear()

    response = send_again(cast, refusal)

    assert (response.status_code, response["Location"]) == (303, address(assistant, "review/"))
    draft = Draft.objects.get(user=cast.admin.user)
    assert (draft.definition, draft.base_id) == (refusal.definition, refusal.base_id)
    assert remote.count_of("POST") == 0
    text = page(cast, "admin", assistant, "history/2/send-again/")
    assert "v2 has gone live since then" in text
    assert "Make it my draft and review" in text
    assert '<ins dir="auto">gpt-5.2</ins>' in text
    assert "theirs" not in text


def test_a_draft_in_the_way_is_asked_about(
    cast: Cast, assistant: Assistant, refusal: Revision, remote: Upstream
) -> None:
    mine = live_definition(assistant).replace(name="Mine")
    save_draft(author=cast.admin, assistant=assistant, definition=mine, base=assistant.live)
    held(remote, assistant)["model"] = "theirs"

    text = text_of(send_again(cast, refusal), 409)

    assert "You have a different draft of this assistant." in text
    assert 'name="replace"' in text
    assert Draft.objects.get(user=cast.admin.user).definition == mine
    assert send_again(cast, refusal, replace="1").status_code == 303
    assert Draft.objects.get(user=cast.admin.user).definition == refusal.definition


def test_a_change_of_what_is_gone_leads_to_recreating(
    cast: Cast, assistant: Assistant, refusal: Revision
) -> None:
    delete(author=cast.publisher, assistant=fresh(assistant))
    recreate = address(assistant, "recreate/?revision=2")
    assert send_again(cast, refusal)["Location"] == recreate


def test_a_delete_of_what_has_changed_leads_to_looking_at_it(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    remote.fail_next("DELETE", refused("Not now."))
    delete(author=cast.publisher, assistant=assistant)
    text = page(cast, "publisher", assistant, "history/2/send-again/")
    assert "Delete again?" in text
    assert "Be kind." in text
    held(remote, assistant)["model"] = "theirs"
    refusal = Revision.objects.get(number=2)
    assert send_again(cast, refusal)["Location"] == address(assistant, "delete/")
    assert remote.assistants


def test_a_delete_is_sent_again(cast: Cast, assistant: Assistant, remote: Upstream) -> None:
    remote.fail_next("DELETE", refused("Not now."))
    delete(author=cast.publisher, assistant=assistant)
    client = cast.client("admin")
    client.post(address(assistant, "history/2/send-again/"))
    assert "Deleted. Its history stays" in text_of(client.get(address(assistant)))
    assert fresh(assistant).state == "deleted"


def test_a_refusal_in_sending_again_is_told_where_it_happened(
    cast: Cast, assistant: Assistant, refusal: Revision, remote: Upstream
) -> None:
    remote.fail_next("POST", refused("Still not."))
    assert "Still not." in text_of(send_again(cast, refusal), 422)
    for _ in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))
    assert "Nothing was sent" in text_of(send_again(cast, refusal), 502)


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_has_arrived_leads_back_to_itself(
    cast: Cast, assistant: Assistant, remote: Upstream, method: str
) -> None:
    remote.requests.clear()
    client = cast.client("publisher")
    response = getattr(client, method)(address(assistant, "history/1/send-again/"))
    assert response["Location"] == address(assistant, "history/1/")
    assert remote.requests == []


def test_a_person_picks_what_a_create_in_doubt_has_made(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = created_in_doubt(cast, connection_to, remote)
    ids = list(remote.assistants)
    text = page(cast, "publisher", assistant, "history/1/send-again/")
    assert "creating it again adds a second assistant" in text
    assert re.findall(r'name="remote_id" value="(\w+)"', text) == list(reversed(ids))
    client = cast.client("publisher")
    claim = address(assistant, "history/1/claim/")

    response = client.post(claim, {"remote_id": "asst_other"})
    assert response["Location"] == address(assistant, "history/1/")
    assert fresh(assistant).remote_id is None

    response = client.post(claim, {"remote_id": ids[0]})
    assert response["Location"] == address(assistant)
    assert f"{ids[0]} is this assistant now, as v1." in text_of(client.get(address(assistant)))
    assert fresh(assistant).remote_id == ids[0]


def test_a_create_in_doubt_of_which_nothing_is_there_or_nothing_is_known(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = created_in_doubt(cast, connection_to, remote)
    remote.assistants.clear()
    path = "history/1/send-again/"
    assert "Nothing on the gateway matches" in page(cast, "publisher", assistant, path)
    for _ in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))
    text = page(cast, "publisher", assistant, path)
    assert "So it is not known whether the assistant was created." in text
    assert "Create again" in text


# Stored differently


@pytest.fixture
def differing(cast: Cast) -> Assistant:
    """Pia wanted a temperature of 1.7 and other instructions; the gateway made other ones of it."""
    assistant = make_assistant(cast.workspace)
    stored = {"temperature": 1, "instructions": "Be kind.\nBe short.", "metadata": {"old": "x"}}
    about = {"temperature": 1.7, "instructions": "Be kind.\nBe terse."}
    return change(assistant, by=cast.publisher.user, stored=stored, **about)


def test_the_revision_names_the_fields_and_both_values(cast: Cast, differing: Assistant) -> None:
    text = page(cast, "viewer", differing, "history/2/")
    section = text[text.index('id="stored"') :]
    for expected in (
        "Stored differently by the gateway",
        "Temperature",
        '<del dir="auto">1.7</del>',
        '<ins dir="auto">1</ins>',
        "<del>terse</del><ins>short</ins>",
        '<ins dir="auto">x</ins>',
    ):
        assert expected in section
    assert 'id="stored"' not in page(cast, "viewer", differing, "history/1/")
    row = cast.client("viewer").get(address(differing, "history/2/?format=json")).json()
    assert row["sent"]["instructions"] == "Be kind.\nBe terse."
    assert row["definition"]["instructions"] == "Be kind.\nBe short."
    assert (row["sent"]["temperature"], row["definition"]["temperature"]) == (1.7, 1)
    assert row["accepted_by"] is None
    first = cast.client("viewer").get(address(differing, "history/1/?format=json")).json()
    assert first["sent"] is None


@pytest.mark.parametrize("state", ["differs", "outside"])
def test_lists_point_at_it_until_somebody_accepts(cast: Cast, state: str) -> None:
    assistant = make_assistant(cast.workspace)
    put_in(state, cast, assistant)
    chip = {"differs": "Stored differently", "outside": "Changed outside"}[state]
    client = cast.client("viewer")
    trouble = "/w/main/assistants/?status=trouble"
    assert chip in text_of(client.get(trouble))
    assert "Needs attention" in text_of(client.get("/w/main/"))

    publisher = cast.client("publisher")
    response = publisher.post(address(assistant, "history/2/accept/"))

    assert response["Location"] == address(assistant, "history/2/")
    assert "Accepted. The live version stays as it is." in text_of(
        publisher.get(response["Location"])
    )
    assert "No matches" in text_of(client.get(trouble))
    assert "Needs attention" not in text_of(client.get("/w/main/"))
    for path in ("history/", "history/2/"):
        text = page(cast, "publisher", assistant, path)
        assert re.search(r"(Accepted )?by Pia,\s+<time", text)
        assert "accept/" not in text
        assert "send-again/" not in text
    row = client.get(address(assistant, "history/2/?format=json")).json()
    assert row["accepted_by"] == "Pia"


def test_accepting_twice_and_accepting_nothing_do_no_harm(cast: Cast, differing: Assistant) -> None:
    for who in ("publisher", "admin"):
        cast.client(who).post(address(differing, "history/2/accept/"))
    assert Acceptance.objects.get().name == "Pia"
    client = cast.client("publisher")
    response = client.post(address(differing, "history/1/accept/"))
    assert "There is nothing to accept here." in text_of(client.get(response["Location"]))
    assert Acceptance.objects.count() == 1


def test_acceptances_cost_the_history_no_more_queries(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    client = cast.client("viewer")

    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            text_of(client.get(path))
        return len(captured)

    paths = (address(assistant), address(assistant, "history/?format=json"), "/w/main/changes/")
    few = [cost(path) for path in paths]
    for number in range(12):
        row = change(assistant, temperature=number / 50, stored={"top_p": 0.5 + number / 50})
        if number % 2:
            person = cast.publisher.user
            Acceptance.objects.create(revision=row.live, user=person, name="Pia")
    Assistant.objects.update(trouble="")
    many = [cost(path) for path in paths]
    assert many == few


# Changed outside


def test_an_outside_change_is_dated_by_its_discovery_and_shown(cast: Cast) -> None:
    assistant = change(make_assistant(cast.workspace), by=cast.publisher.user, temperature=1)
    change(assistant, kind=Revision.Kind.OUTSIDE, instructions="Be kind.\nBe rude.")
    history = page(cast, "viewer", assistant)
    assert len(re.findall(r"detected\s+<time", history)) == 1
    text = page(cast, "viewer", assistant, "history/3/")
    assert "<dt>Detected</dt>" in text
    assert "What changed outside" in text
    assert "<del>brief</del><ins>rude</ins>" in text
    ours = page(cast, "viewer", assistant, "history/2/")
    assert "<dt>When</dt>" in ours
    assert "What changed outside" not in ours
    assert "detected" in text_of(cast.client("viewer").get("/w/main/changes/"))
    link = f'href="{address(assistant, "compare/2..3/")}"'
    assert link in page(cast, "editor", assistant)


def test_what_is_gone_can_be_recreated_from_any_version(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    wanted = live_definition(assistant).replace(model="gpt-5.2")
    publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert "recreate/" not in page(cast, "publisher", assistant)
    remote.assistants.clear()
    unlooked(assistant)
    checked(cast, assistant, page(cast, "viewer", assistant))

    history = page(cast, "publisher", assistant)

    link = r'href="([^"]+)"><svg[^>]+><[^>]+></svg>Recreate from this version'
    links = re.findall(link, tight(history))
    assert links == [address(assistant, f"recreate/?revision={number}") for number in (2, 1)]
    assert "restore/" not in history
    assert "Recreate from this version" not in page(cast, "editor", assistant)
    client = cast.client("publisher")
    assert "gpt-4o" in text_of(client.get(links[1]))
    client.post(address(assistant, "recreate/"), {"revision": "1"})
    assert live_definition(fresh(assistant)).value("model") == "gpt-4o"

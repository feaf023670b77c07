"""Review and publishing: nobody publishes what they have not seen, and a note is kept."""

import pytest
from django.test import Client

from assistants.models import Assistant, Draft, Revision
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.pages.reviewing import address, assert_published, text_of, write_draft
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_review_shows_the_difference_to_live(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, instructions="Be kind.\nBe thorough.", model="gpt-5.2")

    page = text_of(cast.client("publisher").get(address(live)))

    assert "<del>brief</del>" in page
    assert "<ins>thorough</ins>" in page
    assert "gpt-5.2" in page
    assert "Takes effect at once for everyone using this assistant." in page


def test_publishing_leads_to_the_history_with_note_and_version(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, name="Better")
    client = cast.client("publisher")

    response = client.post(address(live), {"note": "Customers\r\nasked\0"})

    assert_published(response, live)
    revision = fresh(live).live
    assert revision
    assert (revision.note, revision.author_name) == ("Customers\nasked\ufffd", "Pia")
    assert "Published as v2." in text_of(client.get(address(live, "history")))
    assert not Draft.objects.filter(assistant=live).exists()


def test_an_editor_sees_who_can_publish_and_no_dead_button(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Better")
    client = cast.client("editor")

    page = text_of(client.get(address(live)))

    assert "Publishers can open it from this assistant" in page
    assert "Pia" in page
    assert "id_note" not in page
    assert client.post(address(live), {"note": "x"}).status_code == 403
    assert fresh(live).live_version == 1


def test_a_publisher_publishes_the_draft_of_a_colleague(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    path = f"{address(live)}?drafter={cast.editor.user.pk}"
    client = cast.client("publisher")
    assert "Draft by Emil, saved <time" in text_of(client.get(path))

    assert_published(client.post(path, {"note": ""}), live)

    revision = fresh(live).live
    assert revision
    assert (revision.author_name, revision.drafter_name) == ("Pia", "Emil")
    assert not Draft.objects.filter(assistant=live).exists()


@pytest.mark.parametrize("drafter", ["0", "999999", "x", "²", "9" * 30])
def test_an_unknown_drafter_is_not_found(cast: Cast, live: Assistant, drafter: str) -> None:
    path = f"{address(live)}?drafter={drafter}"
    assert cast.client("publisher").get(path).status_code == 404


def test_an_editor_may_not_open_the_draft_of_a_colleague(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, name="Better")
    path = f"{address(live)}?drafter={cast.publisher.user.pk}"

    assert cast.client("editor").get(path).status_code == 403


def test_a_new_assistant_is_reviewed_and_created(cast: Cast) -> None:
    client = cast.client("publisher")
    new = {"name": "Fresh", "model": "m", "action": "review"}
    page = client.post("/w/main/assistants/new/", new)["Location"]
    assistant = Assistant.objects.get(name="Fresh")
    text = text_of(client.get(page))
    assert "Review the new assistant" in text
    assert "This creates the assistant on “Built-in registry”." in text

    assert_published(client.post(page, {"note": "First"}), assistant)

    assert fresh(assistant).state == "live"


def test_a_second_click_on_publish_does_no_harm(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, name="Better")
    client = cast.client("publisher")
    client.post(address(live), {"note": ""})

    assert_published(client.post(address(live), {"note": ""}), live)

    assert fresh(live).live_version == 2


def test_a_draft_that_says_what_is_live_publishes_nothing(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live)
    client = cast.client("publisher")
    assert "Nothing to publish" in text_of(client.get(address(live)))

    assert_published(client.post(address(live), {"note": ""}), live)

    assert Revision.objects.filter(assistant=live).count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("stranger", 404),
        ("viewer", 403),
        ("editor", 303),
        ("publisher", 200),
        ("admin", 303),
    ],
)
def test_who_may_review(cast: Cast, live: Assistant, who: str, status: int) -> None:
    write_draft(cast.publisher, live, name="Better")
    assert cast.client(who).get(address(live)).status_code == status


# Trouble


def test_a_refusal_stands_at_its_field_here_and_in_the_editor(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, temperature=1.5, name="Better")
    remote.fail_next("POST", refused("Too warm <for> us.", param="temperature"))
    client = cast.client("publisher")

    response = client.post(address(assistant), {"note": "My reason"})

    assert response.status_code == 422
    page = text_of(response)
    assert f'{address(assistant, "edit")}#id_temperature">Temperature</a>' in page
    assert "Too warm &lt;for&gt; us." in page
    assert fields_of(response)["note"] == "My reason"
    editor = text_of(client.get(address(assistant, "edit")))
    assert 'id="error_temperature"' in editor
    assert "Too warm &lt;for&gt; us." in editor
    assert draft_of(user=cast.publisher.user, assistant=assistant)


def test_what_breaks_a_limit_is_told_at_its_field(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, metadata={"team": "x" * 513})

    response = cast.client("publisher").post(address(live), {"note": ""})

    assert response.status_code == 422
    assert "edit/#id_metadata-0-value" in text_of(response)
    assert "At most 512 characters" in text_of(response)


FASTAPI = {
    "detail": [
        {"type": "extra", "loc": ["body", "tools", 1, "function", "name"], "msg": "No <such> name."}
    ]
}
EMPTY = re.compile(r"<(a|strong)\b[^>]*>\s*</")


@pytest.mark.parametrize(
    ("fault", "link", "row"),
    [
        (refused("Just <no>."), "", ""),
        (refused("Just <no>.", param="None"), "", ""),
        (FaultSpec(status=401, body='{"error": {"message": "Just <no>."}}'), "", ""),
        (FaultSpec(status=400, body='{"status": "failure", "message": "<no>"}'), "", ""),
        (
            FaultSpec(status=422, body=json.dumps(FASTAPI)),
            '#id_function-0-name">get_rate: Name</a>:',
            "error_function-0-name",
        ),
        (
            refused("<no>", param="tools.1.function"),
            '#row_function-0">get_rate</a>:',
            "row_function-0",
        ),
    ],
)
def test_a_refusal_leads_to_what_it_is_about(
    cast: Cast,
    published: Make,
    connection_to: Connection,
    remote: Upstream,
    fault: FaultSpec,
    link: str,
    row: str,
) -> None:
    assistant = published(connection_to)
    function = {"type": "function", "function": {"name": "get_rate", "parameters": {}}}
    write_draft(cast.publisher, assistant, tools=[{"type": "code_interpreter"}, function])
    remote.fail_next("POST", fault)
    client = cast.client("publisher")

    response = client.post(address(assistant), {"note": ""})

    assert response.status_code == 422
    editor = text_of(client.get(address(assistant, "edit")))
    root = address(assistant, "edit")
    told, in_editor = (
        tight(page.partition("error-summary")[2].partition("</section>")[0])
        for page in (text_of(response), editor)
    )
    assert not EMPTY.search(told), told
    if link:
        assert re.search(rf'<li><a href="{re.escape(root + link)}\s*The gateway refused', told)
        assert re.search(rf'<li><a href="{re.escape(link)}\s*The gateway refused', in_editor)
    else:
        assert "<li>The gateway" in told
        assert "<a " not in told
        assert in_editor == "", "the banner on top says it"
    assert "The gateway refused the last change. The live version is unchanged." in editor
    assert not row or f'id="{row}"' in editor


def test_a_gateway_that_cannot_be_read_keeps_draft_and_note(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    for _attempt in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))

    response = cast.client("publisher").post(address(assistant), {"note": "My reason"})

    assert response.status_code == 502
    assert "Nothing was sent, and the draft is kept." in text_of(response)
    assert fields_of(response)["note"] == "My reason"


@pytest.mark.parametrize(
    ("method", "fault", "wait", "said"),
    [
        ("POST", FaultSpec(status=429, body="no"), None, "It did not say when to try again."),
        (
            "POST",
            FaultSpec(status=429, body="no", retry_after="40"),
            "40",
            "Not delivered. The live version is unchanged. The gateway is getting too many"
            " requests, so nothing was changed. Try again in 40 seconds. It said: “no”",
        ),
        (
            "GET",
            FaultSpec(status=429, body="no", retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
            "86400",
            "Try again in 24 hours. It said: “no” Nothing was sent, and the draft is kept.",
        ),
        ("GET", FaultSpec(status=503, body="no", retry_after="40"), "40", "in 40 seconds."),
    ],
)
def test_what_did_not_arrive_is_told_with_its_time_and_kept(
    cast: Cast,
    published: Make,
    connection_to: Connection,
    remote: Upstream,
    method: str,
    fault: FaultSpec,
    wait: str | None,
    said: str,
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    remote.fail_next(method, fault)
    client = cast.client("publisher")

    response = client.post(address(assistant), {"note": ""})

    assert (response.status_code, response.get("Retry-After")) == (502, wait)
    assert said in text_of(response)
    assert "Try again in" not in text_of(client.get(address(assistant, "history")))
    assert draft_of(user=cast.publisher.user, assistant=assistant)


def test_a_write_in_doubt_leads_to_the_history_with_a_warning(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    remote.fail_next("POST", FaultSpec(reset=True))
    client = cast.client("publisher")
    reads = [FaultSpec()] + [FaultSpec(status=503, body="{}")] * 3
    client.get(address(assistant))
    # The first read is the one before the write; those after it fail.
    remote.faults += [("GET", spec) for spec in reads[1:]]
    remote.faults.insert(0, ("GET", FaultSpec(applied=True)))

    response = client.post(address(assistant), {"note": ""})

    assert_published(response, assistant)
    assert "not certain" in text_of(client.get(address(assistant, "history")))


def test_what_the_gateway_stored_differently_is_said(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    remote.rewrite = lambda row: {"description": "Ours."}
    client = cast.client("publisher")

    assert_published(client.post(address(assistant), {"note": ""}), assistant)

    page = text_of(client.get(address(assistant, "history")))
    assert "stored something different: Description." in page


def test_an_assistant_that_is_gone_is_told(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    remote.assistants.clear()

    response = cast.client("publisher").post(address(assistant), {"note": ""})

    assert response.status_code == 409
    assert "no longer has this assistant" in text_of(response)
    assert draft_of(user=cast.publisher.user, assistant=assistant)


# Conflicts


def test_a_conflict_stops_publishing_and_shows_three_sides(cast: Cast, live: Assistant) -> None:
    write_draft(cast.admin, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs", model="gpt-5.2")
    client = cast.client("admin")

    response = client.post(address(live), {"note": "My reason"})

    assert response.status_code == 409
    page = text_of(response)
    assert "Pia has published v2 since this draft was started." in page
    for text in ("Support", "Mine", "Theirs"):
        assert text in page
    fields = fields_of(response)
    assert fields["note"] == "My reason"
    assert not [name for name in fields if name.startswith("choice-")], "nothing is picked for them"
    assert "choice-temperature" not in page, "what only one side changed is not asked"
    assert fresh(live).live_version == 2
    assert draft_of(user=cast.admin.user, assistant=live)


def test_choices_lead_to_the_review_of_what_they_make_and_then_it_is_published(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.admin, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs", model="gpt-5.2")
    client = cast.client("admin")
    fields = fields_of(client.post(address(live), {"note": "My reason"}))

    response = client.post(address(live), {**fields, "choice-name": "mine"})

    assert (response.status_code, response["Location"]) == (303, address(live))
    assert fresh(live).live_version == 2
    fields = fields_of(client.get(address(live)))
    assert fields["note"] == "My reason"
    assert_published(client.post(address(live), fields), live)
    now = live_definition(fresh(live))
    assert [now.value(field) for field in ("name", "temperature", "model")] == [
        "Mine",
        1,
        "gpt-5.2",
    ]
    assert fresh(live).live.note == "My reason"


def test_a_script_may_choose_for_any_field_in_which_the_sides_differ(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.admin, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs")
    choices = {"choice-name": "theirs", "choice-temperature": "theirs"}

    response = cast.client("admin").post(address(live), choices)

    assert response.status_code == 303
    saved = draft_of(user=cast.admin.user, assistant=live)
    assert saved
    assert saved.definition == live_definition(fresh(live))


def test_what_only_one_side_changed_is_merged_and_looked_at_before_it_is_published(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.admin, live, name="Mine", instructions="Be kind.\n\nBe brief.\nBe mine.")
    client = cast.client("admin")
    opened = fields_of(client.get(address(live)))
    move_live(cast, live, model="gpt-5.2")

    response = client.post(address(live), {**opened, "note": "My reason"})

    assert response.status_code == 409
    page = text_of(response)
    assert "Pia has published v2 since this draft was started." in page
    assert "the draft was combined with it" in page
    assert fresh(live).live_version == 2
    kept = draft_of(user=cast.admin.user, assistant=live)
    assert kept
    assert kept.base_id == live.live_id, "looking changes nothing"
    fields = fields_of(response)
    assert fields["note"] == "My reason"
    assert_published(client.post(address(live), fields), live)
    now = live_definition(fresh(live))
    assert (now.value("name"), now.value("model")) == ("Mine", "gpt-5.2")
    assert now.value("instructions") == "Be kind.\n\nBe brief.\nBe mine."
    assert draft_of(user=cast.admin.user, assistant=live) is None


def test_a_merge_that_nobody_has_looked_at_is_not_published(cast: Cast, live: Assistant) -> None:
    write_draft(cast.admin, live, name="Mine")
    move_live(cast, live, model="gpt-5.2")

    response = cast.client("admin").post(address(live), {"note": ""})

    assert response.status_code == 409
    assert fresh(live).live_version == 2


def test_a_merge_is_not_published_when_the_draft_moved_after_it_was_looked_at(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.admin, live, name="Mine")
    move_live(cast, live, model="gpt-5.2")
    client = cast.client("publisher")
    review = f"{address(live)}?drafter={cast.admin.user.pk}"
    fields = fields_of(client.get(review))
    write_draft(cast.admin, live, name="Mine, and more")

    response = client.post(review, fields)

    assert response.status_code == 409
    assert "Mine, and more" in text_of(response)
    assert fresh(live).live_version == 2


def test_a_draft_of_an_assistant_that_is_gone_is_merged_with_what_was_live_last(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.admin, assistant, name="Mine")
    move_live(cast, assistant, model="gpt-5.2")
    remote.assistants.clear()
    client = cast.client("admin")
    fields = fields_of(client.get(address(assistant)))
    assert client.post(address(assistant), fields).status_code == 409, "it is gone"
    assert fresh(assistant).state == "missing"

    fields = fields_of(client.get(address(assistant)))
    assert_published(client.post(address(assistant), fields), assistant)

    now = live_definition(fresh(assistant))
    assert (now.value("name"), now.value("model")) == ("Mine", "gpt-5.2")


def test_a_clash_without_a_choice_is_asked_again(cast: Cast, live: Assistant) -> None:
    write_draft(cast.admin, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs", temperature=2)

    response = cast.client("admin").post(address(live), {"choice-name": "mine", "note": ""})

    assert response.status_code == 409
    assert fields_of(response)["choice-name"] == "mine"
    assert fresh(live).live_version == 2


def test_choices_made_for_an_older_version_are_not_taken(cast: Cast, live: Assistant) -> None:
    write_draft(cast.admin, live, name="Mine")
    move_live(cast, live, name="Theirs")
    client = cast.client("admin")
    fields = fields_of(client.get(address(live)))
    move_live(cast, live, name="Theirs again")

    response = client.post(address(live), {**fields, "choice-name": "mine"})

    assert response.status_code == 409
    assert "Pia has published v3" in text_of(response)
    assert fresh(live).live_version == 3


def test_an_editor_takes_choices_into_the_draft(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs")
    client = cast.client("editor")
    page = client.get(address(live))

    choices = {**fields_of(page), "choice-name": "theirs", "action": "resolve"}
    response = client.post(address(live), choices)

    assert (response.status_code, response["Location"]) == (303, address(live))
    saved = draft_of(user=cast.editor.user, assistant=live)
    assert saved
    assert saved.base == fresh(live).live
    assert (saved.definition.value("name"), saved.definition.value("temperature")) == ("Theirs", 1)
    assert "Publishers can open it" in text_of(client.get(address(live)))


def test_a_change_outside_is_a_conflict_too(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.admin, assistant, name="Mine")
    remote.assistants[assistant.remote_id]["name"] = "By an application"

    response = cast.client("admin").post(address(assistant), {"note": ""})

    assert response.status_code == 409
    assert "Changed outside this dashboard: v2 is live now." in text_of(response)
    assert remote.count_of("POST") == 1


def test_a_conflict_in_texts_and_tools_shows_what_each_side_did(
    cast: Cast, live: Assistant
) -> None:
    weather = {"type": "function", "function": {"name": "get_weather"}}
    other = {"type": "function", "function": {"name": "get_weather", "description": "<b>"}}
    write_draft(cast.admin, live, instructions="Be kind.\nBe quick.", tools=[weather], metadata={})
    move_live(cast, live, instructions="Be kind.\nBe slow.", tools=[other])

    response = cast.client("admin").post(address(live), {"note": ""})

    assert response.status_code == 409
    page = text_of(response)
    assert "<ins>quick</ins>" in page
    assert "get_weather" in page
    assert "&lt;b&gt;" in page


def test_a_conflict_shows_of_the_base_the_disputed_lines_only(cast: Cast, published: Make) -> None:
    lines = [f"Rule {number}." for number in range(60)]
    live = published(Connection.objects.get(), instructions="\n".join(lines))
    mine, theirs = [*lines], [*lines]
    mine[30], mine[33], theirs[33] = "Mine.", "Mine too.", "Theirs."
    write_draft(cast.publisher, live, instructions="\n".join(mine), name="A")
    move_live(cast, live, instructions="\n".join(theirs))

    page = text_of(cast.client("publisher").get(address(live)))

    base = page.split("Original")[1].split("Keep mine")[0]
    assert [number for number in range(60) if f"Rule {number}." in base] == [*range(28, 36)]
    assert base.count(" touched") == 2
    assert "… 28 unchanged lines …" in base
    assert "… 24 unchanged lines …" in base


# Discarding


def test_discarding_shows_what_goes_and_drops_the_draft(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Mine")
    client = cast.client("editor")
    assert "Mine" in text_of(client.get(address(live, "discard")))

    response = client.post(address(live, "discard"))

    assert (response.status_code, response["Location"]) == (303, address(live, "edit"))
    assert not Draft.objects.exists()
    assert client.get(address(live, "discard")).status_code == 302


def test_discarding_a_draft_that_was_never_published_removes_the_assistant(cast: Cast) -> None:
    client = cast.client("editor")
    client.post("/w/main/assistants/new/", {"name": "Fresh", "model": "m"})
    assistant = Assistant.objects.get(name="Fresh")

    response = client.post(address(assistant, "discard"))

    assert (response.status_code, response["Location"]) == (303, "/w/main/assistants/")
    assert not Assistant.objects.filter(pk=assistant.pk).exists()


def test_a_note_typed_in_an_ended_session_is_back(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, name="Mine")
    cast.publisher.user.set_password("a-long-passphrase")
    cast.publisher.user.save()
    client = Client()
    login = {"login": cast.publisher.user.email, "password": "a-long-passphrase"}
    client.post("/accounts/login/", login)
    client.cookies.pop("sessionid")
    form = "application/x-www-form-urlencoded"
    draft = Draft.objects.get(user=cast.publisher.user)
    typed = f"note=Long+reason&about={draft.user_id}-draft-{draft.pk}"
    client.post(address(live), typed, content_type=form)
    client.post("/accounts/login/", login)

    assert fields_of(client.get(address(live)))["note"] == "Long reason"

"""The pages of change requests, for each role and for people of other workspaces."""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.keys.keys import create_api_key
from assistants.approval.flow import Move
from assistants.models import Assistant, ChangeRequest, Clearance, Round
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.publishing import publish_request
from tests.api.calls import by_account, make_account
from tests.change_requests.conftest import draft, submitted
from tests.conftest import Cast
from tests.registry.calls import by_key
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/w/main/requests/"


def buttons(answer: HttpResponse) -> set[str]:
    """Return the actions that the forms of a page offer."""
    return set(re.findall(r'name="action" value="(\w+)"', answer.content.decode()))


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("viewer", set()),
        ("editor", {"withdraw"}),
        ("publisher", {"approve", "request_changes", "reject", "schedule"}),
        ("admin", {"approve", "request_changes", "reject", "override", "schedule"}),
    ],
)
def test_each_role_is_offered_what_it_may(
    cast: Cast, live: Assistant, needs_one: None, who: str, offered: set[str]
) -> None:
    submitted(cast.editor, live)
    answer = cast.client(who).get(f"{LIST}1/")
    assert answer.status_code == 200
    assert buttons(answer) == offered
    assert "1 approval by a publisher or admin" in answer.content.decode()


def test_other_workspaces_see_nothing(cast: Cast, live: Assistant) -> None:
    submitted(cast.editor, live)
    stranger = cast.client("stranger")
    assert stranger.get(LIST).status_code == 404
    assert stranger.get(f"{LIST}1/").status_code == 404
    assert stranger.get("/w/elsewhere/requests/1/").status_code == 404
    assert stranger.post(f"{LIST}1/", {"action": "approve", "seen": "1"}).status_code == 404


def submit_by_form(client: Client, live: Assistant, seen: str, **fields: str) -> HttpResponse:
    sent = {"seen": seen, "title": "Summer", "note": "Why not.", "when": "by_hand", **fields}
    return client.post(f"/w/main/assistants/{live.pk}/submit/", sent)


def test_from_draft_to_live_by_forms(cast: Cast, live: Assistant, needs_one: None) -> None:
    seen = draft(cast.editor, live, temperature=0.9)
    editor, publisher = cast.client("editor"), cast.client("publisher")
    review = editor.get(f"/w/main/assistants/{live.pk}/review/").content.decode()
    assert "This needs approval first:" in review
    assert f"/w/main/assistants/{live.pk}/submit/" in review
    answer = submit_by_form(editor, live, seen, reviewer=str(cast.publisher.user.pk))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LIST}1/")
    assert "Summer" in publisher.get("/w/main/").content.decode()
    assert "Summer" in publisher.get(f"{LIST}?show=waiting").content.decode()
    page = publisher.post(f"{LIST}1/", {"action": "request_changes", "seen": "1", "word": ""})
    assert page.status_code == 422
    assert "Say why in a few words" in page.content.decode()
    publisher.post(f"{LIST}1/", {"action": "approve", "seen": "1"})
    assert ChangeRequest.objects.get().state == "approved"
    assert "Summer" not in publisher.get(f"{LIST}?show=waiting").content.decode()
    answer = publisher.post(f"{LIST}1/", {"action": "publish", "seen": "1"})
    assert answer.status_code == 303
    assert fresh(live).live_version == 2
    number = fresh(live).live
    assert number is not None
    page = publisher.get(f"/w/main/assistants/{live.pk}/history/{number.number}/")
    assert "Approved by" in page.content.decode()
    assert "Summer" in publisher.get(f"{LIST}?show=closed").content.decode()


def test_a_form_without_title_says_so(cast: Cast, live: Assistant) -> None:
    seen = draft(cast.editor, live, temperature=0.9)
    answer = submit_by_form(cast.client("editor"), live, seen, title=" ")
    assert answer.status_code == 422
    assert "Enter a title" in answer.content.decode()
    assert "Why not." in answer.content.decode()


def test_a_round_sent_meanwhile_is_looked_at_first(cast: Cast, live: Assistant) -> None:
    submitted(cast.editor, live)
    submitted(cast.editor, live, temperature=0.2)
    answer = cast.client("publisher").post(f"{LIST}1/", {"action": "approve", "seen": "1"})
    assert answer.status_code == 409
    assert "The author sent a new round" in answer.content.decode()
    older = cast.client("publisher").get(f"{LIST}1/?round=1").content.decode()
    assert "You are looking at an older round." in older
    assert not buttons(cast.client("publisher").get(f"{LIST}1/?round=1"))


def test_a_publisher_without_approvals_is_refused_and_an_admin_overrides(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    submitted(cast.editor, live)
    answer = cast.client("publisher").post(f"{LIST}1/", {"action": "publish", "seen": "1"})
    assert answer.status_code == 403
    assert "still needs approval" in answer.content.decode()
    sent = {"action": "publish", "seen": "1", "reason": "Outage."}
    assert cast.client("admin").post(f"{LIST}1/", sent).status_code == 303
    clearance = Clearance.objects.get()
    assert (clearance.kind, clearance.is_own) == ("overridden", False)
    history = cast.client("viewer").get(f"/w/main/assistants/{live.pk}/history/").content.decode()
    assert "Approval overridden" in history
    assert "Approval overridden" in cast.client("viewer").get("/w/main/changes/").content.decode()


def test_an_admin_overrides_on_the_review(cast: Cast, live: Assistant, needs_one: None) -> None:
    seen = draft(cast.admin, live, temperature=0.9)
    path = f"/w/main/assistants/{live.pk}/review/"
    admin = cast.client("admin")
    assert admin.post(path, {"reviewed": seen, "note": "x"}).status_code == 403
    answer = admin.post(path, {"reviewed": seen, "note": "x", "reason": "Outage."})
    assert answer.status_code == 303
    assert Clearance.objects.get().is_own


def test_lists_and_pages_cost_the_same_for_many(cast: Cast, live: Assistant) -> None:
    request = submitted(cast.editor, live)
    client = cast.client("publisher")

    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    few = cost(LIST), cost(f"{LIST}1/")
    for number in range(2, 30):
        ChangeRequest.objects.create(
            workspace=cast.workspace,
            assistant=live,
            number=number,
            title="Old",
            author=cast.editor.user,
            author_name="Emil",
            state="rejected",
            is_open=False,
        )
    for number in range(1, 9):
        decide(member=cast.publisher, request=request, move=Move.APPROVE, seen=number)
        submitted(cast.editor, live, temperature=1 + number / 10)
    assert Round.objects.count() == 9
    assert (cost(f"{LIST}?show=all"), cost(f"{LIST}1/")) <= few


def test_the_policy_by_form(cast: Cast, live: Assistant) -> None:
    admin, path = cast.client("admin"), f"{LIST}policy/"
    sent = {"approvals-0": "2", "role-0": "publisher", "field-0": ["tools"], "free": ["name"]}
    assert admin.post(path, sent).status_code == 303
    page = cast.client("viewer").get(path).content.decode()
    assert "Last changed by" in page
    assert 'value="save"' not in page
    loose = admin.post(path, {"approvals-0": "1", "role-0": "publisher", "field-0": ["tools"]})
    assert loose.status_code == 422
    assert "asks for less than before" in loose.content.decode()
    assert cast.client("publisher").post(path, sent).status_code == 403


def test_two_rounds_are_compared(cast: Cast, live: Assistant) -> None:
    submitted(cast.editor, live, instructions="One.", temperature=0.9)
    submitted(cast.editor, live, instructions="Two.", temperature=0.9)
    client = cast.client("publisher")
    whole = client.get(f"{LIST}1/").content.decode()
    between = client.get(f"{LIST}1/?round=2&since=1").content.decode()
    assert "change-temperature" in whole
    assert "change-temperature" not in between
    assert "change-instructions" in between
    assert "You see what round 2 changes of round 1" in between
    assert client.get(f"{LIST}1/?round=7&since=x").status_code == 200


def test_the_json_api_needs_the_approval_too(cast: Cast, live: Assistant, needs_one: None) -> None:
    base = fresh(live).live
    assert base is not None
    wanted = base.definition.replace(temperature=0.9).to_dict()
    body = {"definition": wanted, "base": base.number, "note": "By script."}
    for role in ("publisher", "admin"):
        account = make_account(cast, role)
        answer = by_account(cast, account)("POST", f"assistants/{live.pk}/publish", body)
        assert answer.refusal[:2] == (403, "needs_approval")
        assert by_account(cast, account)("DELETE", f"assistants/{live.pk}").status == 403
    assert fresh(live).live_version == 1


def test_header_and_list_say_what_is_live_without_approval(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    key, secret = create_api_key(workspace=cast.workspace, name="App", can_write=True)
    key.is_exempt = True
    key.save()
    assert (
        by_key(secret)("POST", f"/assistants/{live.remote_id}", {"temperature": 0.7}).status == 200
    )
    request = submitted(cast.editor, live, temperature=0.2)
    page = f"/w/main/assistants/{live.pk}/"
    chip = f'<a class="chip above warning" href="{page}history/2/">'
    where = ("/w/main/assistants/", page, f"{page}history/", f"{page}code/", f"{LIST}1/")
    for path in where:
        text = cast.client("viewer").get(path).content.decode()
        assert text.count(chip) == 1, path
        assert "Live without approval" in text.partition(chip)[2][:900], path
    decide(member=cast.admin, request=request, move=Move.APPROVE, seen=1)
    assert publish_request(member=cast.publisher, request=request, seen=1).status == "applied"
    for path in where:
        assert chip not in cast.client("viewer").get(path).content.decode(), path

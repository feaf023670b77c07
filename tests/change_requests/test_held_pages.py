"""What the pages that publish say in a freeze window: whom it stops, and an admin's way past it."""

from collections.abc import Callable

import pytest

from assistants.approval.flow import Move
from assistants.definition import Definition
from assistants.models import Assistant, Clearance
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.submitting import submit_deletion
from assistants.services.editing.drafts import new_assistant
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from tests.change_requests.conftest import draft, submitted, wanted_by
from tests.change_requests.test_freezes import freeze
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
Begin = Callable[[Cast, Assistant, str], str]


def review(cast: Cast, live: Assistant, who: str) -> str:
    draft(getattr(cast, who), live, temperature=0.9)
    return f"/w/main/assistants/{live.pk}/review/"


def deletion(_cast: Cast, live: Assistant, _who: str) -> str:
    return f"/w/main/assistants/{live.pk}/delete/"


def earlier(cast: Cast, live: Assistant, _who: str) -> str:
    draft(cast.admin, live, temperature=0.9)
    row = fresh(live)
    publish(author=cast.admin, assistant=row, wanted=wanted_by(cast.admin, row), base=row.live)
    return f"/w/main/assistants/{live.pk}/previous/"


def recreation(cast: Cast, live: Assistant, _who: str) -> str:
    delete_assistant(author=cast.admin, assistant=fresh(live))
    return f"/w/main/assistants/{live.pk}/recreate/"


PAGES: dict[str, tuple[Begin, str]] = {
    "review": (review, "Publish all the same"),
    "delete": (deletion, "Delete all the same"),
    "previous": (earlier, "Publish all the same"),
    "recreate": (recreation, "Recreate all the same"),
}


NEEDS_A_REASON = "Nothing was sent: this needs a reason of at most"


def assert_asks_for_a_reason(page: str) -> None:
    """Assert that the fold with the reason is open, says what is wrong, and has the focus."""
    fold = page.partition('<details class="override" open>')[2].partition("</details>")[0]
    assert 'aria-invalid="true" autofocus' in fold
    assert NEEDS_A_REASON in fold
    assert 'value="override"' in fold
    assert page.count('value="override"') == 1


@pytest.mark.parametrize("kind", ["change", "deletion"])
def test_the_page_of_a_request_asks_an_admin_for_a_reason(
    cast: Cast, live: Assistant, needs_one: None, kind: str
) -> None:
    if kind == "change":
        submitted(cast.editor, live)
    else:
        submit_deletion(author=cast.editor, assistant=live, title="Away")
    client, address = cast.client("admin"), "/w/main/requests/1/"
    label = "Publish without approval" if kind == "change" else "Delete without approval"
    assert label in client.get(address).content.decode()
    answer = client.post(address, {"action": "override", "seen": "1", "reason": ""})
    assert answer.status_code == 422
    assert_asks_for_a_reason(answer.content.decode())


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["publisher", "admin"])
def test_only_an_admin_gets_past_it(cast: Cast, live: Assistant, who: str, name: str) -> None:
    begin, button = PAGES[name]
    address = begin(cast, live, who)
    freeze(cast.admin)
    client = cast.client(who)
    found = client.get(address)
    page = found.content.decode()
    assert "Black Friday" in page
    assert (button in page) is (who == "admin")
    assert ("only an admin can publish it" in page) is (who == "publisher")
    if who == "publisher":
        assert "Publishers can open it" not in page
        return
    assert NEEDS_A_REASON not in page
    pressed = {"action": "override"}
    answer = client.post(address, {**fields_of(found), **pressed, "reason": " "})
    assert answer.status_code == 422
    assert_asks_for_a_reason(answer.content.decode())
    answer = client.post(address, {**fields_of(answer), **pressed, "reason": "Urgent."})
    assert answer.status_code == 303
    clearance = Clearance.objects.get()
    assert (clearance.kind, clearance.reason) == ("overridden", "Urgent.")


def test_an_approved_request_is_published_by_an_admin_alone(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    request = submitted(cast.editor, live)
    decide(member=cast.publisher, request=request, move=Move.APPROVE, seen=1)
    address = "/w/main/requests/1/"
    publishes = 'name="action" value="publish"'
    assert publishes in cast.client("publisher").get(address).content.decode()
    freeze(cast.admin)
    page = cast.client("publisher").get(address).content.decode()
    assert "only an admin can publish it" in page
    assert publishes not in page
    client = cast.client("admin")
    assert "Publish all the same" in client.get(address).content.decode()
    form = {"action": "publish", "seen": "1", "reason": "Urgent."}
    assert client.post(address, form).status_code == 303
    assert (fresh(live).live_version, Clearance.objects.get().kind) == (2, "overridden")


def test_what_was_never_published_is_deleted_without_approval(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    wanted = Definition.parse({"name": "New", "model": "gpt-4o"})
    row = new_assistant(author=cast.publisher, connection=live.connection, definition=wanted)
    freeze(cast.admin)
    client, address = cast.client("publisher"), f"/w/main/assistants/{row.pk}/delete/"
    found = client.get(address)
    assert "This needs approval" not in found.content.decode()
    assert "Black Friday" not in found.content.decode()
    assert "Delete" in found.content.decode()
    assert client.post(address, fields_of(found)).status_code == 303
    assert not Assistant.objects.filter(pk=row.pk).exists()

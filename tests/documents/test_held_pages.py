"""What pages say where approvals or a freeze window hold the documents of a store."""

import html

import pytest
from django.test import Client

from assistants.models import Assistant, Clearance, Connection, StoreChange
from assistants.services.approving.freezing import remove_freeze
from tests.conftest import Cast
from tests.documents.conftest import entries
from tests.documents.test_approvals import HOLDS, by_freeze, by_policy
from tests.documents.test_pages import form_of, get, root, text
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)
SAYS = {
    "a policy": "The documents of this store need approval.",
    "the policy of one assistant": "The documents of this store need approval.",
    "a freeze window": "Black Friday",
    "both": "Nothing is published until",
}
OVERRIDDEN = {
    False: (
        "Approval overridden",
        "Changed without approval",
        "their own change without the approvals it needed",
    ),
    True: ("Freeze window overridden", "Changed in a freeze window", "this in a freeze window"),
}
"""The chip, the reason and the sentence, by whether only a freeze window was overridden."""
PATHS = {
    "store/add/?id=vs_help&file=file-faq": "Add",
    "store/remove/?id=vs_help&file=file-old": "Remove",
}


@pytest.mark.parametrize("below", PATHS)
@pytest.mark.parametrize("hold", HOLDS)
def test_a_publisher_reads_who_can_change_it(
    cast: Cast,
    library: Connection,
    users: list[Assistant],
    remote: Upstream,
    hold: str,
    below: str,
) -> None:
    client, address = cast.client("publisher"), root(library) + below
    form = form_of(client, address)
    HOLDS[hold][0](cast, users)
    page = get(client, address)
    assert SAYS[hold] in page
    assert "Ask an admin, who can change them without approval: Ada." in page
    assert "at once" not in page
    answer = client.post(address, {**form, "note": "Typed before."})
    assert answer.status_code == 403
    assert "Nothing was sent" in text(answer)
    assert "Typed before." in text(answer)
    assert remote.requests == []
    assert not StoreChange.objects.exists()


@pytest.mark.parametrize("below", PATHS)
@pytest.mark.parametrize("hold", HOLDS)
def test_an_admin_changes_it_without_approval(
    cast: Cast, library: Connection, users: list[Assistant], hold: str, below: str
) -> None:
    HOLDS[hold][0](cast, users)
    client, address = cast.client("admin"), root(library) + below
    page = get(client, address)
    assert SAYS[hold] in page
    assert "Change without approval" in page
    assert f"{PATHS[below]} without approval" in page
    form = form_of(client, address)
    for reason in ("", "x" * 20_000):
        answer = client.post(address, {**form, "note": "New", "reason": reason})
        assert answer.status_code == 422
        assert "a change without approval needs a reason" in text(answer)
        assert 'aria-invalid="true"' in answer.content.decode()
    assert not StoreChange.objects.exists()
    answer = client.post(address, {**form, "reason": "Legal “asked”."}, follow=True)
    assert answer.status_code == 200
    said = html.unescape(text(answer))
    chip, line, sentence = OVERRIDDEN[hold == "a freeze window"]
    assert chip in said
    assert f"{line}: Legal “asked”." in said
    history = f"/w/main/assistants/{users[0].pk}/history/"
    assert chip in get(client, history)
    (entry,) = entries(users[0])
    shown = html.unescape(get(client, f"{history}{entry.number}/"))
    assert f"Ada published {sentence}" in shown
    assert "Legal “asked”." in shown


def test_a_reason_by_hand_helps_nobody_else(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    by_policy(cast, users)
    address = f"{root(library)}store/add/?id=vs_help&file=file-faq"
    client = cast.client("publisher")
    answer = client.post(address, {**form_of(client, address), "reason": "Please."})
    assert answer.status_code == 403
    assert not StoreChange.objects.exists()


def choose(client: Client, library: Connection) -> str:
    return get(client, f"{root(library)}store/add/?id=vs_help")


def test_it_is_said_before_a_file_is_chosen(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    window = by_freeze(cast, users)
    assert "Ask an admin" in choose(cast.client("publisher"), library)
    assert "As an admin, you can change them" in choose(cast.client("admin"), library)
    remove_freeze(actor=cast.admin, freeze=window)
    assert "Ask an admin" not in choose(cast.client("publisher"), library)


def test_what_is_free_again_asks_for_no_reason(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    window = by_freeze(cast, users)
    client = cast.client("admin")
    address = f"{root(library)}store/add/?id=vs_help&file=file-faq"
    form = form_of(client, address)
    remove_freeze(actor=cast.admin, freeze=window)
    answer = client.post(address, {**form, "reason": "Urgent."}, follow=True)
    assert "Approval overridden" not in text(answer)
    assert not Clearance.objects.exists()

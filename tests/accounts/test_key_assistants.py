"""Choosing the assistants of a key: searched by name, with and without scripts."""

import re
from datetime import timedelta
from typing import Any

from admin_ui.accounts.keys.choosing import MOST_CHOOSABLE
from admin_ui.accounts.keys.replacing import replace_key
from admin_ui.accounts.models import ApiKey
from admin_ui.audit.models import AuditEvent
from assistants.models import Assistant, Connection
from tests.conftest import Cast
from tests.factories import make_workspace
from tests.pages.past import make_assistant

KEYS = "/w/main/keys/"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def boxes(response: Any) -> list[tuple[str, bool]]:
    """Return the ID in each box to tick, and whether it is ticked."""
    found = re.findall(r'name="assistant_ids" value="([^"]+)"( checked)?', text(response))
    return [(value, bool(checked)) for value, checked in found]


def test_a_key_is_limited_to_what_was_ticked(cast: Cast) -> None:
    one, other = (make_assistant(cast.workspace, name=name) for name in ("Refunds", "Orders"))
    admin = cast.client("admin")
    admin.post(KEYS, {"name": "Shop", "reach": "chosen", "assistant_ids": [one.remote_id]})
    key = ApiKey.objects.get()
    assert key.assistant_ids == one.remote_id
    page = text(admin.get(KEYS))
    assert page[page.index("<tbody>") :].count("Refunds") == 1
    assert "Orders" not in page[page.index("<tbody>") :]
    event = AuditEvent.objects.get(kind="key_created")
    assert event.details["assistants"] == one.remote_id
    assert other.remote_id not in str(event.details)
    replacement, _ = replace_key(actor=cast.admin, key=key, overlap=timedelta())
    assert replacement.assistant_ids == one.remote_id


def test_all_is_all_whatever_was_ticked_before(cast: Cast) -> None:
    one = make_assistant(cast.workspace)
    for reach in ({"reach": "all"}, {}):
        form = {"name": "Shop", "assistant_ids": [one.remote_id], **reach}
        assert cast.client("admin").post(KEYS, form).status_code == 303
    assert list(ApiKey.objects.values_list("assistant_ids", flat=True)) == ["", ""]


def test_nothing_chosen_is_refused(cast: Cast) -> None:
    elsewhere = make_workspace("other")
    gateway = Connection.objects.create(workspace=cast.workspace, name="Portkey", profile="openai")
    theirs = make_assistant(elsewhere, connection=Connection.objects.create(
        workspace=elsewhere, name="Registry", profile="registry"))  # fmt: skip
    remote = make_assistant(cast.workspace, connection=gateway)
    for ids in ([], [theirs.remote_id], [remote.remote_id], ["asst_x y", "\0", ""]):
        form = {"name": "Shop", "reach": "chosen", "assistant_ids": ids}
        refused = cast.client("admin").post(KEYS, form)
        assert refused.status_code == 422
        assert "Choose an assistant, or allow all of them." in text(refused)
    assert not ApiKey.objects.exists()


def test_the_search_keeps_what_is_ticked(cast: Cast) -> None:
    one = make_assistant(cast.workspace, name="Refunds")
    other = make_assistant(cast.workspace, name="Orders of shops")
    make_assistant(cast.workspace, name="Nothing of it")
    params = {"find": "orders", "assistant_ids": [one.remote_id]}
    found = cast.client("admin").get(f"{KEYS}assistants/", params)
    assert boxes(found) == [(one.remote_id, True), (other.remote_id, False)]
    assert "<html" not in text(found)


def test_without_scripts_the_page_searches_and_keeps_the_form(cast: Cast) -> None:
    one = make_assistant(cast.workspace, name="Refunds")
    form = {"name": "", "can_write": "on", "networks": "10.0.0.1", "reach": "chosen"}
    page = cast.client("admin").post(KEYS, {**form, "find": "refund", "search": "1"})
    assert page.status_code == 200
    assert boxes(page) == [(one.remote_id, False)]
    assert 'value="10.0.0.1"' in text(page)
    assert 'value="chosen" checked' in text(page)
    assert "required." not in text(page)
    assert not ApiKey.objects.exists()


def test_a_search_offers_few_and_says_when_there_is_none(cast: Cast) -> None:
    for number in range(MOST_CHOOSABLE + 1):
        make_assistant(cast.workspace, name=f"Shop {number}")
    admin = cast.client("admin")
    assert len(boxes(admin.get(f"{KEYS}assistants/", {"find": "shop"}))) == MOST_CHOOSABLE
    none = text(admin.get(f"{KEYS}assistants/", {"find": "qqqq\0"}))
    assert "No assistant matches." in none


def test_a_name_is_shown_also_once_deleted_and_an_id_once_unknown(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    one = make_assistant(cast.workspace, name="Refunds")
    Assistant.objects.update(state="deleted")
    for _ in range(3):
        ApiKey.objects.create(
            workspace=cast.workspace,
            name="Shop",
            prefix="aa_12345",
            digest=str(ApiKey.objects.count()),
            assistant_ids=f"{one.remote_id} asst_gone",
        )
    admin = cast.client("admin")
    with django_assert_num_queries(4):  # session, keys, their assistants, assistants to offer
        page = text(admin.get(KEYS))
    assert page.count(">Refunds<") == 3
    assert page.count(">asst_gone<") == 3


def test_only_admins_search(cast: Cast) -> None:
    answers = {
        who: cast.client(who).get(f"{KEYS}assistants/").status_code
        for who in ("viewer", "editor", "publisher", "admin", "stranger")
    }
    assert answers == dict.fromkeys(("viewer", "editor", "publisher"), 403) | {
        "admin": 200,
        "stranger": 404,
    }

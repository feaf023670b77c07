"""Forms that were kept before the tab had a column of its own are found, read and dropped."""

import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict

from admin_ui.accounts.guard import stash
from admin_ui.accounts.models import Stash, User
from admin_ui.encryption import encrypt_bytes
from tests.factories import make_user
from tests.past import Targets, as_it_was, migrate, newest

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/w/main/assistants/7/edit/"
BEFORE: Targets = [("accounts", "0005_declined_invitations")]
AFTER: Targets = [("accounts", "0006_stash_tab")]


@pytest.fixture
def old() -> Iterator[Any]:
    with as_it_was(BEFORE) as models:
        yield models


def test_a_kept_form_keeps_its_tab(old: Any) -> None:
    user = old.get_model("accounts", "User").objects.create(email="nina@example.com")
    forms = {"": "plain", f"{user.pk}-abc": "one", f"{user.pk}-a#c": "two"}
    for tab, note in forms.items():
        body = encrypt_bytes(zlib.compress(f"note={note}".encode(), 1))
        place = f"{PATH}#{tab}" if tab else PATH
        old.get_model("accounts", "Stash").objects.create(user_id=user.pk, path=place, body=body)

    migrate(newest())

    user = User.objects.get()
    found = stash.kept_copies(user, PATH)
    notes = {copy.tab: stash.read_copy(user, copy.pk) for copy in found}
    assert {tab: form and form["note"] for tab, form in notes.items()} == forms
    stash.drop_forms_of_tabs(user, "/elsewhere/", f"{user.pk}-abc")
    assert [copy.tab for copy in stash.kept_copies(user, PATH)] == [f"{user.pk}-a#c", ""]


def test_the_way_back_puts_the_tab_behind_the_path(old: Any) -> None:
    new = migrate(AFTER)
    user = new.get_model("accounts", "User").objects.create(email="nina@example.com")
    for tab in ("", f"{user.pk}-a#c"):
        new.get_model("accounts", "Stash").objects.create(
            user_id=user.pk, path=PATH, tab=tab, body=b""
        )
    migrate(BEFORE)
    paths = set(old.get_model("accounts", "Stash").objects.values_list("path", flat=True))
    assert paths == {PATH, f"{PATH}#{user.pk}-a#c"}
    assert "tab" not in {field.name for field in old.get_model("accounts", "Stash")._meta.fields}


def test_one_form_is_kept_for_a_tab_of_a_page() -> None:
    user = make_user("nina@example.com")
    for note in ("first", "second"):
        form = QueryDict(f"note={note}&tab={user.pk}-abc")
        assert stash.keep_form_at(user, PATH, form)
        assert stash.keep_form_at(user, f"{PATH}more/", form)
    assert Stash.objects.filter(user=user).count() == 2

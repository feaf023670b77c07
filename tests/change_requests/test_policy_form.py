"""The form of an approval policy keeps what was typed, and says what is wrong where it is."""

import re
from typing import Any

import pytest
from django.test import Client

from assistants.models import ApprovalPolicy, Assistant
from tests.accounts.test_confirming import CONFIRM
from tests.confirming import grown_stale
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/w/main/requests/policy/"


def post(client: Client, status: int = 200, page: str = PAGE, **form: Any) -> str:
    names = {re.sub(r"_(\d+)$", r"-\1", name): value for name, value in form.items()}
    answer = client.post(page, names)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def rules_in(text: str) -> list[str]:
    return re.findall(r"<legend>(Rule \d+)</legend>", text)


def test_another_rule_is_one_and_every_row_stays(cast: Cast) -> None:
    client, one = cast.client("admin"), {"approvals_0": "1", "role_0": "publisher"}
    assert rules_in(client.get(PAGE).content.decode()) == ["Rule 1"]
    text = post(client, action="add", **one)
    assert rules_in(text) == ["Rule 1", "Rule 2"]
    assert re.search(r'name="approvals-1" autofocus', text)
    rest = {"approvals_1": "0", "role_1": "viewer", "field_1": ["model"], "free": ["name"]}
    text = post(client, action="add", **one, **rest, reason="Not yet.")
    assert rules_in(text) == ["Rule 1", "Rule 2", "Rule 3"]
    assert '<option value="viewer" selected>' in text
    assert re.search(r'name="field-1" value="model" checked', text)
    assert re.search(r'name="free" value="name" checked', text)
    assert "Not yet.</textarea>" in text
    assert not ApprovalPolicy.objects.exists()


def test_the_last_row_offers_no_other(cast: Cast) -> None:
    rows = {f"approvals_{number}": "1" for number in range(11)}
    text = post(cast.client("admin"), action="add", **rows)
    assert len(rules_in(text)) == 12
    assert "Another rule" not in text


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (0, "Choose a role, or tick the people whose approvals count."),
        (1, "Tick at least 2 people, or choose a role."),
    ],
)
def test_an_error_names_its_rule_and_is_in_sight(cast: Cast, people: int, said: str) -> None:
    rows = {"approvals_0": "0", "role_0": "admin", "approvals_1": "1", "role_1": "admin"}
    wrong = {"approvals_2": "2", "role_2": "", "person_2": [cast.editor.user_id][:people]}
    text = post(cast.client("admin"), 422, **rows, **wrong)
    assert f'<a href="#role-2"> Rule 3: {said} </a>' in text
    assert re.search(r'name="role-2" aria-invalid="true" aria-describedby="error-role-2"', text)
    assert text.count(said) == 2
    folds = re.findall(r"<details( open)?> <summary>And from these people", text)
    assert folds == ["", "", " open"]
    assert not ApprovalPolicy.objects.exists()


def test_a_reason_that_is_missing_or_too_long_is_said_at_its_field(
    cast: Cast, needs_one: None
) -> None:
    client = cast.client("admin")
    for reason, said in (("", "This asks for less"), ("x" * 20_000, "Say why, in at most")):
        text = post(client, 422, approvals_0="0", reason=reason)
        assert f'<a href="#id_reason">Reason: {said}' in text
        assert re.search(r'id="id_reason"[^>]* aria-invalid="true"', text)
        assert text.count(said) == 2
    post(client, 303, approvals_0="0", reason="A small team.")


@pytest.fixture
def late(cast: Cast) -> Client:
    """The browser of an admin who signed in an hour ago."""
    cast.admin.user.set_password("seven green bottles")
    cast.admin.user.save()
    return grown_stale(cast.client("admin"))


def test_a_form_goes_on_for_the_same_assistant(late: Client, live: Assistant) -> None:
    """What one assistant asks for never becomes the policy of the workspace."""
    page = f"{PAGE}?assistant={live.pk}"
    post(late, 302, page, approvals_0="2", role_0="admin")
    answer = late.post(CONFIRM, {"password": "seven green bottles", "next": page})
    assert answer["Location"] == page
    assert late.get(page).status_code == 303
    assert ApprovalPolicy.objects.get().assistant == live


def test_a_form_goes_on_at_its_whole_address_only(late: Client, live: Assistant) -> None:
    page = f"{PAGE}?assistant={live.pk}"
    post(late, 302, page, approvals_0="2", role_0="admin")
    late.post(CONFIRM, {"password": "seven green bottles", "next": page})
    assert late.get(PAGE).status_code == 200
    assert not ApprovalPolicy.objects.exists()

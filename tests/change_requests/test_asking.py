"""The form that submits: which approvals a change needs, and whom it offers, asks and names."""

import re

import pytest
from django.test import Client

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role
from admin_ui.notices.models import Happening
from assistants.approval.rules import Policy, Rule
from assistants.models import Assistant, ChangeRequest, Draft, Reviewer
from assistants.services.approving.changing import set_policy
from tests.change_requests.conftest import ONE, draft, submitted
from tests.conftest import Cast
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = frozenset({"temperature"})
TEXT = frozenset({"instructions"})


def form(client: Client, live: Assistant) -> str:
    return client.get(f"/w/main/assistants/{live.pk}/submit/").content.decode()


def offered(page: str) -> dict[str, str]:
    """The people that the form offers, each with what it says; a tick begins with an x."""
    found = re.findall(r'name="reviewer".*?</label>', page, re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]*>", " ", "<" + one).split()) for one in found]
    ticks = ["x " if " checked" in one else "" for one in found]
    return {text.split()[0]: tick + text for text, tick in zip(texts, ticks, strict=True)}


def counting(page: str) -> set[str]:
    """The names under the title of those whose approval counts."""
    before = page.split("May look", maxsplit=1)[0]
    return set(offered(before)) if "Their approval counts" in page else set()


@pytest.fixture
def lena(cast: Cast) -> Member:
    return make_member(cast.workspace, Role.EDITOR, user=make_user(name="Lena"))


@pytest.fixture
def policy(cast: Cast, lena: Member) -> None:
    """An admin or Lena for the temperature, the viewer for the instructions."""
    number = Rule(1, role="admin", people=frozenset({lena.user_id}), fields=NUMBER)
    text = Rule(1, people=frozenset({cast.viewer.user.pk}), fields=TEXT)
    set_policy(actor=cast.admin, policy=Policy((number, text)))


def test_it_ticks_those_whose_approval_the_change_needs(
    cast: Cast, live: Assistant, policy: None
) -> None:
    draft(cast.editor, live, temperature=0.7)
    page = form(cast.client("editor"), live)
    assert "1 approval by an admin or Lena for: Temperature." in page
    assert "Instructions." not in page.split("missing-approval")[1]
    people = offered(page)
    assert people["Lena"] == "x Lena Editor, named by the policy"
    assert people["Ada"] == "x Ada Admin"
    assert people["Vera"] == "Vera Viewer"
    assert people["Pia"] == "Pia Publisher"
    assert counting(page) == {"Ada", "Lena"}


def test_it_says_for_which_fields_an_approval_counts(
    cast: Cast, live: Assistant, policy: None
) -> None:
    draft(cast.editor, live, temperature=0.7, instructions="Be brief.")
    people = offered(form(cast.client("editor"), live))
    assert people["Vera"].endswith("named by the policy, for Instructions")
    assert people["Ada"].endswith("for Temperature")


def test_it_offers_nobody_who_wrote_a_part(
    cast: Cast, live: Assistant, policy: None, lena: Member
) -> None:
    draft(cast.editor, live, temperature=0.7)
    Draft.objects.update(writer_ids=[lena.user_id])
    page = form(cast.client("editor"), live)
    assert "Lena wrote a part of this" in page
    assert not {"Lena", "Emil"} & offered(page).keys()
    assert counting(page) == {"Ada"}


def test_it_says_where_nobody_is_left(cast: Cast, live: Assistant, lena: Member) -> None:
    rule = Rule(1, people=frozenset({lena.user_id}))
    set_policy(actor=cast.admin, policy=Policy((rule,)))
    draft(cast.editor, live, temperature=0.7)
    Draft.objects.update(writer_ids=[lena.user_id])
    assert "Nobody else is here whose approval counts." in form(cast.client("editor"), live)


def test_without_a_policy_it_ticks_nobody(cast: Cast, live: Assistant) -> None:
    draft(cast.editor, live, temperature=0.7)
    page = form(cast.client("editor"), live)
    assert "This change needs no approval." in page
    assert "does not count" not in page
    assert not [text for text in offered(page).values() if text.startswith("x ")]


def send(client: Client, live: Assistant, *reviewers: Member) -> str:
    seen = Draft.objects.get().known_digest
    sent = {
        "seen": seen,
        "title": "Summer",
        "when": "by_hand",
        "reviewer": [str(each.user.pk) for each in reviewers],
    }
    answer = client.post(f"/w/main/assistants/{live.pk}/submit/", sent, follow=True)
    return answer.content.decode()


def test_it_names_those_whom_it_asked(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=ONE)
    draft(cast.editor, live, temperature=0.7)
    client = cast.client("editor")
    said = send(client, live, cast.publisher, cast.admin)
    assert "Submitted. Pia and Ada were asked to review it." in said
    draft(cast.editor, live, temperature=0.6)
    assert offered(form(client, live))["Pia"] == "x Pia Publisher, asked before"
    assert "Pia and Ada were asked to review it." in send(client, live), "they are asked again"


def test_of_many_names_it_says_some(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=ONE)
    draft(cast.editor, live, temperature=0.7)
    many = [make_member(cast.workspace, user=make_user(name=f"N{each}")) for each in range(6)]
    said = send(cast.client("editor"), live, *many)
    assert "N0, N1, N2, N3 and 2 more were asked to review it." in said


def test_it_says_if_it_asked_nobody(cast: Cast, live: Assistant) -> None:
    draft(cast.editor, live, temperature=0.7)
    said = send(cast.client("editor"), live)
    assert "Submitted. Nobody was asked to review it." in said


def test_what_was_unticked_stays_so_after_a_refusal(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=ONE)
    draft(cast.editor, live, temperature=0.7)
    answer = cast.client("editor").post(
        f"/w/main/assistants/{live.pk}/submit/",
        {"seen": Draft.objects.get().known_digest, "title": " ", "when": "by_hand"},
    )
    people = offered(answer.content.decode())
    assert people["Pia"] == "Pia Publisher"


def test_a_round_waits_for_nobody_who_wrote_a_part_of_it(cast: Cast, live: Assistant) -> None:
    asked = (cast.publisher.user.pk, cast.admin.user.pk)
    submitted(cast.editor, live, reviewers=asked)
    draft(cast.editor, live, temperature=0.3)
    Draft.objects.update(writer_ids=[cast.publisher.user.pk])
    said = send(cast.client("editor"), live)
    assert "Ada was asked to review it." in said
    waiting = Reviewer.objects.filter(change_request=ChangeRequest.objects.get(), is_waiting=True)
    assert list(waiting.values_list("user__name", flat=True)) == ["Ada"]
    assert Happening.objects.filter(kind="asked").latest("pk").people == [cast.admin.user.pk]

"""Every state of a change request, every move, everybody: the services do as the table says."""

import itertools

import pytest

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import NotAllowed
from assistants.approval.flow import PartIn as Part
from assistants.approval.flow import RequestState, may_move
from assistants.models import Assistant, ChangeRequest
from assistants.services.approving.ending import move_on
from assistants.services.change_requests.deciding import STEP_OF, decide
from assistants.services.change_requests.errors import NotOpen, NotYours
from tests.change_requests.conftest import submitted
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = ("author", "viewer", "asked", "editor", "publisher", "admin", "stranger")
DECIDE = {"asked", "publisher", "admin"}
"""Whose word matters, where one publisher or admin must approve; `asked` is a viewer."""


def person(cast: Cast, who: str) -> Member:
    names = {"author": "editor", "asked": "viewer"}
    found: Member = getattr(cast, names.get(who, who))
    return found


@pytest.mark.parametrize(("state", "who"), list(itertools.product(RequestState, PEOPLE)))
def test_every_move(
    cast: Cast, live: Assistant, needs_one: None, state: RequestState, who: str
) -> None:
    other_author = cast.publisher if who == "editor" else cast.editor
    author = cast.editor if who == "author" else other_author
    asked = (cast.viewer.user.pk,) if who == "asked" else ()
    request = submitted(author, live, reviewers=asked)
    member = person(cast, who)
    for move in STEP_OF:
        found = ChangeRequest.objects.get(pk=request.pk)
        move_on(found, state)
        part = Part.AUTHOR if who == "author" else Part.OTHER
        expected: type[Exception] | None = None
        if who == "stranger":
            expected = NotAllowed
        elif not may_move(state, move, part):
            expected = NotYours if found.is_open else NotOpen
        elif part is Part.OTHER and who not in DECIDE:
            expected = NotAllowed
        try:
            decide(member=member, request=found, move=move, seen=1, word="Because.")
        except (NotAllowed, NotOpen, NotYours) as error:
            refusal: type[Exception] | None = type(error)
        else:
            refusal = None
        assert refusal is expected, move

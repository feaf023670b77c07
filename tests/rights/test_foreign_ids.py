"""An ID of another workspace is answered as one that nobody has, byte for byte.

The addresses come from the URL configuration. In each, one ID at a time is that of a thing in
another workspace, or of nothing. An admin of the workspace asks.
"""

import re
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse

from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import Action
from assistants.models import Connection
from assistants.services.setup.first_start import give_registry
from tests.conftest import Cast
from tests.rights.addresses import ADDRESSES, Address
from tests.rights.stage import Stage, begin_far_ids, browser_of, furnish, send
from tests.rights.table import NO_METHOD, TABLE

IDS = ("pk", "state", "user")
NOBODYS = 987_654_321
BY_KEY_ONLY = {
    "api:keys_revoke",
    "api:members_change_role",
    "api:members_remove",
    "api:invitations_repeat",
    "api:invitations_revoke",
}
"""They answer no person, whatever the ID; `tests/api` asks them by key."""
OF_WORKSPACES = [
    (address, name)
    for address in ADDRESSES
    if address.name in TABLE and isinstance(TABLE[address.name].needs, Action)
    if address.name not in BY_KEY_ONLY
    for name in IDS
    if name in address.arguments
]
TOKENS = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"request_id": ?"[\w-]+"')
"""What differs from one answer to the next."""


@pytest.fixture
def here(cast: Cast, library: Connection) -> Stage:
    return furnish(cast.workspace, library)


@pytest.fixture
def elsewhere(cast: Cast, here: Stage) -> Stage:
    begin_far_ids()
    give_registry(cast.stranger.workspace)
    return furnish(cast.stranger.workspace)


def body(answer: HttpResponse) -> bytes:
    return TOKENS.sub(b"", answer.content)


def ids_of(stage: Stage, address: Address, name: str, user: User) -> Any:
    return stage.values(address, user)[name]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "name"), OF_WORKSPACES, ids=lambda one: getattr(one, "name", one)
)
def test_an_id_of_elsewhere_is_one_that_nobody_has(
    cast: Cast, here: Stage, elsewhere: Stage, address: Address, name: str
) -> None:
    row, user = TABLE[address.name], cast.admin.user
    theirs = ids_of(elsewhere, address, name, elsewhere.colleague.user)
    own = here.values(address, user)
    client = browser_of(user)
    for method in ("get", "post", "put", "delete"):
        if getattr(row, method) == NO_METHOD:
            continue
        answers = []
        for value in (theirs, NOBODYS):
            path = address.path({**own, name: value}) + row.query
            with transaction.atomic():
                answers.append(send(client, row, method, path))
                transaction.set_rollback(True)
        found, nothing = answers
        assert (found.status_code, nothing.status_code) == (404, 404), method
        assert body(found) == body(nothing)

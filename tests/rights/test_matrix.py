"""Every address against everybody: generated from the URL configuration and `table`."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, Role, can
from admin_ui.accounts.services import save_account
from assistants.models import Assistant, Connection, State
from tests import factories
from tests.conftest import Cast
from tests.rights.addresses import ADDRESSES, Address
from tests.rights.narrowing import narrowed_member
from tests.rights.stage import Stage, browser_of, furnish, send
from tests.rights.table import NO_METHOD, TABLE, Audience, Row

PEOPLE = ("owner", "admin", "publisher", "editor", "narrowed", "viewer", "stranger", "anonymous")
OF_PAGES = [
    address
    for address in ADDRESSES
    if address.name in TABLE and TABLE[address.name].needs is not Audience.KEYS
]
METHODS = ("get", "post", "put", "delete")
SENDING = [address for address in OF_PAGES if TABLE[address.name].sends]
by_name = {"ids": lambda address: address.name}


@pytest.fixture
def stage(cast: Cast, library: Connection) -> Stage:
    return furnish(cast.workspace, library)


@pytest.fixture
def members(cast: Cast, stage: Stage) -> dict[str, Member | None]:
    """Everybody as a member of the workspace of the stage, None for those who are not."""
    olga = save_account(email="olga@example.com", is_owner=True)[0]
    nora = factories.make_member(cast.workspace, Role.EDITOR)
    roles = {name: getattr(cast, name) for name in ("admin", "publisher", "editor", "viewer")}
    return {
        "owner": Member(workspace=cast.workspace, user=olga, role=Role.ADMIN),
        **roles,
        "narrowed": narrowed_member(cast, nora, assistants=[stage.assistant]),
        "stranger": None,
        "anonymous": None,
    }


def user_of(cast: Cast, members: dict[str, Member | None], person: str) -> User | None:
    member = cast.stranger if person == "stranger" else members[person]
    return member.user if member else None


def refusal(row: Row, person: str, member: Member | None) -> int | None:
    """Return how somebody who may not use an address is answered; None if they may."""
    if row.needs is Audience.ANYBODY:
        return None
    if row.needs is Audience.DIRECTORIES:
        return 401
    if person == "anonymous":
        return 302 if row.body is None else 401
    if row.needs is Audience.OWNERS:
        return None if person == "owner" else 404
    if isinstance(row.needs, Action):
        if member is None:
            return 404
        return None if can(member, row.needs) else 403
    return None


def expected(row: Row, method: str, person: str, member: Member | None) -> set[int]:
    """Return the statuses that are right: one, unless the address does not know the method."""
    refused, status = refusal(row, person, member), row.status(method, person)
    if row.needs is Audience.DIRECTORIES:
        return {401}
    if refused is None:
        return {status}
    return {refused, NO_METHOD} if status == NO_METHOD else {refused}


def ask(stage: Stage, address: Address, method: str, user: User | None) -> Any:
    path = address.path(stage.values(address, user)) + TABLE[address.name].query
    return send(browser_of(user), TABLE[address.name], method, path)


def methods_of(row: Row) -> tuple[str, ...]:
    """Return the methods that the row of an address speaks about."""
    if row.body is None:
        return ("get", "post")
    return tuple(method for method in METHODS if row.status(method, "") != NO_METHOD)


def guards(patterns: list[Any], space: str = "") -> dict[str, Action | None]:
    """Return the action by which `require` guards each address with a name."""
    found: dict[str, Action | None] = {}
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else ""
            found |= guards(entry.url_patterns, space + inner)
        elif isinstance(entry, URLPattern) and entry.name:
            view: Callable[..., Any] = entry.callback
            found[f"{space}{entry.name}"] = getattr(view, "required_action", None)
    return found


def test_each_address_has_a_row_and_each_row_an_address() -> None:
    assert {address.name for address in ADDRESSES} == TABLE.keys()


def test_the_guard_of_a_view_asks_for_the_action_of_its_row() -> None:
    asked = {name: action for name, action in guards(get_resolver().url_patterns).items() if action}
    rows = {
        name: row.needs
        for name, row in TABLE.items()
        if isinstance(row.needs, Action) and row.body is None
    }
    assert asked == rows


@pytest.mark.django_db
@pytest.mark.parametrize("address", OF_PAGES, **by_name)
def test_everybody_is_answered_as_the_table_says(
    cast: Cast, stage: Stage, members: dict[str, Member | None], address: Address
) -> None:
    row, wrong = TABLE[address.name], {}
    for person in PEOPLE:
        member = members[person]
        for method in methods_of(row):
            if row.sends and method != "get" and refusal(row, person, member) is None:
                continue
            with transaction.atomic():
                answer = ask(stage, address, method, user_of(cast, members, person))
                transaction.set_rollback(True)
            if answer.status_code not in (right := expected(row, method, person, member)):
                wrong[f"{method} {person}"] = (answer.status_code, right)
            elif person == "anonymous" and right == {302} and row.needs is not Audience.ANYBODY:
                assert answer["Location"].startswith("/accounts/login/?next=/")
    assert wrong == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", SENDING, **by_name)
def test_those_who_may_reach_a_gateway(
    cast: Cast, stage: Stage, members: dict[str, Member | None], address: Address
) -> None:
    row, found = TABLE[address.name], {}
    method = methods_of(row)[-1]
    may = [person for person in PEOPLE if refusal(row, person, members[person]) is None]
    assert may == ["owner", "admin", "publisher"]
    for person in may:
        Assistant.objects.update(state=State.LIVE)  # the first learns that it is not there
        found[person] = ask(stage, address, method, user_of(cast, members, person)).status_code
    assert found == dict.fromkeys(may, row.status(method, ""))

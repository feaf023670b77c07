"""What is asked first: who calls and how far they reach, and only then what they sent."""

from typing import Any

import pytest
from django.test import Client

from assistants.api.application import api as operations
from tests.api.calls import Api, by_account, by_role, make_account
from tests.api.test_access import ROLES, VERBS, where
from tests.conftest import Cast
from tests.pages.past import make_assistant

pytestmark = pytest.mark.django_db(transaction=True)
READS = [verb for verb in VERBS if verb[0] == "GET"]
WITH_BODY = [verb for verb in VERBS if verb[2] is not None]
HEADERS = ("Content-Type", "ETag", "Allow", "Cache-Control")


def test_each_operation_has_a_check() -> None:
    unchecked = [
        operation.view_func.__name__
        for _prefix, router in operations._routers
        for view in router.path_operations.values()
        for operation in view.operations
        if not operation.auth_callbacks
    ]
    assert unchecked == []


@pytest.mark.parametrize("sent", [b"{", b"[]", b'{"nothing": 1}', b""])
@pytest.mark.parametrize(("method", "path", "_body", "lowest"), WITH_BODY)
def test_a_role_that_does_not_suffice_learns_no_shape(
    cast: Cast, method: str, path: str, _body: Any, lowest: str, sent: bytes
) -> None:
    below = ROLES[ROLES.index(lowest) - 1]
    refused = by_role(cast, below)(method, path.format(**where(cast)), sent)
    assert refused.refusal == (403, "not_allowed", None)
    allowed = by_role(cast, lowest)(method, path.format(**where(cast)), sent)
    assert allowed.status in (400, 404, 422)


@pytest.mark.parametrize(("method", "path", "_body", "_lowest"), WITH_BODY)
def test_a_key_out_of_scope_learns_no_shape(
    cast: Cast, method: str, path: str, _body: Any, _lowest: str
) -> None:
    mine = make_assistant(cast.workspace)
    account = make_account(cast, "admin")
    api = by_account(cast, account, assistant_ids=[mine.remote_id])
    refused = api(method, path.format(**where(cast)), b'{"nothing": 1}')
    assert refused.refusal in ((404, "not_found", None), (403, "out_of_scope", None))
    reads = by_account(cast, account, can_write=False)
    refused = reads(method, path.format(**where(cast)), b'{"nothing": 1}')
    assert refused.refusal == (403, "read_only_key", None)


def head(api: Api, path: str) -> Any:
    headers = {"authorization": f"Bearer {api.secret}"}
    return Client().head(f"/api/w/main/{path}", headers=headers)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path", "_body", "_lowest"), READS)
def test_head_is_answered_as_get(
    cast: Cast, role: str, method: str, path: str, _body: Any, _lowest: str
) -> None:
    api, address = by_role(cast, role), path.format(**where(cast))
    read, asked = api(method, address), head(api, address)
    assert asked.status_code == read.status
    assert asked.content == b""
    for name in HEADERS:
        assert asked.headers.get(name) == read.headers.get(name)


def test_head_is_offered_where_get_is(cast: Cast) -> None:
    api, ids = by_role(cast, "admin"), where(cast)
    assert api("PATCH", "members").headers["Allow"] == "GET, HEAD"
    assert api("PATCH", f"assistants/{ids['pk']}").headers["Allow"] == "DELETE, GET, HEAD"
    refused = head(api, f"keys/{ids['key']}/revoke")
    assert (refused.status_code, refused["Allow"]) == (405, "POST")

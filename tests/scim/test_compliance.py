"""The checks of scim2-tester against a server on loopback.

It fills users with any text; ours are named by addresses of the directory.
"""

from typing import Any
from uuid import uuid4

import pytest
import scim2_tester
from httpx2 import Client
from pytest_django.live_server_helper import LiveServer
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import filling

from admin_ui.accounts.scim import described
from tests.scim.calls import Scim

pytestmark = pytest.mark.django_db(transaction=True)
NOT_OFFERED = {
    # Every account is active or not, so there is nothing to remove.
    (
        "check_remove_attribute",
        "Failed to remove attribute 'active': active must be true or false.",
    ),
    # POST to /.search is optional, and neither Entra ID nor Okta use it.
    ("search_with_attributes", "There is nothing with this ID in your directory."),
}


def test_the_endpoint_complies(
    scim: Scim, live_server: LiveServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_URL = live_server.url
    settings.API_READS_PER_MINUTE = 0
    examples = filling.get_random_example_value

    def example(path: Any) -> Any:
        is_name = str(path).endswith("userName")
        return f"{uuid4().hex}@example.org" if is_name else examples(path)

    monkeypatch.setattr(filling, "get_random_example_value", example)
    address = f"{live_server.url}{described.ROOT}"
    headers = {"Authorization": f"Bearer {scim.token}"}
    with Client(base_url=address, headers=headers, trust_env=False) as http:
        client = SyncSCIMClient(http)
        client.discover()
        results = scim2_tester.check_server(client)
    failed = {
        (result.title, result.reason)
        for result in results
        if result.status.name not in ("SUCCESS", "SKIPPED", "ACCEPTABLE")
    }
    assert failed <= NOT_OFFERED
    assert len(results) > 40

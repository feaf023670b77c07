"""What `make bench ARGS=--scale` copies must work as what was seeded, or measuring it is no use."""

import json
from collections.abc import Mapping
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from admin_ui.accounts.models import User, Workspace
from assistants.models import Assistant, Revision
from assistants.selectors import assistants_page, connection_names
from assistants.selectors.history import history_of
from assistants.services.connections.client import gateway_for, registry_of
from assistants.services.setup.first_start import create_workspace_with_registry
from bench.data import SLUG
from bench.scale import enlarge

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enlarged(db: None) -> Workspace:
    with connection.cursor() as cursor:  # no model has these, so other tests leave rows in them
        for table in ("assistants_words", "assistants_changed_words"):
            cursor.execute(f"DELETE FROM {table}")
    workspace = create_workspace_with_registry(slug=SLUG)
    options = {"workspace": SLUG, "assistants": 4, "revisions": 20}
    call_command("seed_demo", **options, stdout=StringIO())
    assert "12 assistants" in enlarge(times=3, short=20, long=50)
    return workspace


def found(workspace: Workspace, params: Mapping[str, str]) -> int:
    page = assistants_page(
        workspace=workspace,
        user=User(),
        params=params,
        connections=connection_names(workspace),
    )
    return len(page.rows)


def test_the_registry_holds_the_copies(enlarged: Workspace) -> None:
    registry = registry_of(enlarged)
    assert registry is not None
    remote = {item.id: item for item in gateway_for(registry).list_all()}
    assert len(remote) == 12
    for assistant in Assistant.objects.select_related("live"):
        assert assistant.live is not None
        assert remote[assistant.remote_id or ""].definition == assistant.live.definition
    out = StringIO()
    call_command("sync", SLUG, stdout=out)
    assert json.loads(out.getvalue())["changed"] == 0


def test_lists_and_the_search_find_the_copies(enlarged: Workspace) -> None:
    assert found(enlarged, {}) == 12
    assert found(enlarged, {"q": "QX000003"}) == 3
    for assistant in Assistant.objects.all():
        assert history_of(assistant, {}).rows[0].is_live


def test_two_histories_are_longer(enlarged: Workspace) -> None:
    first, _, third = Assistant.objects.order_by("remote_id")[:3]
    for assistant, least in ((first, 50), (third, 20)):
        assert assistant.last_number >= least
        numbers = Revision.objects.filter(assistant=assistant).order_by("number")
        assert list(numbers.values_list("number", flat=True)) == list(
            range(1, assistant.last_number + 1)
        )


def test_new_rows_get_keys_behind_the_copies(enlarged: Workspace) -> None:
    options = {"workspace": SLUG, "assistants": 14, "revisions": 20}
    call_command("seed_demo", **options, stdout=StringIO())
    assert Assistant.objects.count() == 14

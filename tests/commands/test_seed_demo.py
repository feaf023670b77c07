"""Made-up data must be what the services would have written, or measuring it means nothing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from admin_ui.accounts.models import Workspace
from assistants.models import Assistant, Draft, Outcome, Revision
from assistants.services.connections.client import gateway_for, registry_of

pytestmark = pytest.mark.django_db(transaction=True)


def seed(**options: object) -> dict[str, int]:
    out = StringIO()
    call_command("seed_demo", workspace="main", stdout=out, **options)
    added: dict[str, int] = json.loads(out.getvalue())
    return added


@pytest.fixture
def seeded(workspace: Workspace) -> Workspace:
    assert seed(assistants=12, revisions=100) == {"assistants": 12, "revisions": 100}
    return workspace


def test_the_history_holds(seeded: Workspace) -> None:
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert json.loads(out.getvalue()) == {"assistants": 12, "roots": 0, "erased": 0, "problems": []}
    assert Outcome.objects.filter(status=Outcome.Status.APPLIED).count() == 100
    moments = list(Revision.objects.order_by("pk").values_list("created_at", flat=True))
    assert moments == sorted(moments)


def test_each_revision_changes_what_its_summary_says(seeded: Workspace) -> None:
    for revision in Revision.objects.exclude(base=None).select_related("base"):
        assert revision.base is not None
        old, new = revision.base.definition, revision.definition
        changed = [field for field in new.fields() if new.value(field) != old.value(field)]
        assert changed == [change["field"] for change in revision.changes]


def test_the_registry_holds_what_is_live(seeded: Workspace) -> None:
    registry = registry_of(seeded)
    assert registry is not None
    remote = {item.id: item for item in gateway_for(registry).list_all()}
    for assistant in Assistant.objects.select_related("live"):
        assert assistant.live is not None
        assert remote[assistant.remote_id or ""].definition == assistant.live.definition
    out = StringIO()
    call_command("sync", "main", stdout=out)
    assert json.loads(out.getvalue())["changed"] == 0
    assert Revision.objects.count() == 100


def test_repeating_adds_nothing_and_more_adds_the_rest(seeded: Workspace) -> None:
    assert seed(assistants=12, revisions=100) == {"assistants": 0, "revisions": 0}
    assert seed(assistants=15, revisions=30) == {"assistants": 3, "revisions": 30}
    assert not Draft.objects.exists()


@pytest.mark.slow
def test_big(workspace: Workspace) -> None:
    seed(assistants=5, revisions=200, big=True)
    long_history, long_text = Assistant.objects.order_by("remote_id")[:2]
    assert long_history.live_version == 20
    for revision in long_history.revisions.all():
        assert len(revision.definition.value("instructions")) == 10_000
    assert long_text.live_version == 4
    for revision in long_text.revisions.all():
        assert 249_000 < len(revision.definition.value("instructions")) <= 250_000
        assert len(revision.definition.value("tools")) >= 5


def test_a_workspace_that_is_not_there(db: None) -> None:
    with pytest.raises(CommandError, match="make it with create_workspace"):
        call_command("seed_demo", workspace="nowhere")

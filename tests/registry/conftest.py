import pytest
from pytest_django import Settings

from admin_ui.accounts.models import Workspace
from tests.factories import make_api_key, make_workspace
from tests.registry import calls

TOLD: list[int] = []


def record_told(*, workspace_id: int) -> None:
    """Stands in for the service that fetches the journal."""
    TOLD.append(workspace_id)


@pytest.fixture(autouse=True)
def told(settings: Settings) -> list[int]:
    """The workspaces the dashboard was told of, one entry a write by key."""
    settings.REGISTRY_ON_WRITE = "tests.registry.conftest.record_told"
    TOLD.clear()
    return TOLD


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace("support")


@pytest.fixture
def by_key(workspace: Workspace) -> calls.Registry:
    """An application with a key that may write."""
    return calls.by_key(make_api_key(workspace)[1])


@pytest.fixture
def in_process(workspace: Workspace) -> calls.Registry:
    """The dashboard."""
    return calls.in_process(workspace.pk)


@pytest.fixture(params=["by_key", "in_process"])
def registry(
    request: pytest.FixtureRequest, by_key: calls.Registry, in_process: calls.Registry
) -> calls.Registry:
    """Both in turn: they get the same answers."""
    return by_key if request.param == "by_key" else in_process

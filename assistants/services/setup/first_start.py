"""Setting up at a start: workspace `main`, its registry, and the environment's connection."""

from admin_ui.accounts.models import User, Workspace
from admin_ui.accounts.services import save_workspace as create_empty_workspace
from assistants.gateway import Endpoint
from assistants.models import Connection
from assistants.services.connections.client import REGISTRY, registry_of
from assistants.services.connections.endpoints import endpoint_of, kept_of
from assistants.services.connections.environment import (
    ENVIRONMENT,
    environment_endpoint,
    environment_problems,
    is_described,
)
from assistants.services.connections.saving import write_connection
from assistants.services.errors import Invalid
from assistants.services.setup.samples import add_samples

MAIN = "main"


def bootstrap() -> None:
    """Set up a fresh installation; later, only update the environment's connection. Idempotent.

    Raises `Invalid` if the environment describes a connection that cannot work.
    """
    fresh = not Workspace.objects.exists()
    if fresh:
        create_workspace_with_registry(slug=MAIN, name="Main")
    workspace = Workspace.objects.filter(slug=MAIN).first()
    if workspace is None:
        return
    if fresh or not User.objects.exists():
        add_samples(workspace)
    if is_described():
        connect_environment(workspace)


def create_workspace_with_registry(*, slug: str, name: str = "") -> Workspace:
    """Return workspace `slug`, created with a connection to the built-in registry if it is new."""
    workspace = create_empty_workspace(slug=slug, name=name)
    give_registry(workspace)
    return workspace


def give_registry(workspace: Workspace) -> None:
    """Connect a workspace to the built-in registry, as its default, unless it is."""
    if registry_of(workspace) is None:
        write_connection(
            Connection(workspace=workspace),
            name="Built-in registry",
            endpoint=Endpoint(profile=REGISTRY, base_url="", credentials={}, options={}),
            is_default=True,
        )


def connect_environment(workspace: Workspace) -> Connection:
    """Create or update the connection that the `GATEWAY_*` settings describe, as the default.

    Raises `Invalid` if it cannot work.
    """
    endpoint = environment_endpoint()
    if found := environment_problems(endpoint):
        raise Invalid(found)
    row = Connection.objects.filter(workspace=workspace, from_environment=True).first()
    row = row or Connection(workspace=workspace, from_environment=True)
    is_there = row.pk and row.is_default and not row.archived_at and kept_of(row) is not None
    if is_there and endpoint_of(row) == endpoint:
        return row  # as it is: nothing to write at each start
    row.archived_at = None
    return write_connection(row, name=ENVIRONMENT, endpoint=endpoint, is_default=True)

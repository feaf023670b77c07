"""What every part needs: a migrated database, a workspace, people, two places to write to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from unittest.mock import patch

from django.core.management import call_command
from django.test import Client, override_settings

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.services import save_account
from assistants.gateway import Endpoint
from assistants.models import Connection
from assistants.services.connections.client import registry_of
from assistants.services.connections.saving import write_connection
from assistants.services.setup.first_start import create_workspace_with_registry
from bench.data import SLUG
from bench.report import table, verdict
from tests import upstream
from tests.crash.paths import Place

LEASE = 0.05
"""Seconds. Only this process writes, so nobody else's slot runs out under them."""


@contextmanager
def places(lease: float = LEASE) -> Iterator[list[Place]]:
    """Prepare the database; yield a gateway that listens on the loopback, and the registry."""
    call_command("migrate", verbosity=0)
    workspace = create_workspace_with_registry(slug=SLUG, name="Bench")
    author = member(workspace, "Ada", Role.ADMIN)
    registry = registry_of(workspace)
    assert registry is not None
    remote, server = upstream.start()
    connection = write_connection(
        Connection(workspace=workspace),
        name="Production",
        endpoint=Endpoint("openai", remote.url, {"api_key": "sk-secret"}, {}),
        is_default=True,
    )
    short = override_settings(
        PUBLISH_LEASE_SECONDS=lease, GATEWAY_READ_TIMEOUT=5.0, GATEWAY_PUBLISH_DEADLINE=15.0
    )
    # A killed process hangs up in the middle of a request, which is no news here.
    quiet = patch.object(ThreadingHTTPServer, "handle_error", lambda *_: None)
    with short, quiet:
        yield [Place(author, connection, remote), Place(author, registry)]
    server.shutdown()
    server.server_close()


def member(workspace: Workspace, name: str, role: str) -> Member:
    user, _ = save_account(email=f"{name.lower().replace(' ', '.')}@example.org", name=name)
    return Member.objects.create(workspace=workspace, user=user, role=role)


def cookies_of(someone: Member) -> dict[str, str]:
    """Sign somebody in; returns the cookies of their browser."""
    client = Client()
    client.force_login(someone.user)
    return {name: morsel.value for name, morsel in client.cookies.items()}


@dataclass
class Report:
    """The table of one part, and what was lost."""

    headings: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    def row(self, *cells: object, losses: list[str]) -> None:
        self.losses += losses
        self.rows.append((*map(str, cells), str(len(losses)), verdict(not losses)))

    def shown(self) -> bool:
        """Print it; returns whether nothing was lost."""
        print(f"\n{table((*self.headings, 'losses', ''), self.rows)}", flush=True)
        for loss in self.losses[:50]:
            print(f"LOST: {loss}", flush=True)
        return not self.losses

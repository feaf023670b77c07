"""Fixtures that every part of the tests shares: the cast, a workspace, a remote that misbehaves."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.test import Client

from admin_ui.accounts.guard import costly
from admin_ui.accounts.guard.active_days import ACTIVE_DAYS
from admin_ui.accounts.guard.open_sessions import SESSION_USES
from admin_ui.accounts.keys.key_use import KEY_USES
from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.scim import endpoint as scim
from admin_ui.accounts.signing_in.mailing import wait_until_sent
from assistants.api import budgets as api_budgets
from assistants.gateway import Endpoint
from assistants.gateway.signing_in.tokens import TOKENS
from assistants.models import Connection
from assistants.registry import budgets
from assistants.services.connections.saving import write_connection
from assistants.services.setup.first_start import create_workspace_with_registry
from tests import factories, upstream
from tests.emptying import empty_quickly
from tests.faults.report import pytest_runtest_logreport, pytest_terminal_summary  # noqa: F401

pytest_plugins = ["tests.chosen", "tests.migrated"]


def pytest_configure() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage only in what comes from here on: modules and tests stay to the end."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _quick_ends() -> None:
    """Let transactional tests empty the append-only tables too, and quickly.

    Django's own permissions, which the product does not use, are not made.
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    empty_quickly()


@pytest.fixture(autouse=True)
def _nobody_has_spent_anything() -> Iterator[None]:
    """Budgets and caches are kept by process: each test begins with full and with empty ones."""
    yield
    cache.clear()
    TOKENS.clear()
    for notes in (KEY_USES, ACTIVE_DAYS, SESSION_USES):
        notes.finish()
        notes.clear()
    for budget in (
        costly.COSTLY_SECONDS,
        budgets.READS,
        budgets.WRITES,
        budgets.WORK,
        budgets.WRONG_KEYS,
        api_budgets.CALLER_READS,
        api_budgets.CALLER_WRITES,
        api_budgets.CALLER_WORK,
        api_budgets.STRANGERS,
        scim.DIRECTORY_CALLS,
        scim.WRONG_TOKENS,
    ):
        budget.clear()


@pytest.fixture(autouse=True)
def _no_mail_is_late(request: pytest.FixtureRequest) -> Iterator[None]:
    """Mails are sent in a thread: none may arrive in the outbox of the next test.

    The thread of a test in one transaction has to wait for the end of it, and sends nothing.
    """
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or bool(
        marker is not None and marker.kwargs.get("transaction")
    )
    if commits:  # what an earlier test began in one transaction
        wait_until_sent(5.0)
        mail.outbox.clear()
    yield
    assert not commits or wait_until_sent(20.0)


@dataclass(frozen=True)
class Cast:
    """One member of each role in one workspace, and a stranger who is a member elsewhere."""

    workspace: Workspace
    viewer: Member
    editor: Member
    publisher: Member
    admin: Member
    stranger: Member

    def client(self, who: str) -> Client:
        """Return a browser in which `who` (a role, "stranger" or "anonymous") is signed in."""
        client = Client()
        if who != "anonymous":
            client.force_login(getattr(self, who).user)
        return client


@pytest.fixture
def workspace(db: None) -> Workspace:
    return create_workspace_with_registry(slug="main", name="Main")


@pytest.fixture
def cast(workspace: Workspace) -> Cast:
    elsewhere = factories.make_workspace("elsewhere")

    def member(name: str, role: str, place: Workspace = workspace) -> Member:
        user = factories.make_user(f"{name.lower()}@example.com", name=name)
        return factories.make_member(place, role, user=user)

    return Cast(
        workspace=workspace,
        viewer=member("Vera", Role.VIEWER),
        editor=member("Emil", Role.EDITOR),
        publisher=member("Pia", Role.PUBLISHER),
        admin=member("Ada", Role.ADMIN),
        stranger=member("Sam", Role.ADMIN, elsewhere),
    )


@pytest.fixture
def remote(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[upstream.Upstream]:
    """A loopback server that speaks the Assistants API and fails on command."""
    monkeypatch.setattr(
        "assistants.services.syncing.lease.SECONDS_A_STEP", 60.0
    )  # a step ends by what it does
    settings.GATEWAY_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.GATEWAY_CONNECT_TIMEOUT = 1.0
    settings.GATEWAY_READ_TIMEOUT = 4.0
    settings.GATEWAY_PUBLISH_DEADLINE = 12.0
    state, server = upstream.start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def nobody_has_looked() -> None:
    """Let the next page of each assistant ask its gateway."""
    cache.clear()


@pytest.fixture
def connection_to(workspace: Workspace, remote: upstream.Upstream) -> Connection:
    """The workspace's connection to `remote`, as its default."""
    return write_connection(
        Connection(workspace=workspace),
        name="Production",
        endpoint=Endpoint(
            profile="openai",
            base_url=remote.url,
            credentials={"api_key": "sk-secret"},
            options={},
        ),
        is_default=True,
    )

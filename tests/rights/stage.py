"""A workspace that has one of each thing that an address can name."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.models import Directory, Invitation, Member, Stash, User, Workspace
from admin_ui.accounts.permissions import SYSTEM, Role
from assistants.gateway.webhooks.signing import new_secret
from assistants.models import (
    Assistant,
    AssistantTemplate,
    Connection,
    Draft,
    DraftState,
    FreezeWindow,
    MetadataKey,
    StateReason,
    Webhook,
    WebhookDelivery,
)
from assistants.models.begun import refer
from assistants.services.change_requests.submitting import submit
from assistants.services.change_requests.talking import begin_thread
from assistants.services.connections.client import registry_of
from assistants.services.ledger.reading import live_definition
from assistants.services.webhooks.sealed import Sealed
from tests import factories
from tests.pages.past import change, make_assistant
from tests.rights.addresses import Address
from tests.rights.table import Row

STORE = "vs_1"


@dataclass
class Stage:
    """One of each thing. `colleague` is an editor with a draft, `target` a viewer to act upon."""

    workspace: Workspace
    assistant: Assistant
    connection: Connection
    template: AssistantTemplate
    metadata_key: MetadataKey
    delivery: WebhookDelivery
    colleague: Member
    target: Member
    service: Member
    invitation: int
    freeze: int
    key: int
    thread: int
    domain: int
    directory: int

    def values(self, address: Address, user: User | None) -> dict[str, Any]:
        """Return what stands in the place of the arguments of `address`, asked for by `user`."""
        return {
            "ws": self.workspace.slug,
            "pk": self._pk(address.route),
            "state": self._state(user) if "state" in address.arguments else 0,
            "user": self.colleague.user_id,
            "revision": 1,
            "number": 1,
            "delivery": self.delivery.pk,
            "a": "1",
            "b": "live",
            "token": "no-token",
            "digest": "000000000000",
            "uidb36": "1",
            "key": "no-key",
            "assistant_id": self.assistant.remote_id,
            "name": "gpt-5",
            "provider_id": "nobody",
        }

    def _pk(self, route: str) -> int:
        things = {
            "/threads/": self.thread,
            "/assistants/": self.assistant.pk,
            "/connections/": self.connection.pk,
            "/templates/": self.template.pk,
            "/metadata/": self.metadata_key.pk,
            "/freezes/": self.freeze,
            "/webhooks/": self.delivery.webhook_id,
            "/team/invitations/": self.invitation,
            "/team/": self.target.pk,
            "/keys/": self.key,
            "/service-accounts/": self.service.pk,
            "people/workspaces/": self.workspace.pk,
            "people/domains/": self.domain,
            "people/directories/": self.directory,
            "people/": self.target.user_id,
            "accounts/invitations/": self.invitation,
        }
        return next((pk for part, pk in things.items() if part in route), 0)

    def _state(self, user: User | None) -> int:
        """Return an earlier state of a draft of `user`."""
        owner = user or self.colleague.user
        state = DraftState(
            assistant=self.assistant,
            user=owner,
            size=2,
            reason=StateReason.PAUSE,
            by_name="Emil",
            kept_until=timezone.now() + timezone.timedelta(days=1),
        )
        state.hold(refer(live_definition(self.assistant)))
        state.save()
        return state.pk


def furnish(workspace: Workspace, remote: Connection | None = None) -> Stage:
    """Put one of each thing into `workspace`."""
    assistant = change(make_assistant(workspace), name="Changed")
    definition = live_definition(assistant)
    colleague = factories.make_member(workspace, Role.EDITOR)
    draft = Draft(assistant=assistant, user=colleague.user, base=assistant.live)
    draft.hold(refer(definition.replace(description="Another")))
    draft.save()
    asked = submit(
        author=colleague,
        assistant=assistant,
        seen=draft.known_digest,
        title="Look at this",
    )
    said = begin_thread(author=colleague, request=asked, of=asked.rounds.get(), text="Why?")
    found = remote or registry_of(workspace)
    assert found
    invited = invite(actor=SYSTEM, workspace=workspace, email="new@example.com", role=Role.VIEWER)
    robot = factories.make_user(f"robot@{workspace.slug}.invalid", name="Robot")
    User.objects.filter(pk=robot.pk).update(is_service=True)
    key, _secret = create_api_key(workspace=workspace, name="App", can_write=True)
    return Stage(
        workspace=workspace,
        assistant=assistant,
        connection=found,
        template=AssistantTemplate.objects.create(
            workspace=workspace, name="Template", values={"model": "m"}, saved_by_name="Emil"
        ),
        metadata_key=MetadataKey.objects.create(workspace=workspace, name="team"),
        delivery=make_delivery(workspace),
        colleague=colleague,
        target=factories.make_member(workspace, Role.VIEWER),
        service=factories.make_member(workspace, Role.VIEWER, user=robot),
        invitation=invited.invitation.pk,
        freeze=make_freeze(workspace, colleague.user).pk,
        key=key.pk,
        thread=said.thread_id,
        directory=make_directory(workspace.slug).pk,
        domain=workspace.allowed_domains.create(domain="example.com").pk,
    )


def make_freeze(workspace: Workspace, user: User) -> FreezeWindow:
    """Return a window that is far off, so that people can publish now."""
    far = timezone.now() + timezone.timedelta(days=300)
    return FreezeWindow.objects.create(
        workspace=workspace,
        starts_at=far,
        ends_at=far + timezone.timedelta(days=1),
        zone="UTC",
        reason="Holidays",
        user=user,
        user_name="Emil",
    )


def make_directory(name: str) -> Directory:
    return Directory.objects.create(name=name, domains="example.org", digest=name)


def make_delivery(workspace: Workspace) -> WebhookDelivery:
    """Put a message into the log of a webhook whose address is private, so that nothing is sent."""
    sealed = Sealed("https://10.0.0.1/", new_secret()).seal()
    webhook = Webhook.objects.create(
        workspace=workspace, name="Deploys", format="standard", host="10.0.0.1", sealed=sealed
    )
    return WebhookDelivery.objects.create(
        webhook=webhook, message_id=f"msg_{workspace.slug}", kind="test", body={}, state="failed"
    )


FAR = 7_000_000


def begin_far_ids() -> None:
    """Let the keys of all further rows be large, so that they are nothing else on a page."""
    with connection.cursor() as cursor:
        for model in (User, Member, Assistant, Connection, AssistantTemplate, Stash, Invitation):
            table = model._meta.db_table
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, FAR])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, FAR])


def send(client: Client, row: Row, method: str, path: str) -> Any:
    """Ask for `path` with what the row sends."""
    if row.body is None or method == "get":
        return getattr(client, method)(path)
    return getattr(client, method)(path, json.dumps(row.body), content_type="application/json")


def browser_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client

"""The main pages, with a team and assistants in each state to show on them.

What people typed is Greek here, so that every Latin letter on a page is the product's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.models import Invitation, Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.signing_in.links import password_link
from assistants.models import Assistant, Connection
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from tests import factories
from tests.conftest import Cast
from tests.services.conftest import Make, fresh
from tests.services.undelivered import in_doubt, tried
from tests.upstream import Upstream, refused

NAMES = {
    "viewer": "Βέρα",
    "editor": "Αιμίλιος",
    "publisher": "Πία",
    "admin": "Άντα",
    "stranger": "Σαμ",
}
FIELDS: dict[str, Any] = {
    "name": "Υποστήριξη",
    "description": "Απαντά σε πελάτες.",
    "model": "gpt-4o",
    "instructions": "Να είσαι ευγενικός.\nΝα είσαι σύντομος.\nΜε λόγια απλά.",
    "metadata": {"ομάδα": "υποστήριξη"},
    "temperature": 0.5,
    "response_format": {"type": "json_object"},
    "tools": [
        {"type": "code_interpreter"},
        {"type": "file_search", "file_search": {"max_num_results": 5}},
        {
            "type": "function",
            "function": {"name": "f_1", "parameters": {"type": "object", "properties": {}}},
        },
    ],
}


@dataclass(frozen=True)
class Walk:
    """Who looks at which pages, in this order."""

    cast: Cast
    rich: Assistant
    clash: Assistant
    gone: Assistant
    doubtful: Assistant
    refused: Assistant
    connection: Connection
    key: int
    invitation: str

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield who looks and where, each page once."""
        yield from (("viewer", path) for path in self.reading())
        yield from (("publisher", path) for path in self.writing())
        yield from (("admin", path) for path in self.managing())
        yield from (("anonymous", path) for path in self.outside())
        yield "viewer", self.invitation
        yield "viewer", self.about(self.rich, "delete/")
        yield "viewer", "/accounts/password/change/"
        yield "viewer", "/accounts/logout/"
        yield "stranger", "/"
        yield "stranger", "/w/elsewhere/"
        yield "stranger", "/w/elsewhere/assistants/"
        yield "stranger", "/w/elsewhere/changes/"
        yield "stranger", "/w/elsewhere/connections/"
        yield "stranger", "/w/main/"

    def keys(self) -> dict[str, object]:
        """What stands in addresses for each row, by its name here."""
        rows = ("rich", "clash", "gone", "doubtful", "refused", "connection")
        of_team = {"editor": self.cast.editor.pk, "emil": self.cast.editor.user_id, "key": self.key}
        return {name: getattr(self, name).pk for name in rows} | of_team

    def about(self, assistant: Assistant, page: str) -> str:
        return f"/w/main/assistants/{assistant.pk}/{page}"

    def reading(self) -> Iterator[str]:
        yield from ("/w/main/", "/w/main/assistants/", "/w/main/changes/", "/w/main/team/")
        yield from ("/w/main/assistants/?q=Υποστήριξη", "/w/main/assistants/?q=Ωμέγα")
        yield "/w/main/assistants/?q=.&status=draft"
        yield from (self.about(self.rich, page) for page in ("", "?q=απλά", "code/", "history/"))
        yield from (self.about(self.rich, page) for page in ("history/1/", "history/3/"))
        yield from (self.about(self.rich, f"compare/{pair}/") for pair in ("1..3", "3..live"))
        yield self.about(self.rich, "compare/1..3/?view=sides")
        yield self.about(self.rich, "compare/")
        yield self.about(self.rich, f"compare/1..{self.rich.pk}@3/")
        yield from (self.about(self.gone, page) for page in ("history/", "history/2/"))
        yield from (self.about(self.doubtful, page) for page in ("", "history/", "history/2/"))
        yield from (self.about(self.refused, page) for page in ("", "history/", "history/2/"))

    def writing(self) -> Iterator[str]:
        yield from ("/w/main/", "/w/main/assistants/new/", "/w/main/samples/remove/")
        yield from (self.about(self.rich, page) for page in ("edit/", "review/", "discard/"))
        yield from (
            self.about(self.rich, page) for page in ("restore/1/", "restore/1/parts/", "delete/")
        )
        yield from (self.about(self.clash, page) for page in ("edit/", "review/"))
        yield from (self.about(self.gone, page) for page in ("edit/", "recreate/"))
        yield from (self.about(self.doubtful, page) for page in ("edit/", "review/"))
        yield self.about(self.doubtful, "history/2/send-again/")
        yield from (self.about(self.refused, page) for page in ("edit/", "review/"))

    def managing(self) -> Iterator[str]:
        connections = "/w/main/connections/"
        yield from (connections, f"{connections}new/")
        for profile in ("portkey", "portkey-oss", "azure", "openai", "airs"):
            yield f"{connections}new/?profile={profile}"
        for page in ("edit", "remove", "bring-in"):
            yield f"{connections}{self.connection.pk}/{page}/"
        yield from (
            "/w/main/team/",
            "/w/main/team/invite/",
            "/w/main/keys/",
            f"/w/main/keys/{self.key}/revoke/",
        )
        yield f"/w/main/team/{self.cast.editor.pk}/remove/"
        yield from ("/people/", "/people/background/")
        yield f"/people/{self.cast.editor.user_id}/deactivate/"

    def outside(self) -> Iterator[str]:
        yield from ("/accounts/login/", "/accounts/signup/", "/accounts/inactive/")
        yield from ("/accounts/password/reset/", "/accounts/password/reset/done/")
        yield urlsplit(password_link(self.cast.viewer.user)).path
        yield "/accounts/password/reset/key/1-no/"
        yield from (self.invitation, "/accounts/invitation/no/", "/setup/no/", "/nowhere/")


def prepare(cast: Cast, connection: Connection, remote: Upstream, published: Make) -> Walk:
    """Let the team work for a while, and return the pages that show what came of it."""
    for who, name in NAMES.items():
        member = getattr(cast, who)
        member.user.name = name
        member.user.set_password("seven green bottles")
        member.user.save()
    cast.workspace.name = "Κύριος χώρος"
    cast.workspace.save()
    cast.stranger.workspace.name = "Αλλού"
    cast.stranger.workspace.save()
    User.objects.filter(pk=cast.admin.user_id).update(is_owner=True)
    cast.admin.user.refresh_from_db()
    connection.name = "Πύλη"
    connection.save()
    registry = registry_of(cast.workspace)
    assert registry
    registry.name = "Μητρώο"
    registry.save()

    rich = published(registry, **FIELDS)
    live_by(cast.publisher, rich, instructions="Να είσαι ευγενικός.\nΜε λόγια.", tools=[])
    rich = live_by(cast.admin, rich, **{**FIELDS, "temperature": 1.5, "top_p": 0.5})
    draft_of(cast, rich, name="Βοήθεια", instructions="Να είσαι σύντομος.", model="gpt-5.2")
    clash = published(registry, **{**FIELDS, "name": "Σύγκρουση"})
    draft_of(cast, clash, instructions="Πρώτα.", temperature=1)
    clash = live_by(cast.admin, clash, instructions="Μετά.", temperature=0)
    gone = published(registry, **{**FIELDS, "name": "Παλιός"})
    delete_assistant(author=cast.publisher, assistant=gone, note="Τέλος")
    doubtful = published(connection, **{**FIELDS, "name": "Αμφιβολία"})
    in_doubt(cast, doubtful, instructions="Ίσως.")
    denied = published(connection, **{**FIELDS, "name": "Άρνηση"})
    tried(cast, denied, remote, refused("Όχι.", param="model"), model="gpt-5.2")

    key, _secret = factories.make_api_key(cast.workspace, name="Συνομιλία")
    key.created_by = cast.editor.user
    key.save()
    sent = invite(
        actor=cast.admin,
        workspace=cast.workspace,
        email="nea@example.com",
        role=Role.EDITOR,
        shows_link=True,
    )
    assert Invitation.objects.count() == 1
    return Walk(
        cast=cast,
        rich=fresh(rich),
        clash=fresh(clash),
        gone=fresh(gone),
        doubtful=fresh(doubtful),
        refused=fresh(denied),
        connection=connection,
        key=key.pk,
        invitation=urlsplit(str(sent.link)).path,
    )


def draft_of(cast: Cast, assistant: Assistant, **fields: object) -> None:
    wanted = live_definition(assistant).replace(**fields)
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)


def live_by(author: Member, assistant: Assistant, **fields: object) -> Assistant:
    """Return the assistant with these fields, published by `author`."""
    row = fresh(assistant)
    wanted = live_definition(row).replace(**fields)
    assert publish(author=author, assistant=row, wanted=wanted, base=row.live).status == "applied"
    return fresh(assistant)

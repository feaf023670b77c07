"""An assistant in whose past a text is that must not be kept, in every place that keeps texts."""

import contextlib
import zlib
from dataclasses import dataclass

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client

from admin_ui.accounts.guard import stash
from admin_ui.accounts.models import User
from admin_ui.encryption import Undecryptable, decrypt_bytes
from assistants.models import Assistant, Connection, RevisionName, ShownDraft, StateReason
from assistants.models.begun import refer
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import save_draft
from assistants.services.editing.states import keep_state
from assistants.services.editing.templates import save_template
from assistants.services.history.line_origins import trace_lines
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from assistants.unwanted import Unwanted
from tests.conftest import Cast
from tests.factories import make_user
from tests.services import conftest
from tests.services.conftest import Make, fresh

LINES = "\n".join(f"Line {number} of the instructions, kept as it is." for number in range(60))
SECRETS = ("sk-leaked-7f3a9b2c41", 'pass"wörd\n数据 \\ 🔑')


@dataclass
class Past:
    """The assistant with such a past; `secret` is live no more."""

    cast: Cast
    owner: User
    assistant: Assistant
    secret: str

    def client(self) -> Client:
        """Return a browser in which the owner is signed in, as an admin of the workspace too."""
        client = Client()
        client.force_login(self.owner)
        return client


@pytest.fixture
def registry(cast: Cast) -> Connection:
    found = registry_of(cast.workspace)
    assert found
    return found


published = conftest.published


@pytest.fixture
def secret() -> str:
    return SECRETS[0]


@pytest.fixture
def past(secret: str, cast: Cast, registry: Connection, published: Make) -> Past:
    long = f"{LINES}\nUse {secret} there.\nEnd."
    tool = {"type": "function", "function": {"name": "f", "description": f"Key: {secret}"}}
    row = published(registry, instructions=long, metadata={"key": secret}, tools=[tool])
    for note, fields in (
        (f"Still {secret}", {"instructions": long + "\nMore."}),
        ("Gone", {"instructions": LINES, "metadata": {"key": "x"}, "tools": []}),
    ):
        wanted = live_definition(row).replace(**fields)
        publish(author=cast.publisher, assistant=row, wanted=wanted, base=row.live, note=note)
        row = fresh(row)
    trace_lines(assistant=row, version=3, seconds=5)
    RevisionName.objects.create(
        revision=row.live,
        assistant=row,
        workspace=cast.workspace,
        name=f"With {secret}",
        user=cast.admin.user,
        user_name="Ada",
    )
    leaking = live_definition(row).replace(instructions=long, description=f"Has {secret}")
    save_template(author=cast.admin, name="T", description=secret, definition=leaking)
    draft = save_draft(author=cast.editor, assistant=row, definition=leaking, base=row.live)
    keep_state(draft, reason=StateReason.REPLACED, by=cast.editor.user, note=secret)
    shown = ShownDraft(assistant=row, user=cast.editor.user)
    shown.hold(refer(leaking, whole=0))
    shown.save()
    form = QueryDict(mutable=True)
    form.update({"tab": f"{cast.editor.user.pk}-1", "instructions": long.replace("\n", "\r\n")})
    assert stash.keep_form_at(cast.editor.user, "/w/main/assistants/1/edit/", form)
    owner = make_user("olga@example.com", name="Olga", is_owner=True)
    return Past(cast, owner, row, secret)


def tables_with(secret: str) -> list[str]:
    """Read every column of every table, also what is packed or encrypted, for a text."""
    unwanted, found = Unwanted(secret), []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [each[0] for each in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    if any(unwanted.is_in(text) for text in _readings(value)):
                        found.append(f"{table}.{name}")
    return sorted(set(found))


def _readings(value: object) -> list[str]:
    if not isinstance(value, bytes | memoryview):
        return [str(value)]
    data = bytes(value)
    found = [data]
    try:
        data = decrypt_bytes(data)
        found.append(data)
    except (Undecryptable, ValueError):
        pass
    with contextlib.suppress(zlib.error):
        found.append(zlib.decompress(data))
    return [each.decode(errors="replace") for each in found]

"""What the checks of permissions cost: looks into the table of roles, and limits on a member."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.test import Client

from admin_ui.accounts import permissions
from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Action, HasRole, Role
from assistants.models import Assistant
from assistants.services.rights.narrowing import Reach, narrow
from bench.pages import HERE, Visitor
from bench.report import Row, row
from bench.timing import Call, side_by_side

MOST_MICROSECONDS = 100
REACHED = 8
"""Assistants that the limited publisher may change."""


def checks(visitor: Visitor) -> Iterator[Row]:
    editor = f"assistants/{visitor.long_history.pk}/edit/"
    below = {"list": "assistants/", "team": "team/", "editor": editor}
    pages = {name: f"{HERE}/{address}" for name, address in below.items()}
    for name, address in pages.items():
        yield looks(visitor, name, address)
    free, limited = publishers(visitor.workspace, visitor.long_history)
    for name, address in pages.items():
        here, beside = side_by_side(page(limited, address), page(free, address), runs=visitor.runs)
        measure = f"{name}, limited publisher beside one without limits"
        yield row(measure, here, beside, most_ms=30, most_ratio=1.5)


def looks(visitor: Visitor, name: str, address: str) -> Row:
    """Measure the time that one page takes for all of its checks."""
    taken, count = [], 0
    for _ in range(visitor.runs):
        with watched() as spans:
            visitor.client.get(address)
        taken.append(sum(spans) * 1e6)
        count = len(spans)
    median = statistics.median(taken)
    return Row(
        f"{name}, permission checks of one request",
        f"{median:.0f} µs for {count}",
        goal=f"≤ {MOST_MICROSECONDS} µs",
        met=median <= MOST_MICROSECONDS,
    )


@contextmanager
def watched() -> Iterator[list[float]]:
    """Collect the seconds of each look into the table of roles, which every check takes."""
    spans: list[float] = []
    look = permissions.allowed_to

    def timed(member: HasRole) -> frozenset[Action]:
        start = time.perf_counter()
        try:
            return look(member)
        finally:
            spans.append(time.perf_counter() - start)

    permissions.allowed_to = timed
    try:
        yield spans
    finally:
        permissions.allowed_to = look


def publishers(workspace: Workspace, reached: Assistant) -> tuple[Client, Client]:
    """Sign two members in: a publisher, and one who may change the text of a few assistants."""
    members = Member.objects.filter(workspace=workspace).select_related("user", "workspace")
    admin, free, limited = members.order_by("pk")[:3]
    others = Assistant.objects.filter(workspace=workspace).exclude(pk=reached.pk)
    keys = others.order_by("pk").values_list("pk", flat=True)[: REACHED - 1]
    reach = Reach(frozenset([reached.pk, *keys]), ("description", "instructions"))
    admin.role, free.role, limited.role = Role.ADMIN, Role.PUBLISHER, Role.PUBLISHER
    Member.objects.bulk_update([admin, free, limited], ["role"])
    narrow(actor=admin, member=limited, reach=reach)
    clients = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    for client, member in zip(clients, (free, limited), strict=True):
        client.force_login(member.user)
    return clients


def page(client: Client, address: str) -> Call:
    return lambda: client.get(address)

"""What the command palette finds: assistants, pages and actions that a person may use."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, can
from assistants.selectors.addresses import WorkspacePages
from assistants.selectors.assistants import first_assistants
from assistants.selectors.shared.named import fits, versions_named

MOST_ASSISTANTS = 8


class PaletteEntry(NamedTuple):
    label: str
    url: str
    icon: str
    about: str = ""


class PaletteGroup(NamedTuple):
    title: str
    entries: list[PaletteEntry]


def palette_of(member: Member, typed: str) -> list[PaletteGroup]:
    """Return what fits the words that `member` typed, without empty groups.

    Where nothing was typed, the assistants are those that changed last. Texts of assistants are
    searched too, and at most `MOST_ASSISTANTS` shown; the last entry leads to all of them.
    """
    pages = WorkspacePages.of(member.workspace.slug)
    rows = first_assistants(member.workspace, typed, MOST_ASSISTANTS)
    found = [
        PaletteEntry(str(row), pages.assistant(row.pk).detail, "bot", row.model) for row in rows
    ]
    if typed:
        everything = f"{pages.list}?{urlencode({'q': typed})}"
        found.append(PaletteEntry(_("Search all assistants for this"), everything, "search"))
    groups = [
        PaletteGroup(_("Assistants"), found),
        PaletteGroup(_("Named versions"), list(_named_versions(member, typed))),
        PaletteGroup(_("Actions"), list(_fitting(_actions(member, pages), typed))),
        PaletteGroup(_("Pages"), list(_fitting(_pages(member, pages), typed))),
    ]
    return [group for group in groups if group.entries]


def _named_versions(member: Member, typed: str) -> Iterable[PaletteEntry]:
    """Yield the newest versions whose names fit; none if nothing was typed."""
    for found in versions_named(member.workspace, typed, most=MOST_ASSISTANTS):
        version = f"v{found.version} · " if found.version else ""
        yield PaletteEntry(found.name, found.url, "history", f"{version}{found.assistant}")


def _actions(member: Member, pages: WorkspacePages) -> Iterable[PaletteEntry]:
    team = reverse("accounts:team", args=[member.workspace.slug])
    if can(member, Action.CREATE):
        yield PaletteEntry(_("New assistant"), pages.new, "plus")
    if can(member, Action.BRING_IN):
        yield PaletteEntry(_("Bring in assistants"), pages.connections, "download")
    if can(member, Action.MANAGE_TEAM):
        yield PaletteEntry(_("Invite a person"), team, "user")
    if can(member, Action.MANAGE_CONNECTIONS):
        yield PaletteEntry(_("New connection"), pages.connection_new, "plug")
    if can(member, Action.MANAGE_KEYS):
        keys = reverse("accounts:keys", args=[member.workspace.slug])
        yield PaletteEntry(_("New API key"), keys, "key-round")
    yield PaletteEntry(_("Change password"), reverse("account_change_password"), "settings")


def _pages(member: Member, pages: WorkspacePages) -> Iterable[PaletteEntry]:
    yield PaletteEntry(_("Home"), pages.home, "house")
    yield PaletteEntry(_("All assistants"), pages.list, "bot")
    yield PaletteEntry(_("Changes"), pages.changes, "history")
    yield PaletteEntry(_("Connections"), pages.connections, "plug")
    yield PaletteEntry(_("Team"), reverse("accounts:team", args=[member.workspace.slug]), "users")
    if can(member, Action.MANAGE_WORKSPACE):
        webhooks = reverse("assistants:webhooks", args=[member.workspace.slug])
        yield PaletteEntry(_("Webhooks"), webhooks, "webhook")
    yield PaletteEntry(_("Help"), pages.help, "circle-question-mark")
    yield PaletteEntry(_("Your account"), reverse("own:account"), "settings")
    if member.has_others:
        yield PaletteEntry(_("Switch workspace"), reverse("home"), "square-stack")
    if member.user.is_owner:
        yield PaletteEntry(_("All people"), reverse("people:list"), "users")
        yield PaletteEntry(_("Background work"), reverse("people:background"), "activity")


def _fitting(entries: Iterable[PaletteEntry], typed: str) -> Iterable[PaletteEntry]:
    """Return the entries whose label fits what was typed."""
    return (entry for entry in entries if fits(entry.label, typed))

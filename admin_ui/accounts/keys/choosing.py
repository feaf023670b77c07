"""Choosing the assistants that a key may use. `assistants` finds and names them.

It registers its source when it starts, so the people side need not know what an assistant is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from admin_ui.accounts.models import ApiKey, Workspace

MOST_CHOSEN = 100
"""The most assistants that a key is limited to."""
MOST_CHOOSABLE = 20
"""Assistants that a search offers at once."""


@dataclass(frozen=True)
class Choosable:
    """An assistant that a key can be limited to."""

    id: str
    name: str
    is_chosen: bool = False


class AssistantSource(Protocol):
    """Finds the assistants of a workspace that keys can be limited to.

    Those of the registry, or those of every connection if `everywhere`.
    """

    def find(
        self, workspace: Workspace, text: str, most: int, *, everywhere: bool
    ) -> dict[str, str]:
        """Return the names of the first `most` assistants that `text` finds, by ID."""

    def name(self, workspace: Workspace, ids: Iterable[str], *, everywhere: bool) -> dict[str, str]:
        """Return the names of those of these assistants that exist, by ID."""


_sources: list[AssistantSource] = []


def register_source(source: AssistantSource) -> None:
    """Let keys be limited to the assistants of `source`."""
    _sources[:] = [source]


def choosable_assistants(
    workspace: Workspace, text: str, chosen: Iterable[str], *, everywhere: bool
) -> list[Choosable]:
    """Return the chosen assistants that exist, by name, then those that `text` finds."""
    names = chosen_names(workspace, chosen, everywhere=everywhere)
    ticked = [Choosable(key, name, is_chosen=True) for key, name in _by_name(names)]
    found = dict[str, str]()
    for source in _sources:
        found |= source.find(workspace, text, MOST_CHOOSABLE, everywhere=everywhere)
    return ticked + [Choosable(key, name) for key, name in found.items() if key not in names]


def chosen_names(workspace: Workspace, ids: Iterable[str], *, everywhere: bool) -> dict[str, str]:
    """Return the names of those of these assistants that exist, by ID; no query without IDs."""
    wanted, found = list(ids)[:MOST_CHOSEN], dict[str, str]()
    for source in _sources if wanted else ():
        found |= source.name(workspace, wanted, everywhere=everywhere)
    return found


def name_assistants(workspace: Workspace, keys: Iterable[ApiKey]) -> list[tuple[ApiKey, list[str]]]:
    """Return each key with the names of the assistants it is limited to; one query at most.

    The name of one that is gone is its ID.
    """
    rows = [(key, key.assistant_ids.split()) for key in keys]
    names = dict[str, str]()
    wanted = list(dict.fromkeys(one for _, ids in rows for one in ids))
    for start in range(0, len(wanted), MOST_CHOSEN):
        some = wanted[start : start + MOST_CHOSEN]
        names |= chosen_names(workspace, some, everywhere=True)
    return [(key, [names.get(one, one) for one in ids]) for key, ids in rows]


def _by_name(names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda entry: (entry[1].lower(), entry[0]))

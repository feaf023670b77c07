"""What a connection offers, as the editor shows it."""

from typing import Any

from django.conf import settings

from admin_ui.accounts.models import Workspace
from assistants.definition import Definition
from assistants.forms.offered.knowledge import POSTED, ShownKnowledge, ids_of, knowledge_of
from assistants.forms.offered.references import (
    advise_on_functions,
    advise_on_references,
    references_of,
)
from assistants.forms.posted.answers import Answers
from assistants.models import Connection
from assistants.selectors import models_of
from assistants.selectors.addresses import WorkspacePages
from assistants.selectors.offers import KnownOffers, offers_of

MOST_SUGGESTED_MODELS = 200


def model_names(connection: Connection, workspace: Workspace, offers: KnownOffers) -> list[str]:
    """Return the models to suggest, without calling a gateway: those in use in the workspace, and
    those that the connection listed last."""
    listed = settings.REGISTRY_MODELS if connection.is_in_process else offers.suggestions
    names = dict.fromkeys([*models_of(workspace), *listed])
    return sorted(list(names)[:MOST_SUGGESTED_MODELS])


def offers_for(answers: Answers, definition: Definition, connection: Connection) -> KnownOffers:
    """Return what is known of everything in a form that its connection may list."""
    return offers_of(connection, ids_of(answers, definition))


def advice_on_references(
    definition: Definition, connection: Connection, *known: Definition | None
) -> list[str]:
    """Return what a definition refers to and may not find: what the lists of its connection lack,
    and functions of the `known` definitions. One query; asks no gateway."""
    offers = offers_of(connection, references_of(definition))
    return [*advise_on_references(definition, offers), *advise_on_functions(definition, *known)]


def offers_context(
    workspace: Workspace, connection: Connection, offers: KnownOffers, shown: ShownKnowledge
) -> dict[str, Any]:
    """Return what `assistants/knowledge/_offers.html` needs; the lists that are due are asked for
    behind the page."""
    pages = WorkspacePages.of(workspace.slug).connection(connection.pk)
    return {
        "knowledge": shown,
        "offers_at": pages.offers,
        "choose_at": pages.knowledge,
        "files_at": pages.files,
        "posted": ",".join(POSTED),
        "next_try": 0 if offers.is_due else None,
        "wait": 0,
    }


def editor_offers(
    answers: Answers, offers: KnownOffers, connection: Connection, workspace: Workspace
) -> dict[str, Any]:
    """Return the same of a form that is shown."""
    return offers_context(workspace, connection, offers, knowledge_of(answers, offers))

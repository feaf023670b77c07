"""What a history can be filtered by: of one assistant, and of the whole workspace."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from admin_ui.accounts.models import Workspace
from admin_ui.display.times import exact_day
from assistants import selectors
from assistants.definition import FIELD_NAMES
from assistants.models import Assistant, Revision
from assistants.search import MOST_QUERY_CHARACTERS
from assistants.selectors.history import day_in
from assistants.selectors.past.finding import is_indexed
from assistants.views.overview.filters import Offered, active_filters
from assistants.wording import field_label

PARAMETERS = ("q", "person", "kind", "field", "since", "until")


def searches_changes(request: Any) -> bool:
    """Return whether a request searches what was added and removed, or by field."""
    return bool(request.GET.get("q") or request.GET.get("field"))


def filter_context(params: Mapping[str, str], owner: Workspace | Assistant) -> dict[str, Any]:
    """Return what `assistants/history/_filters.html` shows for the history of `owner`."""
    people = selectors.people_of(owner)
    kinds = dict(Revision.Kind.choices)
    fields = {name: field_label(name) for name in FIELD_NAMES}
    days = {
        name: {params[name]: exact_day(day)} if (day := day_in(params, name)) else {}
        for name in ("since", "until")
    }
    offered: Offered = {
        "kind": (_("Kind of change"), kinds),
        "person": (_("Person"), dict(people)),
        "field": (_("Field"), fields),
        "since": (_("From"), days["since"]),
        "until": (_("To"), days["until"]),
    }
    is_searched = bool(params.get("q") or params.get("field"))
    places = (owner, None) if isinstance(owner, Workspace) else (owner.workspace, owner)
    return {
        "params": params,
        "filtered": any(params.get(name) for name in PARAMETERS),
        "active": active_filters(params, offered),
        "kinds": kinds.items(),
        "people": people,
        "fields": fields.items(),
        "longest": MOST_QUERY_CHARACTERS,
        "is_part": is_searched and not is_indexed(*places),
    }

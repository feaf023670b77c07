"""What a history can be filtered by: of one assistant, and of the whole workspace."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from admin_ui.accounts.models import Workspace
from admin_ui.display.times import exact_day
from assistants import selectors
from assistants.definition import FIELD_NAMES
from assistants.models import KEY_AUTHOR, Assistant, Revision, Status
from assistants.search import MOST_QUERY_CHARACTERS
from assistants.selectors.changes import assistant_named, suggested_names
from assistants.selectors.past.filtering import PENDING, day_in
from assistants.selectors.past.finding import is_indexed
from assistants.views.overview.filters import Offered, active_filters
from assistants.wording import field_label

PARAMETERS = (
    "q", "assistant", "person", "key", "kind", "field", "outcome", "named", "since", "until",
)  # fmt: skip


def searches_changes(request: Any) -> bool:
    """Return whether a request searches what was added and removed, or by field."""
    return bool(request.GET.get("q") or request.GET.get("field"))


def filter_context(params: Mapping[str, str], owner: Workspace | Assistant) -> dict[str, Any]:
    """Return what `assistants/history/_filters.html` shows for the history of `owner`."""
    workspace = owner if isinstance(owner, Workspace) else None
    authors = selectors.people_of(owner)
    people = [one for one in authors if not one[0].startswith(KEY_AUTHOR)]
    keys = [one[0].removeprefix(KEY_AUTHOR) for one in authors if one[0].startswith(KEY_AUTHOR)]
    offered = _offered(params, people, keys)
    if workspace and (text := params.get("assistant", "")):
        found = assistant_named(workspace, text)
        offered = {"assistant": (_("Assistant"), {text: str(found) if found else text}), **offered}
    since, until = day_in(params, "since"), day_in(params, "until")
    is_searched = bool(params.get("q") or params.get("field"))
    places = (owner, None) if isinstance(owner, Workspace) else (owner.workspace, owner)
    return {
        "params": dict.fromkeys(PARAMETERS, "") | dict(params),
        "query": urlencode({name: params[name] for name in PARAMETERS if params.get(name)}),
        "filtered": any(params.get(name) for name in PARAMETERS),
        "active": active_filters(params, offered),
        "kinds": offered["kind"][1],
        "people": people,
        "keys": offered["key"][1],
        "fields": offered["field"][1],
        "outcomes": offered["outcome"][1],
        "assistants": suggested_names(workspace) if workspace else (),
        "of_workspace": workspace is not None,
        "longest": MOST_QUERY_CHARACTERS,
        "ends_before_it_begins": bool(since and until and until < since),
        "is_part": is_searched and not is_indexed(*places),
    }


def _offered(
    params: Mapping[str, str], people: Sequence[tuple[str, str]], keys: Sequence[str]
) -> Offered:
    days = {
        name: {params[name]: exact_day(day)} if (day := day_in(params, name)) else {}
        for name in ("since", "until")
    }
    return {
        "kind": (_("Kind of change"), dict(Revision.Kind.choices)),
        "person": (_("Person"), dict(people)),
        "key": (_("API key"), {key: key for key in keys}),
        "field": (_("Field"), {name: field_label(name) for name in FIELD_NAMES}),
        "outcome": (_("Delivery"), {**dict(Status.choices), PENDING: _("Sending")}),
        "named": (_("Name"), {"1": _("named versions only")}),
        "since": (_("From"), days["since"]),
        "until": (_("To"), days["until"]),
    }

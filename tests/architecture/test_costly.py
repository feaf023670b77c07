"""Every address of a workspace takes from the person's budget, or stands here with the reason."""

from tests.architecture.test_urls_guarded import GUARDED

CHEAP = {
    "": "no text is loaded",
    "assistants/<int:pk>/here/": "each open page asks, and few rows are read",
    "assistants/<int:pk>/code/": "a few lines of text",
    "assistants/<int:pk>/history/<int:revision>/accept/": "adds one row",
    "assistants/<int:pk>/history/<int:revision>/name/": "adds one row",
    "assistants/<int:pk>/versions/": "forty looks into an index",
    "assistants/<int:pk>/duplicate/": "adds one draft",
    "assistants/<int:pk>/follow/": "changes one row",
    "assistants/<int:pk>/drafts/<int:user>/take-over/": "moves one draft",
    "assistants/<int:pk>/earlier/got-it/": "changes one row",
    "requests/": "no text is loaded",
    "requests/freezes/": "a few rows",
    "requests/freezes/<int:pk>/remove/": "changes one row",
    "requests/policy/": "a few rows, and the members",
    "assistants/<int:pk>/submit-deletion/": "adds one row",
    "help/": "no row is read",
    "as-of/": "no text is loaded",
    "assistants/<int:pk>/as-of/": "one definition, found along an index",
    "signed/": "fifty short rows",
    "signed/<int:number>/": "one short row",
    "templates/": "no text is loaded",
    "templates/<int:pk>/edit/": "changes one row",
    "templates/<int:pk>/delete/": "drops one row",
    "metadata/": "a few rows",
    "metadata/suggestions/": "fifty values along an index",
    "metadata/new/": "adds one row",
    "metadata/<int:pk>/edit/": "changes one row",
    "metadata/<int:pk>/remove/": "drops one row",
    "webhooks/": "twenty rows at most",
    "webhooks/new/": "what is typed must always be kept",
    "webhooks/<int:pk>/": "fifty short rows",
    "webhooks/<int:pk>/edit/": "what is typed must always be kept",
    "webhooks/<int:pk>/secret/": "changes one row",
    "webhooks/<int:pk>/disable/": "changes one row, and those that wait",
    "webhooks/<int:pk>/enable/": "changes one row",
    "webhooks/<int:pk>/delete/": "drops one row with its log",
    "webhooks/<int:pk>/messages/<int:delivery>/": "one short body",
    "webhooks/<int:pk>/messages/<int:delivery>/again/": "changes one row",
    "connections/": "a list of connections",
    "connections/new/": "what is typed must always be kept",
    "connections/<int:pk>/edit/": "what is typed must always be kept",
    "connections/<int:pk>/default/": "changes one row",
    "connections/<int:pk>/remove/": "changes one row",
    "connections/<int:pk>/archive/": "counts along an index, changes one row",
    "connections/<int:pk>/reopen/": "changes one row",
    "connections/<int:pk>/bring-in/step/": "one step at a time, whoever asks for it",
}
PREFIX = "w/<slug:ws>/"


def test_every_address_is_costly_or_cheap_for_a_reason() -> None:
    cheap = {
        route.removeprefix(PREFIX)
        for route, pattern in GUARDED.items()
        if not getattr(pattern.callback, "is_costly", False)
        if pattern.callback.__module__.startswith("assistants.")  # not people, who are few
    }
    assert cheap == set(CHEAP)

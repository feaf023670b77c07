"""The rows of the table. A new page is one more `Page` in one of these modules."""

from collections.abc import Callable, Iterator, Sequence

from bench import searches
from bench.pages import Visitor
from bench.report import Row
from bench.rows import (
    change_requests,
    editing,
    filters,
    inbox,
    lists,
    past,
    past_searches,
    people,
    permissions,
    served,
    way_back,
)

PARTS: Sequence[Callable[[Visitor], Iterator[Row]]] = (
    lists.lists,
    searches.searches,
    filters.filters,
    past.past,
    past_searches.past_searches,
    people.people,
    inbox.inbox,
    change_requests.change_requests,
    permissions.checks,
    editing.editors,
    editing.comparing,
    editing.drafts,
    editing.publishing,
    way_back.way_back,
    served.served,
)
"""In the order in which they are measured: publishing adds to the history of its assistants."""

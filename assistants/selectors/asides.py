"""What a page says of an assistant beside its row, in the query that reads the row."""

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from assistants.models import Draft, Follow, Revision


def is_followed_by(user: int, *, row: str = "pk") -> Coalesce:
    """Return whether `user` (an id) follows the assistant to which `row` of a query leads.

    As they decided, else whether they have a draft of it or ever made or wrote a change.
    """
    here = {"assistant": OuterRef(row)}
    decided = Follow.objects.filter(**here, user=user).values("is_on")[:1]
    writes = (
        Exists(Draft.objects.filter(**here, user=user))
        | Exists(Revision.objects.filter(**here, author=user))
        | Exists(Revision.objects.filter(**here, drafter=user))
    )
    return Coalesce(Subquery(decided), Case(When(writes, then=Value(True)), default=Value(False)))


def made_change(assistant: int, user: str) -> Q:
    """Return the condition that the user to whom `user` of a query leads made or wrote a change."""
    rows = Revision.objects.filter(assistant=assistant)
    return Exists(rows.filter(author=OuterRef(user))) | Exists(rows.filter(drafter=OuterRef(user)))

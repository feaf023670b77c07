"""Working out anew what was worked out from a text that is gone: the search indexes."""

from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import IntegerField, Q, Value
from django.db.models.functions import StrIndex

from assistants.models import Assistant, ChangedText, Outcome, Revision, State
from assistants.services.erasing.finding import FoundText
from assistants.services.erasing.places import OUTCOME_PLACE, REVISION_PLACE
from assistants.services.history.older_changes import OLDER_AT_ONCE, index_batch
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.search_index import index_assistant
from assistants.unwanted import Unwanted


def index_again(found: FoundText, assistants: list[int]) -> None:
    """Index again the changes and the assistants whose words come from the text."""
    stored = Outcome.objects.filter(pk__in=found.rows[OUTCOME_PLACE])
    held = {*found.rows[REVISION_PLACE], *stored.values_list("revision_id", flat=True)}
    after = Revision.objects.filter(base__in=held).values_list("pk", flat=True)
    _index_changes(sorted({*held, *after, *_shown_in(found.unwanted)}))
    for row in Assistant.objects.filter(pk__in=assistants).exclude(state=State.LIVE):
        newest = row.drafts.order_by("-updated_at").first()
        if row.live is not None:
            definition = live_definition(row)
        elif newest is not None:
            definition = newest.definition
        else:
            continue
        row.describe(definition)
        row.save(update_fields=["name", "description", "model", "tool_kinds"])
        index_assistant(assistant=row, definition=definition)


def _shown_in(unwanted: Unwanted) -> list[int]:
    rows, conditions = ChangedText.objects.all(), []
    for column in ("added", "removed"):
        for number, form in enumerate(unwanted.in_text):
            at = StrIndex(column, Value(form), output_field=IntegerField())
            rows = rows.alias(**{f"{column}_{number}": at})
            conditions.append(Q(**{f"{column}_{number}__gt": 0}))
    return list(rows.filter(reduce(or_, conditions)).values_list("pk", flat=True))


def _index_changes(pks: list[int]) -> None:
    key = "revision_id" if connection.vendor == "postgresql" else "rowid"
    for start in range(0, len(pks), OLDER_AT_ONCE):
        some = pks[start : start + OLDER_AT_ONCE]
        ChangedText.objects.filter(pk__in=some).delete()
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM assistants_changed_words WHERE {key} = %s",  # noqa: S608
                [(pk,) for pk in some],
            )
        rows = Revision.objects.select_related("base").defer("values", "note", "base__note")
        index_batch(list(rows.filter(pk__in=some)))

"""The tables that keep people's texts, and how a text is found in their rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import StrIndex

from assistants.models import (
    ApprovalPolicy,
    AssistantTemplate,
    ChangeRequest,
    Clearance,
    Draft,
    DraftState,
    FreezeWindow,
    Outcome,
    RequestStep,
    Revision,
    RevisionName,
    Round,
    ShownDraft,
    StoreChange,
    StoreOutcome,
    ThreadStep,
    WebhookAttempt,
    WebhookDelivery,
)
from assistants.models.text import each_text, encode_text, fetch_texts, keep_texts
from assistants.unwanted import Unwanted

BLACKENED_AT_ONCE = 50


@dataclass(frozen=True)
class TextPlace:
    """A table that keeps texts: in columns of JSON, in columns of text, and by digests."""

    model: type[models.Model]
    json: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    by_digest: bool = True
    """Whether its column `texts` has digests of long values, by field."""

    @property
    def table(self) -> str:
        return self.model._meta.db_table


REVISION_PLACE = TextPlace(Revision, ("values", "changes"), ("note",))
OUTCOME_PLACE = TextPlace(Outcome, ("values", "differences"), ("message", "param"))
DRAFT_PLACE = TextPlace(Draft, ("content", "changes"), ("returned_note",))
STATE_PLACE = TextPlace(DraftState, ("content", "changes"), ("note",))
SHOWN_PLACE = TextPlace(ShownDraft, ("content",))
TEMPLATE_PLACE = TextPlace(AssistantTemplate, ("values",), ("name", "description"))
ROUND_PLACE = TextPlace(Round, ("values", "changes"), ("note",))
STEP_PLACE = TextPlace(RequestStep, (), ("word",), by_digest=False)
THREAD_PLACE = TextPlace(ThreadStep, (), ("text", "replacement"), by_digest=False)
REQUEST_PLACE = TextPlace(ChangeRequest, (), ("title",), by_digest=False)
FREEZE_PLACE = TextPlace(FreezeWindow, (), ("reason",), by_digest=False)
POLICY_PLACE = TextPlace(ApprovalPolicy, (), ("reason",), by_digest=False)
CLEARANCE_PLACE = TextPlace(Clearance, (), ("reason",), by_digest=False)
STORE_CHANGES = TextPlace(
    StoreChange, (), ("note", "override", "file_name", "store_name"), by_digest=False
)
STORE_OUTCOMES = TextPlace(StoreOutcome, (), ("message",), by_digest=False)
NAME_PLACE = TextPlace(RevisionName, (), ("name",), by_digest=False)
MESSAGES = TextPlace(WebhookDelivery, ("body",), ("subject",), by_digest=False)
ANSWERS = TextPlace(WebhookAttempt, (), ("words",), by_digest=False)
TEXT_PLACES = (
    NAME_PLACE,
    REVISION_PLACE,
    OUTCOME_PLACE,
    DRAFT_PLACE,
    STATE_PLACE,
    SHOWN_PLACE,
    TEMPLATE_PLACE,
    ROUND_PLACE,
    STEP_PLACE,
    THREAD_PLACE,
    REQUEST_PLACE,
    POLICY_PLACE,
    FREEZE_PLACE,
    CLEARANCE_PLACE,
    STORE_CHANGES,
    STORE_OUTCOMES,
    MESSAGES,
    ANSWERS,
)


@dataclass(frozen=True)
class Blackened:
    """A row without the text, not saved yet: which columns differ, and what they had."""

    row: Any
    before: Mapping[str, Any]

    @property
    def touches_definition(self) -> bool:
        return bool({"values", "texts", "content"} & self.before.keys())


def texts_with(unwanted: Unwanted) -> set[str]:
    """Return the digests of the long values that hold the text."""
    return {
        digest
        for digest, body in each_text()
        if unwanted.is_in(body) and _without(unwanted, digest) is not None
    }


def find_rows(place: TextPlace, unwanted: Unwanted, texts: set[str]) -> list[int]:
    """Return the primary keys of the rows that hold the text; `texts` is from `texts_with`."""
    rows = place.model._default_manager.all()
    found: set[int] = set()
    conditions = []
    for column, forms in (
        *((each, unwanted.in_json) for each in place.json),
        *((each, unwanted.in_text) for each in place.plain),
    ):
        for number, form in enumerate(forms):
            name = f"{column}_{number}"
            place_of = StrIndex(column, Value(form), output_field=models.IntegerField())
            rows = rows.alias(**{name: place_of})
            conditions.append(Q(**{f"{name}__gt": 0}))
    pks = rows.filter(reduce(or_, conditions)).values_list("pk", flat=True)
    for change in changes_in(place, unwanted, texts, list(pks)):
        found.add(change.row.pk)
    if place.by_digest and texts:
        held = place.model._default_manager.exclude(texts=None).exclude(texts={})
        for pk, digests in held.values_list("pk", "texts").iterator():
            if texts.intersection(digests.values()):
                found.add(pk)
    return sorted(found)


def changes_in(
    place: TextPlace,
    unwanted: Unwanted,
    texts: set[str],
    pks: Sequence[int],
    *,
    new_texts: dict[str, str] | None = None,
) -> Iterator[Blackened]:
    """Yield those of these rows that hold the text, without it.

    With `new_texts`, long values are changed too: each is kept without the text, and its new digest
    is added there. Otherwise `texts` of a row stays as it is.
    """
    for start in range(0, len(pks), BLACKENED_AT_ONCE):
        rows = place.model._default_manager.filter(pk__in=pks[start : start + BLACKENED_AT_ONCE])
        row: Any
        for row in rows:
            before = _change(place, row, unwanted)
            held = row.texts or {} if place.by_digest else {}
            if texts.intersection(held.values()):
                before["texts"] = held
                if new_texts is not None:
                    row.texts = _moved(held, unwanted, texts, new_texts)
            if before:
                yield Blackened(row, before)


def _change(place: TextPlace, row: Any, unwanted: Unwanted) -> dict[str, Any]:
    before = {}
    for column in (*place.json, *place.plain):
        old = getattr(row, column)
        if column in ("values", "content") and old is not None:  # fields keep their names
            new = {name: unwanted.black_out(value) for name, value in old.items()}
        else:
            new = unwanted.black_out(old)
        if new != old:
            before[column] = old
            longest = row._meta.get_field(column).max_length
            setattr(row, column, new[:longest] if longest else new)
    return before


def _moved(
    held: Mapping[str, str], unwanted: Unwanted, texts: set[str], new_texts: dict[str, str]
) -> dict[str, str]:
    for digest in texts.intersection(held.values()) - new_texts.keys():
        if new := _without(unwanted, digest):
            kept, body = new
            last = next(reversed(new_texts.values()), kept)
            keep_texts({kept: body}, {kept: last})
            new_texts[digest] = kept
    return {field: new_texts.get(digest, digest) for field, digest in held.items()}


def _without(unwanted: Unwanted, digest: str) -> tuple[str, str] | None:
    """Return the digest and JSON of a long value without the text; None where it is not there."""
    for old in fetch_texts([digest]).values():
        new = unwanted.black_out(old)
        return encode_text(new) if new is not old else None
    return None

"""Every column that can keep a text, or the digest of one, is erased and counts for pruning.

A new column fails here until it is in one of these lists: `services/erasing/places.py` where it
keeps what people write, and `texts` there where it keeps digests of long values.
"""

import pytest
from django.apps import apps
from django.db import models

from assistants.definition import Definition
from assistants.models import AssistantTemplate, Erasure, Text
from assistants.models.text import keep_texts, split
from assistants.services.erasing.places import TEXT_PLACES
from assistants.services.erasing.unused import prune_texts
from tests.erasing.conftest import Past
from tests.services.test_texts import edits

PACKED = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
MADE_ANEW = {
    "Text": "digest body base",
    "Assistant": "name description",
    "ChangedText": "added removed",
    "LineOrigins": "packed",
    "MetadataUse": "key value",
    "KnowledgeUse": "remote_id",
    "Passage": "field text words",
}
"""Worked out from other columns, or stored anew: `anew.py`, `rewriting.py`, `unused.py`."""
KEEPERS = {
    "Happening": "subject details",
    "StoredAssistant": "packed",
    "Write": "packed",
    "KeptAnswer": "body",
}
"""Changed by `finding.TEXT_KEEPERS`."""
NOT_WRITTEN_BY_PEOPLE = {
    "Acceptance": "name",
    "ApprovalPolicy": "rules free user_name",
    "Assistant": "remote_id state trouble model tool_kinds live_digest etag last_digest changed_by",
    "AssistantTemplate": "saved_by_name",
    "ChangeRequest": "kind author_name state",
    "Clearance": "kind approvers user_name fields digest",
    "Connection": "name profile base_url credentials options trouble",
    "Draft": "digest kind writers writer_ids tab returned_by returned_digest",
    "DraftState": "digest kind writers writer_ids reason by_name",
    "Erasure": "kind name reason",
    "ErasedRow": "place key kept left",
    "ErasureEnd": "digest",
    "FreezeWindow": "zone user_name",
    "Happening": "kind path actor_name people",
    "HistoryImport": "name source statement signature public_key",
    "Job": "status cursor seen_pks failures error trace_id",
    "KeptAnswer": "caller key request headers",
    "MetadataKey": "name help allowed",
    "MailChoice": "kind mail",
    "Narrowing": "fields",
    "Notice": "kind mail",
    "OfferEntry": "remote_id name folded status successor refuses",
    "OfferList": "kind failure suggestions",
    "Outcome": "status error code request_id digest",
    "Presence": "tab",
    "Revision": "kind author_name drafter_name trace_id previous_digest digest",
    "RevisionName": "user_name",
    "Round": "digest base_digest back_digest fields writers writer_names when zone",
    "SealedChain": "chain newest outcomes_digest clearances_digest",
    "ShownDraft": "digest",
    "SignedRoot": "peaks statement signature",
    "RequestStep": "kind user_name digest",
    "Thread": "field",
    "ThreadStep": "kind user_name mentioned digest",
    "StoreChange": "store_id kind file_id author_name trace_id",
    "StoreOutcome": "status error code request_id",
    "Schedule": "trouble state user_name zone",
    "StoredAssistant": "public_id",
    "Webhook": "name format host address_end sealed kinds disabled_reason",
    "WebhookAttempt": "error",
    "WebhookDelivery": "message_id kind state",
    "Write": "action key_name trace_id",
}
"""Names of people and things, settings, digests and IDs; digests of long values are not here."""


def listed() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for place in TEXT_PLACES:
        names = {*place.json, *place.plain, *(["texts"] if place.by_digest else [])}
        found.setdefault(place.model.__name__, set()).update(names)
    for group in (MADE_ANEW, KEEPERS, NOT_WRITTEN_BY_PEOPLE):
        for model, columns in group.items():
            found.setdefault(model, set()).update(columns.split())
    return found


def test_every_column_is_listed() -> None:
    there = {}
    for app in ("assistants", "registry", "api", "notices"):
        for model in apps.get_app_config(app).get_models():
            fields = model._meta.concrete_fields
            names = {each.name for each in fields if isinstance(each, PACKED)}
            names |= {each.name for each in fields if each.related_model is Text}
            if names:
                there[model.__name__] = names
    assert there == listed()


@pytest.mark.django_db(transaction=True)
def test_pruning_removes_only_what_nothing_refers_to(past: Past) -> None:
    assert prune_texts() == 0
    there = set(Text.objects.values_list("pk", flat=True))
    AssistantTemplate.objects.all().delete()
    found = edits(4)  # of which a template has the last: the others are what it differs from
    values, texts, _bodies = split(Definition.parse({"name": "Kept", "instructions": "x" * 2000}))
    AssistantTemplate.objects.create(
        workspace=past.cast.workspace,
        name="Kept",
        values=values,
        texts={**texts, "description": found[-1][0]},
        saved_by_name="Ada",
    )
    keep_texts(_bodies)
    bases = Text.objects.filter(pk=found[-1][0]).values_list("base_id", "base__base_id").get()
    loose = {digest for digest, _body in found[:-1]} - set(bases)
    assert loose
    assert prune_texts() == len(loose)
    assert set(Text.objects.values_list("pk", flat=True)) == {
        *there,
        *texts.values(),
        *(digest for digest, _body in found if digest not in loose),
    }
    assert Erasure.objects.filter(kind="prune").count() == 1

"""What the database holds; nothing here talks to a gateway."""

from assistants.models.assistant import Assistant, Draft
from assistants.models.change_requests.change_request import (
    ChangeRequest,
    RequestStep,
    Reviewer,
    Round,
)
from assistants.models.change_requests.freeze import FreezeWindow
from assistants.models.change_requests.policy import ApprovalPolicy, Clearance
from assistants.models.change_requests.schedule import Schedule
from assistants.models.change_requests.thread import Thread, ThreadStep
from assistants.models.connections.connection import Connection
from assistants.models.connections.documents import (
    OpenStoreChange,
    StoreChange,
    StoreChangeUse,
    StoreOutcome,
)
from assistants.models.connections.offers import OfferEntry, OfferList
from assistants.models.derived.changed_text import ChangedText
from assistants.models.derived.line_origins import LineOrigins
from assistants.models.derived.search import Passage
from assistants.models.draft_state import STATE_KEPT_FOR, DraftState, StateReason
from assistants.models.editing import Presence, ShownDraft
from assistants.models.erasing.erasure import ErasedRow, Erasure, ErasureEnd
from assistants.models.fields import FILLED_IN, MORE
from assistants.models.following import Follow, LongDoubt
from assistants.models.job import Job
from assistants.models.narrowing import Narrowing
from assistants.models.revision import (
    KEY_AUTHOR,
    Acceptance,
    Outcome,
    Revision,
    RevisionName,
    brief_outcomes,
    names_of,
    newest_names,
    outcome_rows,
    without_texts,
)
from assistants.models.shared import AssistantTemplate, KnowledgeUse, MetadataKey, MetadataUse
from assistants.models.states import (
    CHANGE_KINDS,
    CREATE_KINDS,
    GONE_STATES,
    LATE,
    REMOVAL_KINDS,
    Kind,
    State,
    Status,
    Trouble,
    can_be_sent_again,
    definition_changes,
    needs_a_look,
    trouble_of,
)
from assistants.models.text import Text
from assistants.models.trust.imports import HistoryImport, ImportedHistory
from assistants.models.trust.roots import SealedChain, SignedRoot
from assistants.models.webhooks.webhook import Webhook, WebhookAttempt, WebhookDelivery

__all__ = [
    "CHANGE_KINDS",
    "CREATE_KINDS",
    "FILLED_IN",
    "GONE_STATES",
    "KEY_AUTHOR",
    "LATE",
    "MORE",
    "REMOVAL_KINDS",
    "STATE_KEPT_FOR",
    "Acceptance",
    "ApprovalPolicy",
    "Assistant",
    "AssistantTemplate",
    "ChangeRequest",
    "ChangedText",
    "Clearance",
    "Connection",
    "Draft",
    "DraftState",
    "ErasedRow",
    "Erasure",
    "ErasureEnd",
    "Follow",
    "FreezeWindow",
    "HistoryImport",
    "ImportedHistory",
    "Job",
    "Kind",
    "KnowledgeUse",
    "LineOrigins",
    "LongDoubt",
    "MetadataKey",
    "MetadataUse",
    "Narrowing",
    "OfferEntry",
    "OfferList",
    "OpenStoreChange",
    "Outcome",
    "Passage",
    "Presence",
    "RequestStep",
    "Reviewer",
    "Revision",
    "RevisionName",
    "Round",
    "Schedule",
    "SealedChain",
    "ShownDraft",
    "SignedRoot",
    "State",
    "StateReason",
    "Status",
    "StoreChange",
    "StoreChangeUse",
    "StoreOutcome",
    "Text",
    "Thread",
    "ThreadStep",
    "Trouble",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "brief_outcomes",
    "can_be_sent_again",
    "definition_changes",
    "names_of",
    "needs_a_look",
    "newest_names",
    "outcome_rows",
    "trouble_of",
    "without_texts",
]

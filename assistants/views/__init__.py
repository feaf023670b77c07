"""The pages of a workspace; each file holds what belongs to one of them."""

from assistants.views.assistants_list import assistants_list
from assistants.views.bring_in import bring_in, bring_in_step
from assistants.views.changes import changes
from assistants.views.code import code
from assistants.views.compare import compare
from assistants.views.connections import (
    connection_default,
    connection_edit,
    connection_new,
    connection_remove,
    connection_test,
    connections,
)
from assistants.views.delivery import accept, check, settle
from assistants.views.discard import discard
from assistants.views.editor import detail, edit, new
from assistants.views.here import here
from assistants.views.history import history, revision
from assistants.views.home import home, remove_samples
from assistants.views.left_drafts import discard_left_draft, take_over_draft
from assistants.views.lifecycle import delete, duplicate, recreate, restore
from assistants.views.review import review
from assistants.views.send_again import claim, send_again

__all__ = [
    "accept",
    "assistants_list",
    "bring_in",
    "bring_in_step",
    "changes",
    "check",
    "claim",
    "code",
    "compare",
    "connection_default",
    "connection_edit",
    "connection_new",
    "connection_remove",
    "connection_test",
    "connections",
    "delete",
    "detail",
    "discard",
    "discard_left_draft",
    "duplicate",
    "edit",
    "here",
    "history",
    "home",
    "new",
    "recreate",
    "remove_samples",
    "restore",
    "review",
    "revision",
    "send_again",
    "settle",
    "take_over_draft",
]

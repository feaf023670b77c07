"""The views of a workspace, imported here for `urls`."""

from assistants.views.change_requests.commenting import request_comment, request_lines
from assistants.views.change_requests.freezes import freeze_remove, freezes
from assistants.views.change_requests.listing import change_requests
from assistants.views.change_requests.policy import approval_policy
from assistants.views.change_requests.request_page import change_request
from assistants.views.change_requests.submitting import submit_delete, submit_draft
from assistants.views.change_requests.threads import (
    accept_suggestions,
    request_discussion,
    request_thread,
)
from assistants.views.code.code import code
from assistants.views.connections.archiving import connection_archive, connection_reopen
from assistants.views.connections.bring_in import bring_in, bring_in_step
from assistants.views.connections.connections import (
    connection_default,
    connection_edit,
    connection_new,
    connection_remove,
    connections,
)
from assistants.views.connections.knowledge import connection_knowledge
from assistants.views.connections.offers import connection_offers
from assistants.views.connections.testing import connection_test
from assistants.views.delivery.check import accept, check, settle
from assistants.views.delivery.send_again import claim, send_again
from assistants.views.detail import detail
from assistants.views.documents.adding import file_upload, new_store
from assistants.views.documents.changing import document_add, document_remove
from assistants.views.documents.files import connection_files
from assistants.views.documents.store import store, store_documents
from assistants.views.editor.autosave import autosave
from assistants.views.editor.discard import discard
from assistants.views.editor.earlier import earlier_state, earlier_states, got_it
from assistants.views.editor.edit import edit
from assistants.views.editor.here import here
from assistants.views.editor.new import autosave_new, new
from assistants.views.editor.preview import preview
from assistants.views.guiding.help import help_page
from assistants.views.guiding.palette import palette
from assistants.views.history.as_of import as_of, workspace_as_of
from assistants.views.history.compare import compare, compare_with
from assistants.views.history.following import follow_assistant
from assistants.views.history.history import history, revision
from assistants.views.history.line_authors import line_authors
from assistants.views.history.naming import revision_name
from assistants.views.history.strip import version_strip
from assistants.views.lifecycle.delete import delete
from assistants.views.lifecycle.duplicate import duplicate
from assistants.views.lifecycle.previous import previous
from assistants.views.lifecycle.recreate import recreate
from assistants.views.lifecycle.restore import restore
from assistants.views.lifecycle.restore_parts import restore_parts
from assistants.views.metadata.keys import (
    metadata_key_edit,
    metadata_key_new,
    metadata_key_remove,
    metadata_keys,
    metadata_suggestions,
)
from assistants.views.overview.assistants_list import assistants_list
from assistants.views.overview.changes import changes
from assistants.views.overview.home import home, remove_samples
from assistants.views.review.colleague import (
    discard_their_draft,
    return_to_author,
    take_over_draft,
)
from assistants.views.review.review import review
from assistants.views.rights.limits import member_limits
from assistants.views.starting.start import start_from
from assistants.views.starting.templates import (
    save_as_template,
    template_delete,
    template_edit,
    templates,
)
from assistants.views.trust.evidence import evidence
from assistants.views.trust.roots import export_whole, root_file, sign_now, signed_roots
from assistants.views.webhooks.deliveries import (
    webhook,
    webhook_delivery,
    webhook_redeliver,
    webhook_test,
)
from assistants.views.webhooks.webhooks import (
    webhook_delete,
    webhook_disable,
    webhook_edit,
    webhook_enable,
    webhook_new,
    webhook_secret,
    webhooks,
)

__all__ = [
    "accept",
    "accept_suggestions",
    "approval_policy",
    "as_of",
    "assistants_list",
    "autosave",
    "autosave_new",
    "bring_in",
    "bring_in_step",
    "change_request",
    "change_requests",
    "changes",
    "check",
    "claim",
    "code",
    "compare",
    "compare_with",
    "connection_archive",
    "connection_default",
    "connection_edit",
    "connection_files",
    "connection_knowledge",
    "connection_new",
    "connection_offers",
    "connection_remove",
    "connection_reopen",
    "connection_test",
    "connections",
    "delete",
    "detail",
    "discard",
    "discard_their_draft",
    "document_add",
    "document_remove",
    "duplicate",
    "earlier_state",
    "earlier_states",
    "edit",
    "evidence",
    "export_whole",
    "file_upload",
    "follow_assistant",
    "freeze_remove",
    "freezes",
    "got_it",
    "help_page",
    "here",
    "history",
    "home",
    "line_authors",
    "member_limits",
    "metadata_key_edit",
    "metadata_key_new",
    "metadata_key_remove",
    "metadata_keys",
    "metadata_suggestions",
    "new",
    "new_store",
    "palette",
    "preview",
    "previous",
    "recreate",
    "remove_samples",
    "request_comment",
    "request_discussion",
    "request_lines",
    "request_thread",
    "restore",
    "restore_parts",
    "return_to_author",
    "review",
    "revision",
    "revision_name",
    "root_file",
    "save_as_template",
    "send_again",
    "settle",
    "sign_now",
    "signed_roots",
    "start_from",
    "store",
    "store_documents",
    "submit_delete",
    "submit_draft",
    "take_over_draft",
    "template_delete",
    "template_edit",
    "templates",
    "version_strip",
    "webhook",
    "webhook_delete",
    "webhook_delivery",
    "webhook_disable",
    "webhook_edit",
    "webhook_enable",
    "webhook_new",
    "webhook_redeliver",
    "webhook_secret",
    "webhook_test",
    "webhooks",
    "workspace_as_of",
]

"""The pages of a workspace, below `/w/<ws>/`."""

from django.urls import path

from admin_ui.accounts.guard.stash import AUTOSAVE
from assistants import views

app_name = "assistants"
urlpatterns = [
    path("", views.home, name="home"),
    path("team/<int:pk>/limits/", views.member_limits, name="member_limits"),
    path("samples/remove/", views.remove_samples, name="remove_samples"),
    path("assistants/", views.assistants_list, name="list"),
    path("assistants/start/", views.start_from, name="start"),
    path("assistants/new/", views.new, name="new"),
    path(f"assistants/new/{AUTOSAVE}", views.autosave_new, name="autosave_new"),
    path("assistants/<int:pk>/", views.detail, name="detail"),
    path("assistants/<int:pk>/edit/", views.edit, name="edit"),
    path(f"assistants/<int:pk>/edit/{AUTOSAVE}", views.autosave, name="autosave"),
    path("assistants/<int:pk>/check/", views.check, name="check"),
    path("assistants/<int:pk>/here/", views.here, name="here"),
    path("assistants/<int:pk>/review/", views.review, name="review"),
    path("assistants/<int:pk>/discard/", views.discard, name="discard"),
    path("assistants/<int:pk>/earlier/", views.earlier_states, name="earlier_states"),
    path("assistants/<int:pk>/earlier/got-it/", views.got_it, name="got_it"),
    path("assistants/<int:pk>/earlier/<int:state>/", views.earlier_state, name="earlier_state"),
    path(
        "assistants/<int:pk>/drafts/<int:user>/take-over/", views.take_over_draft, name="take_over"
    ),
    path(
        "assistants/<int:pk>/drafts/<int:user>/return/",
        views.return_to_author,
        name="return_to_author",
    ),
    path(
        "assistants/<int:pk>/drafts/<int:user>/discard/",
        views.discard_their_draft,
        name="discard_theirs",
    ),
    path("assistants/<int:pk>/code/", views.code, name="code"),
    path("assistants/<int:pk>/history/", views.history, name="history"),
    path("assistants/<int:pk>/history/<int:revision>/", views.revision, name="revision"),
    path("assistants/<int:pk>/history/<int:revision>/accept/", views.accept, name="accept"),
    path("assistants/<int:pk>/history/<int:revision>/claim/", views.claim, name="claim"),
    path(
        "assistants/<int:pk>/history/<int:revision>/send-again/",
        views.send_again,
        name="send_again",
    ),
    path("assistants/<int:pk>/compare/<str:a>..<str:b>/", views.compare, name="compare"),
    path("assistants/<int:pk>/restore/<int:revision>/", views.restore, name="restore"),
    path("assistants/<int:pk>/delete/", views.delete, name="delete"),
    path("assistants/<int:pk>/recreate/", views.recreate, name="recreate"),
    path("assistants/<int:pk>/duplicate/", views.duplicate, name="duplicate"),
    path("assistants/<int:pk>/save-as-template/", views.save_as_template, name="save_template"),
    path("assistants/<int:pk>/settle/", views.settle, name="settle"),
    path("preview/", views.preview, name="preview"),
    path("palette/", views.palette, name="palette"),
    path("help/", views.help_page, name="help"),
    path("templates/", views.templates, name="templates"),
    path("templates/<int:pk>/edit/", views.template_edit, name="template_edit"),
    path("templates/<int:pk>/delete/", views.template_delete, name="template_delete"),
    path("metadata/", views.metadata_keys, name="metadata_keys"),
    path("metadata/suggestions/", views.metadata_suggestions, name="metadata_suggestions"),
    path("metadata/new/", views.metadata_key_new, name="metadata_key_new"),
    path("metadata/<int:pk>/edit/", views.metadata_key_edit, name="metadata_key_edit"),
    path("metadata/<int:pk>/remove/", views.metadata_key_remove, name="metadata_key_remove"),
    path("changes/", views.changes, name="changes"),
    path("connections/", views.connections, name="connections"),
    path("connections/new/", views.connection_new, name="connection_new"),
    path("connections/<int:pk>/edit/", views.connection_edit, name="connection_edit"),
    path("connections/<int:pk>/default/", views.connection_default, name="connection_default"),
    path("connections/<int:pk>/remove/", views.connection_remove, name="connection_remove"),
    path("connections/<int:pk>/test/", views.connection_test, name="connection_test"),
    path(
        "connections/<int:pk>/knowledge/", views.connection_knowledge, name="connection_knowledge"
    ),
    path("connections/<int:pk>/offers/", views.connection_offers, name="connection_offers"),
    path("connections/<int:pk>/files/", views.connection_files, name="connection_files"),
    path("connections/<int:pk>/files/upload/", views.file_upload, name="file_upload"),
    path("connections/<int:pk>/stores/new/", views.new_store, name="store_new"),
    path("connections/<int:pk>/store/", views.store, name="store"),
    path("connections/<int:pk>/store/documents/", views.store_documents, name="store_documents"),
    path("connections/<int:pk>/store/add/", views.document_add, name="document_add"),
    path("connections/<int:pk>/store/remove/", views.document_remove, name="document_remove"),
    path("connections/<int:pk>/bring-in/", views.bring_in, name="bring_in"),
    path("connections/<int:pk>/bring-in/step/", views.bring_in_step, name="bring_in_step"),
]

"""Adding an index while people work."""

from typing import Any

from django.db import migrations


class AddIndexWhileInUse(migrations.AddIndex):
    """Django's operation; on PostgreSQL, writes to the table do not wait for it.

    The migration must not be atomic. Run again after it was broken off, it begins anew.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_index(model, self.index, concurrently=True)
            schema_editor.add_index(model, self.index, concurrently=True)

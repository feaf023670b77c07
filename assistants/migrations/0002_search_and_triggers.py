"""The full-text index and the triggers that keep history append-only."""

from django.db import migrations

from assistants import triggers

SQLITE = """
CREATE VIRTUAL TABLE assistants_search USING fts5(
  name, description, instructions, metadata, identity,
  tokenize = "unicode61 remove_diacritics 2 tokenchars '_'", prefix = '2 3'
)
"""
POSTGRESQL = """
CREATE TABLE assistants_search (
  assistant_id bigint PRIMARY KEY,
  name text NOT NULL,
  description text NOT NULL,
  instructions text NOT NULL,
  metadata text NOT NULL,
  identity text NOT NULL,
  words tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', name || ' ' || description || ' ' || instructions || ' ' || metadata
      || ' ' || identity)
  ) STORED
);
CREATE INDEX assistants_search_words ON assistants_search USING gin (words)
"""


def forwards(apps, schema_editor):
    connection = schema_editor.connection
    statements = POSTGRESQL.split(";") if connection.vendor == "postgresql" else [SQLITE]
    for statement in statements:
        schema_editor.execute(statement)
    triggers.install(connection)


def backwards(apps, schema_editor):
    triggers.remove(schema_editor.connection)
    schema_editor.execute("DROP TABLE assistants_search")


class Migration(migrations.Migration):
    dependencies = [("assistants", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]

"""The search index anew: passages to read, and tokens that we make ourselves for every script.

What is in the index so far is taken over in chunks, whatever its size.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from assistants.services.ledger import search_index

FIELDS = ("name", "description", "instructions", "metadata", "identity")
SQLITE = """
CREATE VIRTUAL TABLE assistants_words USING fts5(
  name, words, tokenize = "ascii tokenchars '$'", prefix = '1 2 3', detail = column, columnsize = 0
)
"""
POSTGRESQL = """
CREATE TABLE assistants_words (
  assistant_id bigint PRIMARY KEY,
  name tsvector NOT NULL,
  words tsvector NOT NULL
);
CREATE INDEX assistants_words_both ON assistants_words USING gin (words, name)
  WITH (fastupdate = off)
"""


def is_postgresql(schema_editor):
    return schema_editor.connection.vendor == "postgresql"


def forwards(apps, schema_editor):
    for statement in POSTGRESQL.split(";") if is_postgresql(schema_editor) else [SQLITE]:
        schema_editor.execute(statement)
    last = 0
    while rows := old_rows(schema_editor, last):
        search_index.write_passages([(pk, dict(zip(FIELDS, texts))) for pk, *texts in rows])
        last = rows[-1][0]
    schema_editor.execute("DROP TABLE assistants_search")


def old_rows(schema_editor, last):
    """Return the next rows of the index as it was."""
    key = "assistant_id" if is_postgresql(schema_editor) else "rowid"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {', '.join(FIELDS)} FROM assistants_search"
            f" WHERE {key} > %s AND {key} IN (SELECT id FROM assistants_assistant)"
            f" ORDER BY {key} LIMIT {search_index.INDEXED_AT_ONCE}",
            [last],
        )
        return cursor.fetchall()


def backwards(apps, schema_editor):
    old = import_module("assistants.migrations.0002_search_and_triggers")
    statements = old.POSTGRESQL.split(";") if is_postgresql(schema_editor) else [old.SQLITE]
    for statement in statements:
        schema_editor.execute(statement)
    key = "assistant_id" if is_postgresql(schema_editor) else "rowid"
    passages = apps.get_model("assistants", "Passage").objects
    pks = passages.order_by("assistant_id").values_list("assistant_id", flat=True).distinct()
    for pk in list(pks):
        texts = dict.fromkeys(FIELDS, "")
        rows = passages.filter(assistant_id=pk).order_by("number").values_list("field", "text")
        for field, text in rows:
            texts[field] += text
        schema_editor.execute(
            f"INSERT INTO assistants_search ({key}, {', '.join(FIELDS)})"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [pk, *texts.values()],
        )
    schema_editor.execute("DROP TABLE assistants_words")


class Migration(migrations.Migration):
    dependencies = [("assistants", "0005_draft_writers")]
    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Its place among those of the assistant.")),
                ("field", models.CharField(choices=[("description", "Description"), ("instructions", "Instructions"), ("metadata", "Metadata"), ("identity", "Identity"), ("name", "Name")], max_length=12)),
                ("text", models.TextField(help_text="As written.")),
                ("words", models.TextField(help_text="Its folded words and runs, with a space around each.")),
                ("assistant", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="assistants.assistant")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("assistant", "number"), name="passage_of_assistant")],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]

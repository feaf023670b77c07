import django.db.models.deletion
from django.db import migrations, models

SQLITE = """
CREATE VIRTUAL TABLE assistants_changed_words USING fts5(
  place, words, tokenize = "ascii tokenchars '$'", prefix = '2 3', detail = column, columnsize = 0
)
"""
POSTGRESQL = """
CREATE TABLE assistants_changed_words (revision_id bigint PRIMARY KEY, words tsvector NOT NULL);
CREATE INDEX assistants_changed_words_words ON assistants_changed_words USING gin (words)
"""


def make_index(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL.split(";") if is_postgresql else [SQLITE]:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE assistants_changed_words")


class Migration(migrations.Migration):

    dependencies = [
        ('assistants', '0018_outcome_as_of'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangedText',
            fields=[
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='assistants.revision')),
                ('added', models.TextField(blank=True, help_text='The first of them, a line each.')),
                ('removed', models.TextField(blank=True, help_text='The first of them, a line each.')),
            ],
        ),
        migrations.RunPython(make_index, drop_index),
    ]

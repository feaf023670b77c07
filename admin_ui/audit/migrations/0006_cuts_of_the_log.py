from django.db import migrations, models


def drop_trigger(apps, schema_editor):
    """`assistants.triggers` makes it anew after migrating; SQLite cannot replace it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS audit_auditevent_no_delete")


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0005_indexes_of_the_log'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditCut',
            fields=[
                ('chain', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('number', models.PositiveBigIntegerField(help_text='Of the last event that was moved, and so how many were.')),
                ('digest', models.CharField(help_text='Of that event.', max_length=64)),
                ('cut_at', models.DateTimeField()),
            ],
        ),
        migrations.RunPython(drop_trigger, drop_trigger),
    ]

from django.db import migrations, models


def name_nobody_for_what_was_brought_in(apps, schema_editor):
    rows = apps.get_model("assistants", "Assistant").objects
    rows.filter(state="live", live__kind="bring_in").update(changed_by="")


class Migration(migrations.Migration):
    dependencies = [("assistants", "0007_doubt")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="trace_id",
            field=models.CharField(
                blank=True, help_text="On each revision of what it brings in.", max_length=64
            ),
        ),
        migrations.AlterField(
            model_name="assistant",
            name="changed_by",
            field=models.CharField(
                blank=True, help_text="Empty while it is as it was brought in.", max_length=200
            ),
        ),
        migrations.RunPython(
            name_nobody_for_what_was_brought_in, migrations.RunPython.noop, elidable=False
        ),
    ]

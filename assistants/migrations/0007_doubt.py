from django.db import migrations, models
from django.db.models.functions import Now


def look_for_what_is_in_doubt(apps, schema_editor):
    rows = apps.get_model("assistants", "Assistant").objects.filter(trouble="unconfirmed")
    rows.update(doubt_look_at=Now())


class Migration(migrations.Migration):
    dependencies = [("assistants", "0006_search_in_every_script")]

    operations = [
        migrations.AddField(
            model_name="assistant",
            name="doubt_look_at",
            field=models.DateTimeField(
                db_index=True, help_text="When a change in doubt is looked for again.", null=True
            ),
        ),
        migrations.RunPython(look_for_what_is_in_doubt, migrations.RunPython.noop, elidable=False),
    ]

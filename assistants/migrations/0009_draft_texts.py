from django.db import migrations, models

import assistants.models.fields

TEXTS = {"default": dict, "help_text": "Long values that the history holds, by digest."}


class Migration(migrations.Migration):
    """A draft refers to the long values that a history holds; old rows go on holding all of it."""

    dependencies = [("assistants", "0008_brought_in_together")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="texts",
            field=assistants.models.fields.JSONTextField(**TEXTS),
        ),
        migrations.AddField(
            model_name="draft",
            name="digest",
            field=models.CharField(blank=True, default="", help_text="Empty in old rows.", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="showndraft",
            name="texts",
            field=assistants.models.fields.JSONTextField(**TEXTS),
        ),
    ]

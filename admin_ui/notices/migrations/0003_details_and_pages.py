from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_mails"),
    ]

    operations = [
        migrations.AlterField(
            model_name="happening",
            name="details",
            field=models.JSONField(default=dict, help_text="Small facts, for sentences and webhooks."),
        ),
        migrations.AddIndex(
            model_name="happening",
            index=models.Index(fields=["path", "-id"], name="happening_of_page"),
        ),
    ]

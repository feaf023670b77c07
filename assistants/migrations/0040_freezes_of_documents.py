from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0036_sealed_clearances"),
    ]

    operations = [
        migrations.AddField(
            model_name="storechange",
            name="lacked_approval",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Of an override: whether approvals were missing, and not only a freeze held.",
            ),
        ),
    ]

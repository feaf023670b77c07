from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("assistants", "0015_narrowings"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="archived_at",
            field=models.DateTimeField(
                help_text="Since when nothing is sent over it.", null=True
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_leaving")]

    operations = [
        migrations.AddField("invitation", "declined_at", models.DateTimeField(null=True)),
    ]

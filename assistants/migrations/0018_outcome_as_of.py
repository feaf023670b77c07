from django.db import migrations, models

from assistants.migrations._indexes import AddIndexWhileInUse


class Migration(migrations.Migration):

    atomic = False  # PostgreSQL builds an index beside writes only outside a transaction

    dependencies = [
        ('assistants', '0017_line_origins'),
    ]

    operations = [
        AddIndexWhileInUse(
            model_name='outcome',
            index=models.Index(condition=models.Q(('version__isnull', False)), fields=['assistant', '-created_at', '-version'], name='outcome_as_of'),
        ),
    ]

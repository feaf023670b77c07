from django.db import migrations, models

from assistants.migrations._indexes import AddIndexWhileInUse


class Migration(migrations.Migration):

    atomic = False  # PostgreSQL builds an index beside writes only outside a transaction

    dependencies = [
        ('assistants', '0022_revision_names'),
    ]

    operations = [
        AddIndexWhileInUse(
            model_name='outcome',
            index=models.Index(condition=models.Q(('version__isnull', True)), fields=['status', '-revision'], name='outcome_without'),
        ),
        AddIndexWhileInUse(
            model_name='outcome',
            index=models.Index(condition=models.Q(('version__isnull', True)), fields=['assistant', 'status', '-revision'], name='outcome_without_one'),
        ),
        AddIndexWhileInUse(
            model_name='revision',
            index=models.Index(fields=['assistant', '-created_at'], name='revision_by_day_of_one'),
        ),
    ]

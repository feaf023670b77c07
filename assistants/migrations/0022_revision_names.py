import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_notes_required'),
        ('assistants', '0021_signed_roots'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RevisionName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=80)),
                ('is_pinned', models.BooleanField(default=False)),
                ('user_name', models.CharField(help_text="The person's name at the time.", max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assistant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistants.assistant')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='assistants.revision')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['workspace', '-revision'], name='revision_named_here'),
                    models.Index(fields=['assistant', '-revision'], name='revision_named_of_one'),
                    models.Index(condition=models.Q(('is_pinned', True)), fields=['assistant', '-revision'], name='revision_pinned_of_one'),
                ],
            },
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistants', '0016_archived_connections'),
    ]

    operations = [
        migrations.CreateModel(
            name='LineOrigins',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('packed', models.BinaryField(help_text='`Origins.pack`; it holds no text.')),
                ('assistant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assistants.assistant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('assistant', 'version'), name='line_origins_version')],
            },
        ),
    ]

from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_last_active_day'),
    ]

    operations = [
        migrations.AddField(
            model_name='apikey',
            name='last_used_from',
            field=models.CharField(blank=True, db_default='', default='', help_text='A network address.', max_length=45),
        ),
        migrations.AddField(
            model_name='apikey',
            name='networks',
            field=models.TextField(blank=True, db_default='', default='', help_text='Where it may be used, as CIDR with spaces between; empty is everywhere.'),
        ),
        migrations.AddField(
            model_name='apikey',
            name='replaced_by',
            field=models.ForeignKey(help_text='The key made instead.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.apikey'),
        ),
    ]

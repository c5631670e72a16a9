import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0003_language'),
    ]

    operations = [
        migrations.AlterField(
            model_name='apitoken',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'Read reports, plan and tracking'), ('plan', 'Edit plan, goals and targets'), ('tracking', 'Edit sources and import events'), ('persons', 'Look up, export and erase persons'), ('manage', 'Manage members and API tokens, read the audit trail')], max_length=20), default=list, size=None),
        ),
    ]

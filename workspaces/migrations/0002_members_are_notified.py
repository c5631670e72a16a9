import django.db.models.deletion
import uuid
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='digested_on',
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('path', models.CharField(max_length=500)),
                ('key', models.CharField(blank=True, max_length=200)),
                ('in_product', models.BooleanField()),
                ('mail', models.CharField(choices=[('off', 'no mail'), ('at_once', 'at once'), ('daily', 'once a day')], max_length=10)),
                ('mail_due_at', models.DateTimeField(null=True)),
                ('mail_tries', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('-created_at', 'pk'),
                'abstract': False,
                'default_related_name': 'notifications',
                'indexes': [models.Index(fields=['membership', '-created_at'], name='notification_newest'), models.Index(condition=models.Q(('in_product', True), ('read_at', None)), fields=['membership'], name='notification_unread'), models.Index(condition=models.Q(('mail_due_at__isnull', False)), fields=['mail_due_at'], name='notification_mail_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('membership', 'key'), name='notification_once_per_key'), models.CheckConstraint(condition=models.Q(('path__startswith', '/'), models.Q(('path__startswith', '//'), _negated=True)), name='notification_leads_inside')],
            },
        ),
        migrations.CreateModel(
            name='NotificationSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('in_product', models.BooleanField()),
                ('mail', models.CharField(choices=[('off', 'no mail'), ('at_once', 'at once'), ('daily', 'once a day')], max_length=10)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'notification_settings',
                'constraints': [models.UniqueConstraint(fields=('membership', 'kind'), name='notification_setting_once')],
            },
        ),
        seal("workspaces_notification"),
        seal("workspaces_notificationsetting"),
    ]

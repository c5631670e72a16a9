"""Has withdrawals keep the names and paths of what they remove, which are counted anew afterwards."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking", "0043_sessions_cut_anew")]

    operations = [
        migrations.AddField("withdrawal", "names", ArrayField(models.TextField(), default=list)),
        migrations.AddField("withdrawal", "paths", ArrayField(models.TextField(), default=list)),
    ]

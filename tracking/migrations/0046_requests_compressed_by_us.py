"""Has requests wait compressed by the process that took them, and no more by the database.

What waits meanwhile stays readable. Going back, drain the inbox first: an older version reads no compressed rows.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking", "0045_keys_of_one_length")]

    operations = [
        migrations.AddField("inboxrow", "size", models.IntegerField(null=True)),
        migrations.RunSQL(
            sql="alter table tracking_inboxrow alter events set storage external",
            reverse_sql="alter table tracking_inboxrow alter events set storage extended",
        ),
    ]

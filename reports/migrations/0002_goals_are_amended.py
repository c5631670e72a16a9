from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.AddField("fillstate", "amended_version", models.BigIntegerField(default=-1)),
        migrations.AddField("publication", "people_version", models.BigIntegerField(default=-1)),
    ]

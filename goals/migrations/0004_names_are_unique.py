from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0003_rows_get_names'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='objective',
            name='question',
        ),
        migrations.AlterField(
            model_name='objective',
            name='slug',
            field=models.SlugField(max_length=120),
        ),
        migrations.AlterField(
            model_name='target',
            name='slug',
            field=models.SlugField(max_length=140),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.UniqueConstraint(fields=('plan', 'slug'), name='objective_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.UniqueConstraint(fields=('kpi', 'slug'), name='target_slug_once'),
        ),
    ]

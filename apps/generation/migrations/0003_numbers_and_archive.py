from django.db import migrations, models

NUMBER_RUNS = """
UPDATE generation_run SET number = counted.number
FROM (SELECT id, row_number() OVER (PARTITION BY project_id ORDER BY id) AS number FROM generation_run) counted
WHERE generation_run.id = counted.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0002_run_prompts'),
    ]

    operations = [
        migrations.AddField(
            model_name='modelconfig',
            name='archived_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='number',
            field=models.PositiveIntegerField(default=0, help_text='counts the runs of the project, from 1'),
            preserve_default=False,
        ),
        migrations.RunSQL(NUMBER_RUNS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='run_number_once'),
        ),
    ]

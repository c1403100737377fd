from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('prompts', '0002_import_report'),
    ]

    operations = [
        migrations.AddField(
            model_name='promptimport',
            name='metadata_fields',
            field=models.JSONField(default=dict, help_text='how many usable lines put something under each name into the metadata'),
        ),
        migrations.AddField(
            model_name='promptimport',
            name='repeated',
            field=models.PositiveIntegerField(default=0, help_text='lines whose conversation an earlier line of the file had brought'),
        ),
    ]

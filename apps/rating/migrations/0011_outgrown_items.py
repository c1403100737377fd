from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rating', '0010_typed_outcomes'),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='is_outgrown',
            field=models.BooleanField(default=False, help_text='withdrawn since the rubric came to want items of another size'),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0008_one_filter")]

    operations = [
        migrations.AddField(
            model_name="modelconfig",
            name="waits_since",
            field=models.DateTimeField(
                help_text="its server has only asked for patience from then on; null: it answers", null=True
            ),
        ),
        migrations.AddField(
            model_name="modelconfig",
            name="waits_until",
            field=models.DateTimeField(help_text="nothing is sent to its server before", null=True),
        ),
    ]

from django.db import migrations, models


def forget(apps, schema_editor):
    """They are compared again when somebody looks."""
    apps.get_model("datasets", "SnapshotChange").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("datasets", "0007_frozen_clusters")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveField("snapshotchange", "added"),
        migrations.RemoveField("snapshotchange", "removed"),
        migrations.RemoveField("snapshotchange", "flipped"),
        migrations.AddField(
            "snapshotchange",
            "told",
            models.TextField(
                blank=True, default="", help_text="such as “+47 pairs”; empty where the rows are the same"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]

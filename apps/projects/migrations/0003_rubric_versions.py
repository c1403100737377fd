import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KEEP = """
CREATE FUNCTION projects_keep_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published rubric never changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER rubric_published_stays BEFORE UPDATE ON projects_rubric FOR EACH ROW
    WHEN (OLD.published_at IS NOT NULL AND (
        OLD.document IS DISTINCT FROM NEW.document OR OLD.version IS DISTINCT FROM NEW.version
        OR OLD.project_id IS DISTINCT FROM NEW.project_id
        OR OLD.published_at IS DISTINCT FROM NEW.published_at))
    EXECUTE FUNCTION projects_keep_rubric();
"""
LET_GO = """
DROP TRIGGER rubric_published_stays ON projects_rubric;
DROP FUNCTION projects_keep_rubric();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0002_skills_pauses_and_caps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='rubric_followed',
            field=models.PositiveIntegerField(default=1, help_text='the version of the rubric that items which nobody has begun stand under'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='rubric',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now, help_text='or, of a draft, when it was last saved'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='published_at',
            field=models.DateTimeField(default=django.utils.timezone.now, null=True),
        ),
        migrations.RunSQL('UPDATE projects_rubric SET published_at = created_at', migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='rubric',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('project',), name='rubric_one_draft'),
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
